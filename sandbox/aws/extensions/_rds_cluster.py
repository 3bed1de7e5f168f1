"""DB clusters: what they were told is kept and shown, Multi-AZ clusters have three members, deletion asks for a final snapshot.

moto drops monitoring and insights, knows neither gp3 nor I/O-Optimized storage, lets a second cluster take a name, deletes without
the final snapshot, changes neither log exports nor write forwarding, and can't restore a snapshot of a cluster whose password it does
not have.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from typing import Any

from sandbox.aws.extensions._rds_instance import _once, group_zones, refuse

STORAGE_ZONES = 3
"""Aurora keeps its storage in three zones."""
INSTANCES = 3
"""Members of a Multi-AZ DB cluster."""
_KEPT = (
    "database_insights_mode",
    "monitoring_interval",
    "monitoring_role_arn",
    "performance_insights_kms_key_id",
    "performance_insights_retention_period",
)


def install() -> None:
    """Patch moto's DB clusters."""
    from moto.rds.models import DBCluster, RDSBackend
    from moto.rds.responses import RDSResponse

    DBCluster.__init__ = _init(DBCluster.__init__)
    DBCluster.performance_insights_enabled = property(
        lambda cluster: bool(getattr(cluster, "enable_performance_insights", False))
    )
    DBCluster.default_allocated_storage = staticmethod(_storage(DBCluster.default_allocated_storage))
    DBCluster.get_cfg = _config
    RDSBackend.create_db_cluster = _create(RDSBackend.create_db_cluster)
    RDSBackend.modify_db_cluster = _modify(RDSBackend.modify_db_cluster)
    RDSBackend.create_auto_cluster_snapshot = _once(
        RDSBackend.create_auto_cluster_snapshot, "cluster_snapshots"
    )
    RDSBackend.create_subnet_group = _subnet_group(RDSBackend.create_subnet_group)
    RDSResponse.delete_db_cluster = _delete


def is_multi_az_cluster(cluster: Any) -> bool:
    """Whether it is a Multi-AZ DB cluster: not Aurora, with an instance class of its own."""
    return bool(cluster.db_cluster_instance_class) and not cluster.engine.startswith("aurora")


def _init(original: Callable[..., None]) -> Callable[..., None]:
    def init(self: Any, backend: Any, **given: Any) -> None:
        # moto refuses IAM authentication for Multi-AZ DB clusters, which have it.
        iam = given.pop("enable_iam_database_authentication", False)
        zones = group_zones(backend, given.get("db_subnet_group_name"))
        if zones and not given.get("availability_zones"):
            given["availability_zones"] = _three(zones, backend)
        if given.get("engine", "").startswith("aurora") and not given.get("storage_type"):
            given["storage_type"] = "aurora"
        original(self, backend, **given)
        self.iam_auth = iam
        self.enable_performance_insights = given.get("enable_performance_insights") or False
        for name in _KEPT:
            setattr(self, name, given.get(name))
        if given.get("master_user_password"):
            self._master_user_password = given["master_user_password"]

    return init


def _three(zones: list[str], backend: Any) -> list[str]:
    from moto.ec2.models import ec2_backends

    region = ec2_backends[backend.account_id][backend.region_name]
    others = [zone.name for zone in region.describe_availability_zones() if zone.name not in zones]
    return sorted([*zones, *others[: max(0, STORAGE_ZONES - len(zones))]][:STORAGE_ZONES])


def _storage(original: Callable[[str, str], int]) -> Callable[[str, str], int]:
    def default_allocated_storage(engine: str, storage_type: str) -> int:
        if storage_type in ("aurora", "aurora-iopt1"):
            return 1
        return original(engine, "io1" if storage_type in ("gp3", "io2") else storage_type)

    return default_allocated_storage


def _config(self: Any) -> dict[str, Any]:
    """What a restored cluster takes over: everything but its place in a global database and its managed password."""
    config = {key.removeprefix("_"): value for key, value in self.__dict__.items() if key != "backend"}
    # AWS restores with the password that the data has; moto doesn't know it for members that joined.
    config["master_user_password"] = config.get("master_user_password") or secrets.token_hex()
    for gone in (
        "global_cluster_identifier",
        "replication_source_identifier",
        "manage_master_user_password",
        "master_user_secret",
    ):
        config[gone] = None
    config["master_username"] = config.get("master_username") or "restored"
    config["enable_iam_database_authentication"] = config.pop("iam_auth")
    config.pop("performance_insights_enabled", None)
    return config


def _create(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_db_cluster(self: Any, asked: Any) -> Any:
        identifier = asked["db_cluster_identifier"]
        if identifier in self.clusters:
            raise refuse("DBClusterAlreadyExistsFault", f"DB Cluster {identifier} already exists")
        group = asked.get("db_subnet_group_name")
        if group and group != "default" and group not in self.subnet_groups:
            raise refuse("DBSubnetGroupNotFoundFault", f"DB subnet group {group} not found.")
        parameters = asked.get("db_cluster_parameter_group_name")
        known = (parameters or "") in self.db_cluster_parameter_groups
        if parameters and not known and not parameters.startswith("default."):
            raise refuse(
                "DBClusterParameterGroupNotFound", f"DBClusterParameterGroup not found: {parameters}"
            )
        cluster = original(self, asked)
        if is_multi_az_cluster(cluster):
            _add_members(self, cluster)
        return cluster

    return create_db_cluster


def _add_members(backend: Any, cluster: Any) -> None:
    zones = cluster.availability_zones
    for number in range(INSTANCES):
        backend.create_db_instance(
            {
                "db_instance_identifier": f"{cluster.db_cluster_identifier}-instance-{number + 1}",
                "db_instance_class": cluster.db_cluster_instance_class,
                "db_cluster_identifier": cluster.db_cluster_identifier,
                "engine": cluster.engine,
                "availability_zone": zones[number % len(zones)],
            }
        )


def _modify(original: Callable[..., Any]) -> Callable[..., Any]:
    def modify_db_cluster(self: Any, asked: Any) -> Any:
        identifier = asked["db_cluster_identifier"]
        cluster = self.describe_db_clusters(identifier)[0]
        exports = asked.pop("cloudwatch_logs_export_configuration", None) or {}
        gone = exports.get("DisableLogTypes") or []
        kept = [log for log in cluster.enabled_cloudwatch_logs_exports if log not in gone]
        more = [log for log in exports.get("EnableLogTypes") or [] if log not in kept]
        cluster.enabled_cloudwatch_logs_exports = kept + more
        if "enable_iam_database_authentication" in asked:
            cluster.iam_auth = asked.pop("enable_iam_database_authentication")
        if "enable_global_write_forwarding" in asked:
            cluster._global_write_forwarding_requested = asked.pop("enable_global_write_forwarding")  # noqa: SLF001
        if password := asked.pop("master_user_password", None):
            cluster.master_user_password = password
        return original(self, asked)

    return modify_db_cluster


def _delete(self: Any) -> Any:
    from moto.core.responses import ActionResult

    backend, asked = self.backend, self.params
    cluster = backend.describe_db_clusters(asked.get("DBClusterIdentifier"))[0]
    identifier, final = cluster.db_cluster_identifier, asked.get("FinalDBSnapshotIdentifier")
    if cluster.deletion_protection:
        raise refuse(
            "InvalidParameterCombination",
            "Cannot delete protected Cluster, please disable deletion protection and try again.",
        )
    if cluster.global_cluster_identifier:
        raise refuse(
            "InvalidDBClusterStateFault",
            "This cluster is a part of a global cluster, please remove it from globalcluster first",
        )
    if bool(final) == bool(asked.get("SkipFinalSnapshot")):
        raise refuse(
            "InvalidParameterCombination",
            "FinalDBSnapshotIdentifier is required unless SkipFinalSnapshot is specified, and not allowed then.",
        )
    if is_multi_az_cluster(cluster):
        for member in cluster.members:
            backend.delete_db_instance(member.db_instance_identifier, skip_final_snapshot=True)
    deleted = backend.delete_db_cluster(cluster_identifier=identifier, snapshot_name=final)
    if asked.get("DeleteAutomatedBackups", True):
        for name, snapshot in list(backend.cluster_snapshots.items()):
            if snapshot.db_cluster_identifier == identifier and snapshot.snapshot_type == "automated":
                del backend.cluster_snapshots[name]
    return ActionResult({"DBCluster": deleted})


def _subnet_group(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_subnet_group(
        self: Any, subnet_name: str, description: str, subnets: list[Any], tags: Any
    ) -> Any:
        if subnet_name in self.subnet_groups:
            raise refuse("DBSubnetGroupAlreadyExists", f"The DB subnet group '{subnet_name}' already exists.")
        if len({subnet.availability_zone for subnet in subnets}) < 2:  # noqa: PLR2004
            raise refuse(
                "DBSubnetGroupDoesNotCoverEnoughAZs",
                "The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement: add subnets to "
                "cover at least 2 AZs.",
            )
        return original(self, subnet_name, description, subnets, tags)

    return create_subnet_group

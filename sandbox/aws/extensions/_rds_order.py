"""What clusters that replicate insist on: whose user they have, the order of upgrades, and which instance goes last.

Sources: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-upgrade.html (major versions by the global
cluster; of minor ones the secondaries first), https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_DeleteDBInstance.html.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from typing import Any

from sandbox.aws.extensions._rds_instance import refuse


def install() -> None:
    """Patch moto's RDS."""
    from moto.rds.models import RDSBackend

    RDSBackend.create_db_cluster = _create(RDSBackend.create_db_cluster)
    RDSBackend.modify_db_cluster = _modify(RDSBackend.modify_db_cluster)
    RDSBackend.delete_db_instance = _delete(RDSBackend.delete_db_instance)


def _create(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_db_cluster(self: Any, asked: Any) -> Any:
        if asked.get("global_cluster_identifier") and asked.get("manage_master_user_password"):
            raise refuse(
                "InvalidParameterCombination",
                "A global database can't use a master password that RDS manages",
            )
        source = asked.get("replication_source_identifier") or ""
        if source.startswith("arn:") and source.split(":")[3] != self.region_name:
            _take_user(asked, source)
        return original(self, asked)

    return create_db_cluster


def _take_user(asked: Any, source: str) -> None:
    """A replica of another region's cluster has that one's user, and takes none of its own."""
    from moto.rds.models import find_cluster

    if asked.get("master_username") or asked.get("master_user_password"):
        raise refuse(
            "InvalidParameterCombination", "Cannot specify user name for cross region replication cluster"
        )
    # moto wants a password and shows none; nobody logs in here.
    asked["master_username"] = find_cluster(source).master_username
    asked["master_user_password"] = secrets.token_urlsafe()


def parts(version: str) -> tuple[int, ...]:
    """A version's numbers, to be compared. Of Aurora MySQL those of Aurora: `8.0.mysql_aurora.3.08.0` is 3.8.0."""
    return tuple(int(number) for number in re.findall(r"\d+", version.rpartition("aurora.")[2]))


def check_global_upgrade(cluster: Any, version: str, *, major_allowed: bool) -> None:
    """Raise AWS's refusal of a global cluster's new version."""
    now, then = parts(cluster.engine_version), parts(version)
    if then[:1] != now[:1] and not major_allowed:
        raise refuse(
            "InvalidParameterCombination",
            "The AllowMajorVersionUpgrade flag must be present when upgrading to a new major version.",
        )
    if then[:1] == now[:1] and then != now and cluster.engine == "aurora-mysql":
        raise refuse(
            "InvalidParameterValue",
            "ModifyGlobalCluster with EngineVersion can only be used for Major Version Upgrades of aurora-mysql: "
            "upgrade the secondary clusters, then the primary one",
        )


def _modify(original: Callable[..., Any]) -> Callable[..., Any]:
    def modify_db_cluster(self: Any, asked: Any) -> Any:
        cluster = self.describe_db_clusters(asked["db_cluster_identifier"])[0]
        version = asked.get("engine_version")
        if version and cluster.global_cluster_identifier:
            _check_member(cluster, version)
        return original(self, asked)

    return modify_db_cluster


def _check_member(cluster: Any, version: str) -> None:
    if parts(version)[:1] != parts(cluster.engine_version)[:1]:
        raise refuse(
            "InvalidParameterCombination",
            f"{cluster.db_cluster_identifier} is in global cluster {cluster.global_cluster_identifier}: a major version "
            "upgrade is made by ModifyGlobalCluster",
        )
    behind = [m.db_cluster_arn for m in _others(cluster) if parts(m.engine_version) < parts(version)]
    if cluster.is_writer and behind:
        raise refuse(
            "InvalidParameterValue",
            f"Cannot upgrade DB cluster '{cluster.db_cluster_identifier}' to engine version {version} as global replica(s) are "
            "running lower version. Please upgrade global replicas first before upgrading the primary member.",
        )


def _others(cluster: Any) -> list[Any]:
    """The other members of its global database."""
    from moto.rds.models import rds_backends

    known = rds_backends[cluster.backend.account_id]["us-east-1"].global_clusters
    found = known.get(cluster.global_cluster_identifier)
    return [member for member in found.members if member is not cluster] if found else []


def _delete(original: Callable[..., Any]) -> Callable[..., Any]:
    def delete_db_instance(self: Any, db_instance_identifier: str, **given: Any) -> Any:
        _check_last(self, self.describe_db_instances(db_instance_identifier)[0])
        return original(self, db_instance_identifier, **given)

    return delete_db_instance


def _check_last(backend: Any, instance: Any) -> None:
    name = instance.db_cluster_identifier
    cluster = backend.clusters.get(name) if name else None
    if cluster is None or [m for m in cluster.members if m is not instance]:
        return
    if cluster.global_cluster_identifier:
        if cluster.is_writer and _others(cluster):
            raise refuse(
                "InvalidDBClusterStateFault",
                "Cannot delete the last instance of the master cluster. Delete the replica cluster before deleting the last "
                "master cluster instance.",
            )
    elif cluster.replication_source_identifier:
        raise refuse(
            "InvalidDBClusterStateFault",
            "Cannot delete the last instance of the read replica DB cluster. Promote the DB cluster to a standalone DB cluster "
            "in order to delete it.",
        )

"""Aurora global databases: members join, switch over, fail over and leave, from any region that answers.

moto creates and lists global clusters, but fails none over, changes none, removes no member and shows writers in regions that don't
write.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws import faults
from sandbox.aws.clockwork import databases
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._rds_instance import refuse
from sandbox.aws.extensions._rds_order import check_global_upgrade


def install() -> None:
    """Patch moto's global clusters."""
    from moto.rds.models import DBCluster, GlobalCluster, RDSBackend
    from moto.rds.responses import RDSResponse

    RDSBackend.create_db_cluster = _join(RDSBackend.create_db_cluster)
    DBCluster.db_cluster_members = property(_members(DBCluster.db_cluster_members.fget))
    DBCluster.failover = _local_failover(DBCluster.failover)
    GlobalCluster.global_cluster_members = property(_shown)
    for operation in (create, describe, modify, delete, remove, failover, switchover):
        setattr(RDSResponse, _OPERATIONS[operation], operation)
    RDSBackend._get_resource_for_tagging = _tagged(RDSBackend._get_resource_for_tagging)  # noqa: SLF001


def _find(response: Any) -> Any:
    identifier = response.params["GlobalClusterIdentifier"]
    found = response.global_backend.global_clusters.get(identifier)
    if found is None:
        raise refuse("GlobalClusterNotFoundFault", f"Global cluster {identifier} not found")
    return found


def _answer(cluster: Any) -> Any:
    from moto.core.responses import ActionResult

    return ActionResult({"GlobalCluster": cluster})


def create(self: Any) -> Any:
    """CreateGlobalCluster, empty or around a cluster of the region that is asked, with tags; refuses a name that is taken."""
    asked = self.params
    identifier = asked["GlobalClusterIdentifier"]
    if identifier in self.global_backend.global_clusters:
        raise refuse("GlobalClusterAlreadyExistsFault", f"Global cluster {identifier} already exists")
    given = [asked.get(key) for key in ("Engine", "EngineVersion", "StorageEncrypted")]
    source = _source(self, asked.get("SourceDBClusterIdentifier"), given)
    made = self.global_backend.create_global_cluster(
        global_cluster_identifier=identifier,
        source_db_cluster_identifier=None,
        engine=source.engine if source else given[0],
        engine_version=source.engine_version if source else given[1],
        storage_encrypted=source.storage_encrypted if source else given[2],
        deletion_protection=asked.get("DeletionProtection"),
    )
    made.tags = asked.get("Tags") or []
    made.database_name = asked.get("DatabaseName")
    if source:
        source.global_cluster_identifier = identifier
        source.is_writer = True
        made.members.append(source)
    return _answer(made)


def _source(response: Any, arn: str | None, given: list[Any]) -> Any:
    """The cluster that a global database is made around, and that brings engine, version and encryption."""
    if arn is None:
        return None
    if any(value is not None for value in given):
        raise refuse(
            "InvalidParameterCombination",
            "Engine, EngineVersion and StorageEncrypted can't be specified with SourceDBClusterIdentifier: the source cluster has them",
        )
    (found,) = response.backend.describe_db_clusters(arn)
    if found.global_cluster_identifier:
        raise refuse("InvalidDBClusterStateFault", f"{arn} is in a global cluster already")
    return found


def describe(self: Any) -> Any:
    """DescribeGlobalClusters, of one when one is asked for."""
    from moto.core.responses import ActionResult

    found = [_find(self)] if self.params.get("GlobalClusterIdentifier") else None
    everything = self.global_backend.describe_global_clusters()
    return ActionResult({"GlobalClusters": everything if found is None else found})


def modify(self: Any) -> Any:
    """ModifyGlobalCluster; a new engine version reaches every member."""
    cluster, asked = _find(self), self.params
    if asked.get("DeletionProtection") is not None:
        cluster.deletion_protection = asked["DeletionProtection"]
    if version := asked.get("EngineVersion"):
        check_global_upgrade(cluster, version, major_allowed=bool(asked.get("AllowMajorVersionUpgrade")))
        cluster.engine_version = version
        for member in cluster.members:
            member.engine_version = version
    if name := asked.get("NewGlobalClusterIdentifier"):
        known = self.global_backend.global_clusters
        known[name] = known.pop(cluster.global_cluster_identifier)
        cluster.global_cluster_identifier = name
        for member in cluster.members:
            member.global_cluster_identifier = name
    return _answer(cluster)


def delete(self: Any) -> Any:
    """DeleteGlobalCluster, of one without protection and members."""
    cluster = _find(self)
    if cluster.deletion_protection:
        raise refuse(
            "InvalidParameterCombination",
            "Cannot delete protected Cluster, please disable deletion protection and try again.",
        )
    return _answer(self.global_backend.delete_global_cluster(cluster.global_cluster_identifier))


def remove(self: Any) -> Any:
    """RemoveFromGlobalCluster: the member is a cluster of its own then; the one that writes leaves last."""
    cluster = _find(self)
    member = _member(cluster, self.params["DbClusterIdentifier"])
    if member.is_writer and len(cluster.members) > 1:
        raise refuse(
            "InvalidGlobalClusterStateFault",
            f"{member.db_cluster_arn} writes: remove the other members of {cluster.global_cluster_identifier} first",
        )
    cluster.members.remove(member)
    member.global_cluster_identifier = None
    member.is_writer = False
    _replicate(cluster, None if member.replication_source_identifier is None else _writer(cluster))
    member.replication_source_identifier = None
    member.read_replica_identifiers = []
    return _answer(cluster)


def failover(self: Any) -> Any:
    """FailoverGlobalCluster; without AllowDataLoss it is a switchover, as AWS says."""
    return _move(self, lossy=bool(self.params.get("AllowDataLoss")))


def switchover(self: Any) -> Any:
    """SwitchoverGlobalCluster: no loss, so every member must answer."""
    return _move(self, lossy=False)


def _move(self: Any, *, lossy: bool) -> Any:
    cluster = _find(self)
    target = _member(cluster, self.params["TargetDbClusterIdentifier"])
    if target.is_writer:
        raise refuse("InvalidDBClusterStateFault", f"{target.db_cluster_arn} already writes")
    if not target.members:
        raise refuse("InvalidDBClusterStateFault", f"{target.db_cluster_arn} has no DB instance to promote")
    lost = [member.db_cluster_arn for member in cluster.members if faults.TABLE.region_lost(member.region)]
    if lost and not lossy:
        raise refuse(
            "InvalidGlobalClusterStateFault",
            f"A switchover needs every member, {', '.join(lost)} can't be reached; fail over with AllowDataLoss",
        )
    if cluster.status != databases.AVAILABLE:
        raise refuse(
            "InvalidGlobalClusterStateFault", f"{cluster.global_cluster_identifier} is {cluster.status}"
        )
    databases.hand_over(cluster, target, lossy=lossy)
    cluster.status = "failing-over" if lossy else "switching-over"

    def take_over() -> None:
        cluster.status = databases.AVAILABLE
        for member in cluster.members:
            member.is_writer = member is target
        cluster.members.sort(key=lambda member: not member.is_writer)
        _replicate(cluster, target)
        databases.promoted(target)

    CLOCK.after(CLOCK.lasts("aurora.global_failover"), take_over)
    return _answer(cluster)


def _member(cluster: Any, wanted: str) -> Any:
    for member in cluster.members:
        if wanted in (member.db_cluster_arn, member.db_cluster_identifier):
            return member
    raise refuse(
        "InvalidParameterValue",
        f"DB cluster {wanted} is not found in global cluster {cluster.global_cluster_identifier}",
    )


def _writer(cluster: Any) -> Any:
    return next((member for member in cluster.members if member.is_writer), None)


def _replicate(cluster: Any, writer: Any) -> None:
    """Every other member replicates from the one that writes."""
    for member in cluster.members:
        reads = writer is not None and member is not writer
        member.replication_source_identifier = writer.db_cluster_arn if reads else None
        member.read_replica_identifiers = (
            [other.db_cluster_arn for other in cluster.members if other is not member]
            if member is writer
            else []
        )


def _join(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_db_cluster(self: Any, asked: Any) -> Any:
        from moto.rds.models import rds_backends

        name = asked.get("global_cluster_identifier")
        if not name:
            return original(self, asked)
        # moto keeps global clusters with one region's.
        cluster = rds_backends[self.account_id]["us-east-1"].global_clusters.get(name)
        if cluster is None:
            raise refuse("GlobalClusterNotFoundFault", f"Global cluster {name} not found")
        credentials = asked.get("master_username") or asked.get("master_user_password")
        if cluster.members and credentials:
            raise refuse(
                "InvalidParameterCombination", "Cannot specify user name for cross region replication cluster"
            )
        if not cluster.members and not (asked.get("master_username") and asked.get("master_user_password")):
            raise refuse(
                "InvalidParameterValue",
                "The parameter MasterUsername must be provided and must not be blank.",
            )
        if asked.get("engine") != cluster.engine:
            raise refuse(
                "InvalidParameterCombination", f"Global cluster {name} is of engine {cluster.engine}"
            )
        if any(member.region == self.region_name for member in cluster.members):
            raise refuse(
                "InvalidParameterCombination", f"Global cluster {name} has a member in {self.region_name}"
            )
        made = original(self, asked)
        _replicate(cluster, _writer(cluster))
        return made

    return create_db_cluster


def _members(original: Callable[[Any], list[dict[str, Any]]]) -> Callable[[Any], list[dict[str, Any]]]:
    def db_cluster_members(self: Any) -> list[dict[str, Any]]:
        members = original(self)
        if self.global_cluster_identifier and not self.is_writer:
            for member in members:
                member["IsClusterWriter"] = False
        return members

    return db_cluster_members


def _local_failover(original: Callable[..., None]) -> Callable[..., None]:
    def failover_in_region(self: Any, target: Any) -> None:
        if self.global_cluster_identifier and not self.is_writer:
            raise refuse(
                "InvalidDBClusterStateFault",
                f"{self.db_cluster_identifier} has no writer: it reads from another region",
            )
        original(self, target)

    return failover_in_region


def _shown(cluster: Any) -> list[dict[str, Any]]:
    writer = _writer(cluster)
    return [
        {
            "DBClusterArn": member.db_cluster_arn,
            "IsWriter": member is writer,
            "Readers": [m.db_cluster_arn for m in cluster.members if m is not writer]
            if member is writer
            else [],
            "SynchronizationStatus": "connected",
            **({} if member is writer else {"GlobalWriteForwardingStatus": _forwarding(member)}),
        }
        for member in cluster.members
    ]


def _forwarding(member: Any) -> str:
    return "enabled" if member.global_write_forwarding_requested else "disabled"


def _tagged(original: Callable[..., Any]) -> Callable[..., Any]:
    def get_resource(self: Any, arn: str) -> Any:
        from moto.rds.models import rds_backends

        if ":global-cluster:" not in arn:
            return original(self, arn)
        clusters = rds_backends[self.account_id]["us-east-1"].global_clusters
        return clusters.get(arn.rsplit(":", 1)[-1])

    return get_resource


_OPERATIONS = {
    create: "create_global_cluster",
    describe: "describe_global_clusters",
    modify: "modify_global_cluster",
    delete: "delete_global_cluster",
    remove: "remove_from_global_cluster",
    failover: "failover_global_cluster",
    switchover: "switchover_global_cluster",
}

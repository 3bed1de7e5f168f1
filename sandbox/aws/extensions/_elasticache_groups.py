"""Replication groups: made over zones, changed, failed over, deleted."""

from __future__ import annotations

from typing import Any

from sandbox.aws.extensions import _elasticache_checks as checks
from sandbox.aws.extensions._elasticache_shown import shown, shown_clusters
from sandbox.aws.extensions._elasticache_store import (
    DATASTORES,
    Datastore,
    Document,
    Group,
    answer,
    refuse,
    store_of,
    tag,
)
from sandbox.aws.extensions._elasticache_subnets import zones

USUAL = {"redis": "7.1", "valkey": "8.1"}
"""Version that AWS takes when none is asked for."""


def _family(engine: str, version: str) -> str:
    """AWS's own parameter group."""
    return f"default.{engine}{version.split('.', maxsplit=1)[0]}"


def create_replication_group(self: Any) -> Any:
    """Answer `CreateReplicationGroup`: a group of its own, or one that joins a Global Datastore."""
    asked: Document = dict(self.params)
    name = asked["ReplicationGroupId"].lower()
    groups = store_of(self).groups
    if name in groups:
        raise refuse("ReplicationGroupAlreadyExists", f"Replication group {name} already exists.")
    datastore = checks.joined(asked, self.region)
    primary = datastore.primary if datastore else None
    engine = primary.engine if primary else str(asked.get("Engine") or "redis").lower()
    version = primary.version if primary else str(asked.get("EngineVersion") or USUAL[engine])
    parameters = str(asked.get("CacheParameterGroupName") or _family(engine, version))
    shards, replicas = _size(asked, primary)
    made = Group(
        account=self.current_account,
        region=self.region,
        id=name,
        said=asked,
        engine=engine,
        version=version,
        node_type=primary.node_type if primary else str(asked.get("CacheNodeType") or ""),
        parameters=f"global-datastore-{name}" if datastore else parameters,
        shards=shards,
        replicas=replicas,
        sharded=primary.sharded if primary else checks.cluster_mode(store_of(self), asked, parameters),
        zones=zones(self.elasticache_backend, asked["CacheSubnetGroupName"])
        if asked.get("CacheSubnetGroupName")
        else [f"{self.region}{letter}" for letter in "abc"],
        automatic_failover=primary.automatic_failover
        if primary
        else bool(asked.get("AutomaticFailoverEnabled")),
        multi_az=primary.multi_az if primary else bool(asked.get("MultiAZEnabled")),
        encrypted=primary.encrypted
        if primary
        else bool(asked.get("AtRestEncryptionEnabled", engine == "valkey")),
        tls=primary.tls if primary else bool(asked.get("TransitEncryptionEnabled", engine == "valkey")),
    )
    checks.group(self, made)
    if datastore:
        _join(made, datastore)
    groups[name] = made
    tag(self, made.arn)
    return answer({"ReplicationGroup": shown(made)})


def _size(asked: Document, primary: Group | None) -> tuple[int, int]:
    """Shards, and replicas of each."""
    shards = primary.shards if primary else int(asked.get("NumNodeGroups") or 1)
    if asked.get("NumCacheClusters"):
        return shards, int(asked["NumCacheClusters"]) - 1
    told = asked.get("ReplicasPerNodeGroup")
    return shards, int(told if told is not None else primary.replicas if primary else 0)


def _join(made: Group, datastore: Datastore) -> None:
    made.datastore, made.role = datastore.id, "SECONDARY"
    datastore.members.append(made)


def found(self: Any) -> Group:
    """The group that a request names."""
    name, groups = str(self.params["ReplicationGroupId"]).lower(), store_of(self).groups
    if name not in groups:
        raise refuse("ReplicationGroupNotFoundFault", f"ReplicationGroup {name} not found.")
    return groups[name]


def describe_replication_groups(self: Any) -> Any:
    """Answer `DescribeReplicationGroups`, of one when one is asked for."""
    one = self.params.get("ReplicationGroupId")
    groups = [found(self)] if one else store_of(self).groups.values()
    return answer({"ReplicationGroups": [shown(group) for group in groups]})


def describe_cache_clusters(self: Any) -> Any:
    """Answer `DescribeCacheClusters`: single caches, and the nodes of replication groups."""
    nodes = {
        node["CacheClusterId"]: node
        for group in store_of(self).groups.values()
        for node in shown_clusters(group)
    }
    one = self.params.get("CacheClusterId")
    if one in nodes:
        return answer({"CacheClusters": [nodes[one]]})
    single = self.elasticache_backend.describe_cache_clusters(cache_cluster_id=one)
    return answer({"CacheClusters": [*single, *([] if one else nodes.values())]})


CHANGED = {
    "CacheParameterGroupName": "parameters",
    "CacheNodeType": "node_type",
    "EngineVersion": "version",
    "Engine": "engine",
    "AutomaticFailoverEnabled": "automatic_failover",
    "MultiAZEnabled": "multi_az",
}
"""What a change of a group that is in no datastore may say."""


def modify_replication_group(self: Any) -> Any:
    """Answer `ModifyReplicationGroup`; what a datastore says of its members can't be changed in one of them."""
    group, asked = found(self), dict(self.params)
    mine = CHANGED.keys() & asked.keys()
    moved = [name for name in mine if asked[name] != getattr(group, CHANGED[name])]
    if group.datastore and moved:
        raise refuse(
            "InvalidParameterValue",
            f"Cluster [{group.id}] is part of a global cluster [{group.datastore}]. Request rejected.",
        )
    before = {name: getattr(group, CHANGED[name]) for name in moved}
    for name in moved:
        setattr(group, CHANGED[name], asked[name])
    users = [u for u in group.said.get("UserGroupIds", ()) if u not in asked.get("UserGroupIdsToRemove", ())]
    users += [u for u in asked.get("UserGroupIdsToAdd", ()) if u not in users]
    old, group.said = group.said, {**group.said, **asked, "UserGroupIds": users}
    try:
        checks.group(self, group)
    except Exception:
        group.said = old
        for name, value in before.items():
            setattr(group, CHANGED[name], value)
        raise
    return answer({"ReplicationGroup": shown(group)})


def increase_replica_count(self: Any) -> Any:
    """Answer `IncreaseReplicaCount`."""
    return _resized(self, more=True)


def decrease_replica_count(self: Any) -> Any:
    """Answer `DecreaseReplicaCount`."""
    return _resized(self, more=False)


def _resized(self: Any, *, more: bool) -> Any:
    group, wanted = found(self), int(self.params["NewReplicaCount"])
    if (wanted <= group.replicas) if more else (wanted >= group.replicas):
        way = "more" if more else "less"
        raise refuse("InvalidParameterValue", f"NewReplicaCount must be {way} than {group.replicas}.")
    before, group.replicas = group.replicas, wanted
    try:
        checks.group(self, group)
    except Exception:
        group.replicas = before
        raise
    return answer({"ReplicationGroup": shown(group)})


def test_failover(self: Any) -> Any:
    """Answer `TestFailover`: the next node of the shard writes."""
    group, shard = found(self), int(self.params["NodeGroupId"])
    if not group.automatic_failover:
        raise refuse("InvalidReplicationGroupState", "Automatic failover must be enabled.")
    if not 1 <= shard <= group.shards:
        raise refuse("NodeGroupNotFoundFault", f"Node group {self.params['NodeGroupId']} not found.")
    group.primaries[shard] = (group.primaries.get(shard, 0) + 1) % (group.replicas + 1)
    return answer({"ReplicationGroup": shown(group)})


def delete_replication_group(self: Any) -> Any:
    """Answer `DeleteReplicationGroup`, of one that is in no datastore; with a last snapshot when one is asked for."""
    group = found(self)
    if group.datastore:
        datastore = DATASTORES[group.datastore]
        raise refuse(
            "InvalidReplicationGroupState",
            f"Replication group {group.id} is {group.role.lower()} in {datastore.id}: take it out, or delete the datastore first.",
        )
    if name := self.params.get("FinalSnapshotIdentifier"):
        _snapshot(self, group, name)
    del store_of(self).groups[group.id]
    return answer({"ReplicationGroup": {**shown(group), "Status": "deleting"}})


def _snapshot(self: Any, group: Group, name: str) -> None:
    from moto.elasticache.models import Snapshot

    taken = self.elasticache_backend.snapshots
    if name in taken:
        raise refuse("SnapshotAlreadyExistsFault", f"Snapshot {name} already exists.")
    given = dict.fromkeys(Snapshot.__init__.__annotations__)
    given |= {
        "account_id": group.account,
        "region_name": group.region,
        "engine": group.engine,
        "engine_version": group.version,
        "cache_node_type": group.node_type,
        "num_node_groups": group.shards,
        "replication_group_id": group.id,
        "replication_group_description": group.said["ReplicationGroupDescription"],
        "snapshot_name": name,
        "snapshot_source": "manual",
        "snapshot_status": "available",
        "tags": [],
    }
    taken[name] = Snapshot(**given)


OPERATIONS = (
    create_replication_group,
    describe_replication_groups,
    describe_cache_clusters,
    modify_replication_group,
    increase_replica_count,
    decrease_replica_count,
    test_failover,
    delete_replication_group,
)

"""Global Datastores: members join, are promoted and leave, from any region that answers."""

from __future__ import annotations

from typing import Any

from sandbox.aws import faults
from sandbox.aws.clockwork import stores
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions import _elasticache_checks as checks
from sandbox.aws.extensions._elasticache_store import (
    DATASTORES,
    PREFIXES,
    Datastore,
    Document,
    Group,
    answer,
    refuse,
    store,
    store_of,
)


def _shown(datastore: Datastore) -> Document:
    first = datastore.primary
    return {
        "GlobalReplicationGroupId": datastore.id,
        "GlobalReplicationGroupDescription": datastore.description,
        "Status": datastore.status,
        "CacheNodeType": first.node_type,
        "Engine": first.engine,
        "EngineVersion": first.full_version,
        "ClusterEnabled": first.sharded,
        "GlobalNodeGroups": [
            {"GlobalNodeGroupId": f"{datastore.id}-{shard:04}"} for shard in range(1, first.shards + 1)
        ]
        if first.sharded
        else [],
        "AuthTokenEnabled": bool(first.said.get("AuthToken")),
        "TransitEncryptionEnabled": first.tls,
        "AtRestEncryptionEnabled": first.encrypted,
        "ARN": f"arn:aws:elasticache::{datastore.account}:globalreplicationgroup:{datastore.id}",
        "Members": [
            {
                "ReplicationGroupId": member.id,
                "ReplicationGroupRegion": member.region,
                "Role": member.role,
                "AutomaticFailover": "enabled" if member.automatic_failover else "disabled",
                "Status": "associated",
            }
            for member in datastore.members
        ],
    }


def _answer(datastore: Datastore) -> Any:
    return answer({"GlobalReplicationGroup": _shown(datastore)})


def _found(self: Any) -> Datastore:
    name = self.params["GlobalReplicationGroupId"]
    found = DATASTORES.get(name)
    if found is None or found.account != self.current_account:
        raise refuse("GlobalReplicationGroupNotFoundFault", f"Global replication group {name} not found.")
    return found


def _member(datastore: Datastore, name: str, region: str) -> Group:
    for member in datastore.members:
        if (member.id, member.region) == (name.lower(), region):
            return member
    raise refuse(
        "InvalidParameterValue",
        f"Replication group {name} in {region} is not associated with {datastore.id}.",
    )


def create_global_replication_group(self: Any) -> Any:
    """Answer `CreateGlobalReplicationGroup`, around a group of the region that is asked."""
    asked = self.params
    prefix = PREFIXES.get(self.region)
    if prefix is None:
        raise refuse("InvalidParameterValue", f"Global Datastore is not supported in {self.region}.")
    name = f"{prefix}-{asked['GlobalReplicationGroupIdSuffix']}"
    if name in DATASTORES:
        raise refuse(
            "GlobalReplicationGroupAlreadyExistsFault", f"Global replication group {name} already exists."
        )
    group = store_of(self).groups.get(asked["PrimaryReplicationGroupId"].lower())
    if group is None:
        raise refuse(
            "ReplicationGroupNotFoundFault",
            f"ReplicationGroup {asked['PrimaryReplicationGroupId']} not found.",
        )
    checks.founding(group)
    description = asked.get("GlobalReplicationGroupDescription") or " "
    made = DATASTORES[name] = Datastore(name, self.current_account, description, [group])
    # AWS gives each member a copy of its parameter group.
    group.datastore, group.role, group.parameters = name, "PRIMARY", f"global-datastore-{group.id}"
    return _answer(made)


def describe_global_replication_groups(self: Any) -> Any:
    """Answer `DescribeGlobalReplicationGroups`, of one when one is asked for."""
    one = self.params.get("GlobalReplicationGroupId")
    every = [d for d in DATASTORES.values() if d.account == self.current_account]
    found = [_shown(datastore) for datastore in ([_found(self)] if one else every)]
    if not self.params.get("ShowMemberInfo"):
        found = [{key: value for key, value in each.items() if key != "Members"} for each in found]
    return answer({"GlobalReplicationGroups": found})


def modify_global_replication_group(self: Any) -> Any:
    """Answer `ModifyGlobalReplicationGroup`: what it says reaches every member."""
    datastore, asked = _found(self), self.params
    if (wanted := asked.get("CacheNodeType")) is not None:
        checks.node_type(wanted)
    if (version := asked.get("EngineVersion")) is not None:
        _upgrade(datastore.primary, version)
    for member in datastore.members:
        member.node_type = asked.get("CacheNodeType") or member.node_type
        member.version = version or member.version
        member.engine = asked.get("Engine") or member.engine
        if asked.get("AutomaticFailoverEnabled") is not None:
            member.automatic_failover = bool(asked["AutomaticFailoverEnabled"])
    datastore.description = asked.get("GlobalReplicationGroupDescription") or datastore.description
    return _answer(datastore)


def _upgrade(primary: Group, version: str) -> None:
    def number(text: str) -> list[int]:
        return [int(part) for part in text.split(".") if part.isdigit()][:2]

    if number(version) < number(primary.version):
        raise refuse("InvalidParameterValue", f"{primary.version} can't be downgraded to {version}.")


def increase_node_groups_in_global_replication_group(self: Any) -> Any:
    """Answer `IncreaseNodeGroupsInGlobalReplicationGroup`."""
    return _reshard(self, more=True)


def decrease_node_groups_in_global_replication_group(self: Any) -> Any:
    """Answer `DecreaseNodeGroupsInGlobalReplicationGroup`."""
    return _reshard(self, more=False)


def _reshard(self: Any, *, more: bool) -> Any:
    datastore, wanted = _found(self), int(self.params["NodeGroupCount"])
    now = datastore.primary.shards
    if not datastore.primary.sharded or ((wanted <= now) if more else (wanted >= now)):
        raise refuse(
            "InvalidParameterValue", f"NodeGroupCount {wanted}: {datastore.id} has {now} node groups."
        )
    for member in datastore.members:
        member.shards = wanted
    return _answer(datastore)


def failover_global_replication_group(self: Any) -> Any:
    """Answer `FailoverGlobalReplicationGroup`: a secondary of a region that answers writes now."""
    datastore, asked = _found(self), self.params
    target = _member(datastore, asked["PrimaryReplicationGroupId"], asked["PrimaryRegion"])
    if target.role == "PRIMARY":
        raise refuse("InvalidParameterValue", f"{target.id} in {target.region} is the primary already.")
    if faults.TABLE.region_lost(target.region):
        raise refuse("InvalidGlobalReplicationGroupState", f"{target.region} does not answer.")
    if datastore.moving:
        raise refuse("InvalidGlobalReplicationGroupState", f"{datastore.id} is modifying.")

    def promoted() -> None:
        stores.cache_moves(target)
        datastore.moving = False
        for member in datastore.members:
            member.role = "PRIMARY" if member is target else "SECONDARY"
        CLOCK.note("ElastiCache", f"{target.id} writes", target.region)

    datastore.moving = True
    CLOCK.after(CLOCK.lasts("elasticache.global_failover"), promoted)
    return _answer(datastore)


def disassociate_global_replication_group(self: Any) -> Any:
    """Answer `DisassociateGlobalReplicationGroup`: the secondary is a group of its own then."""
    datastore, asked = _found(self), self.params
    member = _member(datastore, asked["ReplicationGroupId"], asked["ReplicationGroupRegion"])
    if member.role == "PRIMARY":
        raise refuse(
            "InvalidParameterValue", f"{member.id} is the primary of {datastore.id}, which a datastore keeps."
        )
    datastore.members.remove(member)
    member.datastore, member.role = None, "PRIMARY"
    return _answer(datastore)


def delete_global_replication_group(self: Any) -> Any:
    """Answer `DeleteGlobalReplicationGroup`, of one without secondaries; its primary stays when that is asked for."""
    datastore = _found(self)
    if len(datastore.members) > 1:
        others = ", ".join(m.region for m in datastore.members if m.role == "SECONDARY")
        raise refuse("InvalidGlobalReplicationGroupState", f"{datastore.id} has secondaries in {others}.")
    shown = {**_shown(datastore), "Status": "deleting"}
    (last,) = datastore.members
    last.datastore = None
    if not self.params.get("RetainPrimaryReplicationGroup"):
        del store(last.account, last.region).groups[last.id]
    del DATASTORES[datastore.id]
    return answer({"GlobalReplicationGroup": shown})


OPERATIONS = (
    create_global_replication_group,
    describe_global_replication_groups,
    modify_global_replication_group,
    increase_node_groups_in_global_replication_group,
    decrease_node_groups_in_global_replication_group,
    failover_global_replication_group,
    disassociate_global_replication_group,
    delete_global_replication_group,
)

"""What ElastiCache refuses of replication groups, by their parts and by the datastore that they join.

Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html,
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html
"""

from __future__ import annotations

import re
from typing import Any

from sandbox.aws.extensions._elasticache_parameters import parameters, sharded
from sandbox.aws.extensions._elasticache_store import (
    DATASTORES,
    Datastore,
    Document,
    Group,
    refuse,
    store_of,
)

THE_DATASTORES = (
    "PrimaryClusterId",
    "AutomaticFailoverEnabled",
    "NumNodeGroups",
    "CacheParameterGroupName",
    "CacheNodeType",
    "Engine",
    "EngineVersion",
    "CacheSecurityGroupNames",
    "TransitEncryptionEnabled",
    "AtRestEncryptionEnabled",
    "SnapshotArns",
    "SnapshotName",
)
"""What a group that joins may not be told.
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-CLI.html"""
GLOBAL_NODES = re.compile(r"cache\.(m5|m6g|m7g|r5|r6g|r6gd|r7g|c7gn)\.(\d*x)?large")
MOST_MEMBERS = 3
OLDEST = {"valkey": (7, 2), "redis": (5, 0)}


def joined(asked: Document, region: str) -> Datastore | None:
    """The datastore that a new group joins."""
    name = asked.get("GlobalReplicationGroupId")
    if not name:
        return None
    if name not in DATASTORES:
        raise refuse("GlobalReplicationGroupNotFoundFault", f"Global replication group {name} not found.")
    told = [key for key in THE_DATASTORES if asked.get(key) is not None]
    if told:
        raise refuse(
            "InvalidParameterCombination",
            "Cannot use the given parameters when creating new replication group in an existing global replication group: "
            f"{', '.join(told)}.",
        )
    members = DATASTORES[name].members
    if any(member.region == region for member in members):
        raise refuse("InvalidParameterValue", f"{name} has a member in {region} already.")
    if len(members) == MOST_MEMBERS:
        raise refuse(
            "InvalidGlobalReplicationGroupState", f"{name} has a primary and two secondaries already."
        )
    return DATASTORES[name]


def cluster_mode(store: Any, asked: Document, parameter_group: str) -> bool:
    """Whether the keys of a new group are spread: its parameters must agree with its shards."""
    on = sharded(store, parameter_group)
    if int(asked.get("NumNodeGroups") or 1) > 1 and not on:
        raise refuse(
            "InvalidParameterCombination",
            f"NumNodeGroups above 1 needs a parameter group with cluster-enabled, {parameter_group} has it off.",
        )
    return on


def group(self: Any, made: Group) -> None:
    """Refuse what doesn't go together."""
    said, store = made.said, store_of(self)
    if not made.datastore and not said.get("GlobalReplicationGroupId"):
        _parameters(store, made)
    if made.automatic_failover and made.replicas < 1:
        raise refuse(
            "InvalidParameterCombination",
            "Automatic failover is not supported for replication groups with less than two nodes a shard.",
        )
    if made.sharded and not made.automatic_failover:
        raise refuse("InvalidParameterCombination", "Cluster mode needs AutomaticFailoverEnabled.")
    if made.multi_az and not made.automatic_failover:
        raise refuse("InvalidParameterCombination", "MultiAZEnabled needs AutomaticFailoverEnabled.")
    if made.multi_az and len(made.zones) < 2:  # noqa: PLR2004 -- Multi-AZ
        raise refuse(
            "InvalidParameterCombination", f"MultiAZEnabled needs subnets in two zones, got {made.zones[0]}."
        )
    if said.get("KmsKeyId") and not made.encrypted:
        raise refuse("InvalidParameterCombination", "KmsKeyId needs AtRestEncryptionEnabled.")
    _access(store, made)


def _parameters(store: Any, made: Group) -> None:
    if not made.node_type:
        raise refuse(
            "InvalidParameterValue", "The parameter CacheNodeType must be provided and must not be blank."
        )
    family = parameters(store, made.parameters)["CacheParameterGroupFamily"]
    major = re.sub(r"\D.*", "", made.version)
    if not family.startswith(f"{made.engine}{major}"):
        raise refuse(
            "InvalidParameterCombination",
            f"Expected a parameter group of family {made.engine}{major} but found one of family {family}.",
        )


def _access(store: Any, made: Group) -> None:
    names = made.said.get("UserGroupIds") or ()
    if (names or made.said.get("AuthToken")) and not made.tls:
        raise refuse(
            "InvalidParameterCombination",
            "User group based access control requires encryption-in-transit to be enabled on the replication group.",
        )
    for name in names:
        if name not in store.user_groups:
            raise refuse("UserGroupNotFound", f"User Group {name} not found.")
        engine = store.user_groups[name]["Engine"]
        if engine == "valkey" and made.engine != "valkey":
            raise refuse(
                "InvalidParameterCombination",
                f"User group {name} is of engine valkey, the cache of {made.engine}.",
            )


def founding(made: Group) -> None:
    """Refuse a group around which no datastore can be made."""
    if made.datastore:
        raise refuse("InvalidReplicationGroupState", f"{made.id} is in {made.datastore} already.")
    node_type(made.node_type)
    version = tuple(int(part) for part in made.version.split(".")[:2] if part.isdigit())
    if version < OLDEST[made.engine]:
        raise refuse(
            "InvalidParameterValue", f"Global Datastore does not support {made.engine} {made.version}."
        )
    if made.replicas < 1 and not made.sharded:
        raise refuse(
            "InvalidReplicationGroupState", f"{made.id} has a single node: a datastore needs replication."
        )


def node_type(name: str) -> None:
    """Refuse nodes that a datastore doesn't take."""
    if not GLOBAL_NODES.fullmatch(name):
        raise refuse(
            "InvalidParameterValue", f"Global Datastore does not support the cache node type {name}."
        )

"""What one region's cache of a Global Datastore needs, and the checks on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.checks import ArgumentError, at_least, between, need, one_of
from components.data.checks import identifier, windows
from components.tags import Tags

OLDEST = {"valkey": (7, 2), "redis": (7, 0)}
"""Oldest versions that a Global Datastore with IAM sign-in takes, by engine.

Sources: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Console.html,
https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth-iam.html
"""
FAMILIES = ("m5", "m6g", "m7g", "r5", "r6g", "r6gd", "r7g", "c7gn")
"""Node families that a Global Datastore takes, from size `large` on.

Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-Getting-Started.html
"""
TIERED = "r6gd"
"""The family that keeps values on disks too, and only so."""
REPLICAS = (1, 5)
"""Replicas of a shard: one at least to fail over to, and AWS's most.

Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html
"""
SHARDS = (1, 500)
NODES = 90
"""Nodes of a replication group, unless AWS raised the quota; so many shards with one node each only up to 500.

Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/quota-limits.html
"""
SNAPSHOT_DAYS = (1, 35)
LONGEST = 32
"""Characters of the physical name: AWS takes 40, and users' names are this one's and up to 8 more."""
WINDOW_MINUTES = 60
"""The shortest window of ElastiCache, in minutes."""


@dataclass(frozen=True, kw_only=True)
class CacheGlobalArgs:
    """What one region's replication group of a Global Datastore needs.

    In a joined region (`global_replication_group_id`) engine version, node type, shards, parameters, whether data is encrypted and
    whether replicas take over are the datastore's, and AWS refuses to be told them again.
    Source: https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/Redis-Global-Datastores-CLI.html
    """

    tags: Tags
    identifier: str
    """Physical name of the replication group, the datastore and the user: up to 32 lower-case letters, digits and single
    hyphens, a letter first; unique in the account's region."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Data subnets by zone id, in two zones or more."""
    security_group_ids: Sequence[pulumi.Input[str]]
    kms_key_arn: pulumi.Input[str]
    """Customer key of this region: what a node writes to disk, and snapshots."""
    engine: str = "valkey"
    """valkey or redis; the same in every region."""
    engine_version: str = "8.1"
    """Major and minor: Valkey from 7.2, Redis from 7.0."""
    node_type: str = "cache.r7g.large"
    """One of the families m5, m6g, m7g, r5, r6g, r6gd, r7g and c7gn, size large or more."""
    shards: int = 1
    """Parts that the keys are spread over. 1: cluster mode is off. 2 or more: it is on, and clients must speak it."""
    replicas: int = 1
    """Replicas of each shard, 1 to 5; each region may have another number."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the engine. AWS copies them when the datastore is made and changes of this group no longer reach it."""
    global_replication_group_id: pulumi.Input[str] | None = None
    """Datastore to join, as the stack that founded it tells. None: one is made around this region's group."""
    alone: bool = False
    """True: no Global Datastore."""
    snapshot_days: int = 7
    """Days that daily snapshots are kept, 1 to 35."""
    snapshot_window: str = "02:00-03:00"
    """Daily, UTC, an hour or more."""
    maintenance_window: str = "sun:08:00-sun:09:00"
    """Weekly, UTC, an hour or more, apart from the snapshot window."""
    access: str = "on ~* &* +@all -@admin"
    """What the user may do, in the engine's own words (ACL)."""
    event_topic_arn: pulumi.Input[str] | None = None
    """Topic of this region that is told of failovers and replaced nodes, and of alarms. None: nobody, and no alarms."""
    lag_seconds: float = 10
    """How far this region may be behind the one that writes before an alarm rises; above 0."""
    memory_percent: float = 80
    """How full a node's memory may be before an alarm rises; above 0 to 100."""
    protect: bool = True
    """Pulumi refuses to delete or replace the group and the datastore."""

    @property
    def joined(self) -> bool:
        """Whether another region's stack founded the datastore."""
        return self.global_replication_group_id is not None

    @property
    def version(self) -> tuple[int, int]:
        """Major and minor version."""
        major, minor = self.engine_version.split(".")
        return int(major), int(minor)

    @property
    def family(self) -> str:
        """Family of parameter groups."""
        return f"{self.engine}{self.version[0]}"

    @property
    def tiered(self) -> bool:
        """Whether nodes keep values on disks too."""
        return self.node_type.split(".")[1] == TIERED

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        identifier(self.identifier, LONGEST)
        at_least("subnet_ids", self.subnet_ids, 2, "Multi-AZ wants subnets in two zones")
        at_least(
            "security_group_ids", self.security_group_ids, 1, "ElastiCache would use the VPC's default group"
        )
        self._check_engine()
        check_node_type(self.node_type)
        between("shards", self.shards, *SHARDS)
        between("replicas", self.replicas, *REPLICAS, "a shard: without one nothing fails over")
        nodes = self.shards * (1 + self.replicas)
        need(nodes <= NODES, "shards", f"{self.shards} with {nodes} nodes", f"{NODES} nodes or fewer")
        between("snapshot_days", self.snapshot_days, *SNAPSHOT_DAYS, "days: 0 would end snapshots")
        named = ("snapshot_window", "maintenance_window")
        windows(self.snapshot_window, self.maintenance_window, least=WINDOW_MINUTES, named=named)
        need(self.lag_seconds > 0, "lag_seconds", self.lag_seconds, "above 0")
        need(0 < self.memory_percent <= 100, "memory_percent", self.memory_percent, "above 0 to 100")  # noqa: PLR2004 -- per cent
        need(not (self.alone and self.joined), "alone", "True in a Global Datastore", "False there")
        need(
            not (self.joined and self.parameters),
            "parameters",
            "some",
            "none in a joined group: it takes the datastore's",
        )

    def _check_engine(self) -> None:
        one_of("engine", self.engine, OLDEST)
        oldest = OLDEST[self.engine]
        allowed = f"major and minor, from {oldest[0]}.{oldest[1]} on for {self.engine}"
        if not re.fullmatch(r"\d+\.\d+", self.engine_version) or self.version < oldest:
            raise ArgumentError("engine_version", repr(self.engine_version), allowed)
        need("cluster-enabled" not in self.parameters, "parameters", "cluster-enabled", "shards instead")


def check_node_type(name: str) -> None:
    """Raise ArgumentError unless a Global Datastore takes nodes of that type."""
    fits = re.fullmatch(rf"cache\.({'|'.join(FAMILIES)})\.(\d*x)?large", name)
    need(
        bool(fits),
        "node_type",
        repr(name),
        f"one of {', '.join(FAMILIES)} from size large on, e.g. 'cache.r7g.large'",
    )

"""What a warehouse needs, and Redshift's limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from components.checks import at_least, between, need, one_of
from components.logs import check_retention
from components.tags import Tags

NODES = {
    "ra3.large": (2, 16),
    "ra3.xlplus": (2, 16),
    "ra3.4xlarge": (2, 32),
    "ra3.16xlarge": (2, 128),
}
"""Node types whose data lies in managed storage, which Multi-AZ and relocation ask for, and how many a new cluster of several nodes has
in a zone. https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-clusters.html"""
ZONES = 3
"""Multi-AZ stands in two zones and asks for a third one, where it goes when one of them is lost.
https://docs.aws.amazon.com/redshift/latest/mgmt/overview-multi-az.html"""
NAME_LENGTH = 63
_NAME = re.compile(r"[a-z](?:-?[a-z0-9])*")
"""https://docs.aws.amazon.com/redshift/latest/APIReference/API_CreateCluster.html"""
EVERY_HOURS = (1, 2, 3, 4, 6, 8, 12, 24)
"""From one an hour to one a day, in equal parts of it.
https://docs.aws.amazon.com/redshift/latest/mgmt/working-with-snapshots.html"""
AWS_HOURS = 8
"""How often Redshift takes a snapshot by itself, or after 5 GB of changes on each node. The same page."""
KEEP_DAYS = (1, 35)
"""Both of snapshots and of their copies.
https://docs.aws.amazon.com/redshift/latest/APIReference/API_EnableSnapshotCopy.html"""
_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class Copied:
    """Another region that gets the cluster's snapshots: Redshift knows one at most."""

    region: str
    grant: pulumi.Input[str]
    """Name of the grant in that region by which Redshift encrypts them with a key there."""


@dataclass(frozen=True, kw_only=True)
class WarehouseArgs:
    """What a Redshift cluster needs."""

    tags: Tags
    identifier: str
    """1 to 63 lower-case letters, digits and single hyphens, a letter first; one of the account and region."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """By zone, three or more."""
    key_arn: pulumi.Input[str]
    """Customer key of the region: of the data, of the administrator's secret, and of the logs."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that alarms notify; at least one."""
    copied: Copied | None = None
    """None: its snapshots stay in the region."""
    snapshot: str | None = None
    """Identifier of a snapshot of the region that it is restored from at creation; later changes are ignored."""
    node_type: str = "ra3.xlplus"
    nodes: int = 2
    """In each zone: 2 to 16, 32 or 128, by type."""
    multi_az: bool = True
    """Whether two zones compute. Otherwise one does, and Redshift moves the cluster to another one where it finds room there."""
    database_name: str = "dev"
    every_hours: int | None = None
    """How often a snapshot is taken: a part of the day. None: as Redshift does by itself."""
    keep_days: int = 14
    """How long snapshots and their copies are kept, 1 to 35."""
    log_days: int = 90
    protect: bool = True

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        at_least("actions", self.actions, 1, "a warehouse that fails unheard stays failed")
        named = bool(_NAME.fullmatch(self.identifier)) and len(self.identifier) <= NAME_LENGTH
        allowed = f"1 to {NAME_LENGTH} lower-case letters, digits and single hyphens, a letter first"
        need(named, "identifier", repr(self.identifier), allowed)
        at_least(
            "subnet_ids", self.subnet_ids, ZONES, "two zones compute, and one takes the lost one's place"
        )
        one_of("node_type", self.node_type, NODES)
        between("nodes", self.nodes, *NODES[self.node_type])
        if self.every_hours is not None:
            one_of("every_hours", self.every_hours, EVERY_HOURS)
        between("keep_days", self.keep_days, *KEEP_DAYS, "days")
        check_retention("log_days", self.log_days)

    @property
    def gap_s(self) -> int:
        """Seconds between two snapshots at most."""
        return (self.every_hours or AWS_HOURS) * 3600

    @property
    def schedule(self) -> str | None:
        """When snapshots are taken, in UTC; None: as Redshift does by itself."""
        if self.every_hours is None:
            return None
        return "cron(0 0 *)" if self.every_hours == EVERY_HOURS[-1] else f"cron(0 0/{self.every_hours} *)"

    @property
    def copies(self) -> list[dict[str, Any]] | None:
        """Where its snapshots are copied to, as a fact of recovery."""
        if self.copied is None:
            return None
        return [{"region": self.copied.region, "retention_s": self.keep_days * _DAY}]

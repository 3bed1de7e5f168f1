"""What the watcher of a pair needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.checks import between, need, one_of
from components.compute.pair import MEMBERS
from components.logs import check_retention
from components.tags import Tags
from functions.active_standby.timing import FIELDS

OVERLAP = 5
"""Invocations at a time: watches overlap, so that none is missing when one begins late, and somebody swaps by hand meanwhile."""
LONGEST_START = 600


@dataclass(frozen=True, kw_only=True)
class MirrorArgs:
    """The mirrored disk of a pair, and its moving address."""

    interface_ids: Sequence[pulumi.Input[str]]
    """Network interface of each group's zone, in the groups' order."""
    route_table_ids: Sequence[pulumi.Input[str]]
    """Those that lead to the address."""
    address: str
    """IPv4."""
    protocol: str
    """DRBD's: "C" or "A"."""
    starts: int
    """Seconds in which what serves is started once its disk is primary, 1 to 600."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that the function would refuse."""
        need(
            len(self.interface_ids) == MEMBERS, "mirror.interface_ids", len(self.interface_ids), f"{MEMBERS}"
        )
        one_of("mirror.protocol", self.protocol, ("C", "A"))
        between("mirror.starts", self.starts, 1, LONGEST_START, "seconds")


@dataclass(frozen=True, kw_only=True)
class PairWatcherArgs:
    """What the watcher of a pair needs."""

    pair: str
    """What the pair is called in its lease, its metrics and its messages; unique in the account's region."""
    serving_arn: pulumi.Input[str]
    """Target group of clients' requests. The function alone registers there."""
    members_arn: pulumi.Input[str]
    """Target group that tells of both instances whether they are healthy."""
    group_names: Sequence[pulumi.Input[str]]
    """The two Auto Scaling groups; an instance of the first one serves first."""
    table_name: pulumi.Input[str]
    """Table of the lease, whose key is the text `pair`."""
    table_arn: pulumi.Input[str]
    topic_arn: pulumi.Input[str]
    """Topic that is told of swaps, and of alarms; it must admit CloudWatch."""
    key_arn: pulumi.Input[str]
    """Key of table, topic, log and dead letters."""
    timing: Mapping[str, int] = field(default_factory=dict)
    """Durations and counts, by the keys of `functions/active_standby/timing.py`, which has their ranges and defaults."""
    mirror: MirrorArgs | None = None
    """Where the two have a mirrored disk. None: nothing but the target group is changed."""
    running: int = MEMBERS
    """Instances that run, 0 to 2: where none does nobody is missed who should serve, where one does nobody who should stand by.
    What a takeover starts is watched all the same."""
    reserved: int | None = OVERLAP
    """Concurrent executions kept free for it, 5 or more, so that no other function of the account takes them. None: none, for an
    account that has few."""
    log_retention_days: int = 90
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS or the function would refuse."""
        need(len(self.group_names) == MEMBERS, "group_names", len(self.group_names), f"{MEMBERS} groups")
        between("running", self.running, 0, MEMBERS, "instances")
        for key, value in self.timing.items():
            one_of("timing", key, FIELDS)
            between(f"timing.{key}", value, FIELDS[key].low, FIELDS[key].high, f"({FIELDS[key].what})")
        if self.mirror:
            self.mirror.check()
        if self.reserved is not None:
            need(self.reserved >= OVERLAP, "reserved", self.reserved, f"{OVERLAP} or more, or None")
        check_retention("log_retention_days", self.log_retention_days)

    @property
    def values(self) -> dict[str, int]:
        """Every duration and count, by its key."""
        return {key: self.timing.get(key, each.default) for key, each in FIELDS.items()}

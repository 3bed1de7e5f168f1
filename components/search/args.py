"""What a search domain and the function that keeps its snapshots need, and OpenSearch Service's limits."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from components.checks import at_least, between, each_once, need
from components.tags import Tags

ZONES = 3
"""Of a domain with standby; dedicated masters are as many."""
FAMILIES = ("c5", "c6g", "c7g", "i3", "m5", "m6g", "m7g", "r5", "r6g", "r6gd", "r7g", "r7gd")
"""Instance types that Multi-AZ with standby takes.
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-multiaz.html"""
LOCAL = ("i3", "r6gd", "r7gd")
"""Of these, the ones that keep data on disks of their own.
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/supported-instance-types.html"""
_INSTANCE = re.compile(r"([a-z0-9]+)\.(?:\d*x?large|medium|small)\.search")
NAME_LENGTH = 28
"""https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_CreateDomain.html"""
_NAME = re.compile(r"[a-z][a-z0-9-]{2,27}")
DATA_NODES = (3, 1002)
"""https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html; multiples of three."""
VOLUME_GIB = (10, 24_576)
"""The least of any type and the most of the largest with gp3; what a type takes in between AWS says.
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html"""
_VERSION = re.compile(r"(\d+)\.(\d+)")
_OLDEST = (1, 3)
"""Multi-AZ with standby is there from OpenSearch 1.3 on."""
EVERY_MINUTES = (60, 1440)
"""AWS asks for a snapshot an hour at most.
https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-mgmt.html"""
KEEP_DAYS = (1, 365)
MOST = 400
"""Snapshots that are kept: so many does OpenSearch's own snapshot management allow, too."""
HOUR = (0, 23)


class Mode(enum.StrEnum):
    """What a region's function does each time that it runs."""

    TAKE = "take"
    """It takes a snapshot, and deletes those that are too old."""
    FOLLOW = "follow"
    """It restores the other region's newest snapshot, until somebody has it take over."""


def family(instance_type: str) -> str:
    """The family of an instance type of OpenSearch Service; empty when it is none."""
    found = _INSTANCE.fullmatch(instance_type)
    return found[1] if found else ""


def _check_type(argument: str, given: str) -> None:
    allowed = f"a type such as r6g.large.search of the families {', '.join(FAMILIES)}: Multi-AZ with standby takes no other"
    need(family(given) in FAMILIES, argument, repr(given), allowed)


@dataclass(frozen=True, kw_only=True)
class Taken:
    """Snapshots that somebody takes of a domain, as tags tell them: no resource does."""

    minutes: int
    """How often."""
    days: int
    """How long each is kept."""
    region: str
    """The other region that gets copies of them."""

    @property
    def tags(self) -> dict[str, str]:
        """What the estimator reads, docs/recovery.md."""
        told = {"minutes": str(self.minutes), "days": str(self.days), "region": self.region}
        return {f"dr:snapshot-{key}": value for key, value in told.items()}

    @property
    def copies(self) -> list[dict[str, Any]]:
        """The same as a fact of recovery."""
        return [{"region": self.region, "gap_s": self.minutes * 60, "retention_s": self.days * 86_400}]


@dataclass(frozen=True, kw_only=True)
class SearchDomainArgs:
    """What a domain needs."""

    tags: Tags
    domain_name: str
    """3 to 28 lower-case letters, digits and hyphens, a letter first; one of the account and region."""
    region: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """By zone: the first three are taken, of three or more."""
    reached_from: Sequence[str]
    """IPv4 networks whose members may open connections; at least one."""
    key_arn: pulumi.Input[str]
    """Customer key of the region: of the data, and of the logs."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that alarms notify; at least one."""
    taken: Taken | None = None
    """Snapshots of it. None: it gets another domain's, whose region `restores_from` names."""
    restores_from: str | None = None
    """The region whose snapshots are restored to it: no zone of it stands by then, since AWS restores none to a domain with standby.
    https://docs.aws.amazon.com/opensearch-service/latest/developerguide/managedomains-snapshot-restore.html"""
    version: str = "2.19"
    """Of OpenSearch, 1.3 or newer."""
    data_nodes: int = 3
    """A multiple of three."""
    data_type: str = "r6g.large.search"
    master_type: str = "m6g.large.search"
    """Of the three dedicated masters."""
    volume_gib: int | None = 100
    """gp3 storage of each data node. None for types that have disks of their own."""
    off_peak_hour: int = 3
    """UTC, 0 to 23: when the window of ten hours begins in which AWS updates software and tunes."""
    log_days: int = 90
    protect: bool = True

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        at_least("actions", self.actions, 1, "a red cluster that nobody hears of stays red")
        named = bool(_NAME.fullmatch(self.domain_name))
        allowed = f"3 to {NAME_LENGTH} lower-case letters, digits and hyphens, a letter first"
        need(named, "domain_name", repr(self.domain_name), allowed)
        at_least("subnet_ids", self.subnet_ids, ZONES, "a domain with standby stands in three zones")
        at_least("reached_from", self.reached_from, 1, "a domain that nobody reaches serves nobody")
        each_once("reached_from", self.reached_from)
        version = _VERSION.fullmatch(self.version)
        new = version is not None and (int(version[1]), int(version[2])) >= _OLDEST
        need(new, "version", repr(self.version), "a version of OpenSearch such as 2.19, 1.3 or newer")
        between("data_nodes", self.data_nodes, *DATA_NODES)
        need(
            self.data_nodes % ZONES == 0,
            "data_nodes",
            self.data_nodes,
            "a multiple of three: one share a zone",
        )
        _check_type("data_type", self.data_type)
        _check_type("master_type", self.master_type)
        self._check_volume()
        between("off_peak_hour", self.off_peak_hour, *HOUR)

    def _check_volume(self) -> None:
        if family(self.data_type) in LOCAL:
            own = f"none with {self.data_type}, which has disks of its own"
            need(self.volume_gib is None, "volume_gib", str(self.volume_gib), own)
            return
        need(self.volume_gib is not None, "volume_gib", "none", f"GiB of gp3 with {self.data_type}")
        between("volume_gib", self.volume_gib or 0, *VOLUME_GIB, "GiB")

    @property
    def standby(self) -> bool:
        """Whether one of the three zones stands by."""
        return self.restores_from is None

    @property
    def promised(self) -> Tags:
        """The domain's tags."""
        told = self.taken.tags if self.taken else {}
        follows = {"dr:restores-from": self.restores_from} if self.restores_from else {}
        return replace(self.tags, facts={**self.tags.facts, **told, **follows})

    @property
    def nodes(self) -> int:
        """Data nodes and masters."""
        return self.data_nodes + ZONES


@dataclass(frozen=True, kw_only=True)
class KeeperArgs:
    """What the function needs that takes and restores a domain's snapshots."""

    tags: Tags
    region: str
    peer_region: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Sequence[pulumi.Input[str]]
    """The domain's, in which the function runs."""
    bucket: pulumi.Input[str]
    """Of this region; what is written there is copied to the other region's, and back."""
    bucket_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    """Customer key of the bucket, of the log and of the function's variables."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that are told when no run has succeeded for twice as long as one is due; at least one."""
    mode: Mode = Mode.TAKE
    administrators: Sequence[str] = ()
    """ARNs of IAM roles that may do everything in the domain, besides the function's own."""
    every_minutes: int = 60
    """How often it runs: 60 to 1,440, in whole hours."""
    keep_days: int = 14
    """How long snapshots are kept, 1 to 365; the newest always is."""
    log_days: int = 90

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that can't be."""
        at_least("actions", self.actions, 1, "snapshots that end unseen are none")
        between("every_minutes", self.every_minutes, *EVERY_MINUTES, "min")
        need(
            self.every_minutes % 60 == 0,
            "every_minutes",
            self.every_minutes,
            "whole hours: 60, 120 and so on",
        )
        between("keep_days", self.keep_days, *KEEP_DAYS, "days")
        kept = self.keep_days * 1440 // self.every_minutes
        need(kept <= MOST, "keep_days", self.keep_days, f"what makes {MOST} snapshots at most, not {kept}")
        each_once("administrators", self.administrators)

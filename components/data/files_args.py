"""What a shared file system needs, and the checks on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import pulumi

from components.checks import at_least, between, need, one_of
from components.tags import Tags

NFS_PORT = 2049
"""TCP port of every mount target."""
DIRECTIONS = ("to-peer", "from-peer", "off")
INFREQUENT_DAYS = (1, 7, 14, 30, 60, 90, 180, 270, 365)
"""Days after which EFS may move files that nobody reads.

Source: https://docs.aws.amazon.com/efs/latest/ug/API_LifecyclePolicy.html
"""
THROUGHPUT = ("elastic", "bursting")
"""Throughput modes that need no figure. Source: https://docs.aws.amazon.com/efs/latest/ug/performance.html"""
MOST_GROUPS = 5
"""Security groups of a mount target. Source: https://docs.aws.amazon.com/efs/latest/ug/API_CreateMountTarget.html"""
LONGEST_PATH = 100
"""Characters. Source: https://docs.aws.amazon.com/efs/latest/ug/API_RootDirectory.html"""
HIGHEST_ID = 2**32 - 1
REPLICATION_SECONDS = 900
"""How late EFS lets most replicas be. Source: https://docs.aws.amazon.com/efs/latest/ug/efs-replication.html"""


@dataclass(frozen=True, kw_only=True)
class FilesPeer:
    """The file system of the other region, and which of the two follows the other."""

    region: str
    """Region of the peer, another than the stack's own."""
    kms_key_arn: pulumi.Input[str]
    """Customer key of that region."""
    replication: str = "to-peer"
    """Which way files go: `to-peer`, `from-peer`, or `off`, when each file system takes writes of its own.

    EFS knows no failover: the one that follows takes writes once its replication is deleted (`off`, or a call of
    DeleteReplicationConfiguration from the region that is left). Then this says `off`, until the newer files may overwrite
    the older ones: whoever wants that switches the overwrite protection of the older ones off (UpdateFileSystemProtection),
    and gives the direction. The program never switches it off on what has files.
    Source: https://docs.aws.amazon.com/efs/latest/ug/replication-fail-over.html"""
    home_region: str | None = None
    """The stack's own region; needed with `from-peer`."""
    new: bool = True
    """The file system that follows is made in this run, and open to be overwritten, which it must be to follow. False, once it does:
    the program says no more of its protection. EFS says REPLICATING of what follows, and the provider takes only ENABLED and
    DISABLED: while the protection is declared, a file system that was refreshed can't be updated.
    Source: https://www.pulumi.com/registry/packages/aws/api-docs/efs/filesystem/"""
    held: bool = True
    """Whether files go that way. False: what should follow has files, and nobody has allowed yet that they be overwritten, as after a
    takeover. Then no replication is declared, which EFS would refuse, and the alarm on its lag tells of it."""
    left: bool = False
    """What is written along with the files is written in the peer's region already: what this region's file system has is older, and
    waits to be overwritten, whatever `replication` says."""
    alarm_actions: Sequence[pulumi.Input[str]] = ()
    """Topics of that region that are told of a lag `from-peer`; none: no alarm."""
    backup_plan: str | None = None
    """The plan of that region's own stack that selects the file system by its tags, said in the tag `dr:backup-plan`: the stack that
    declares the file system can't show it."""


@dataclass(frozen=True, kw_only=True)
class SharedFilesArgs:
    """What one region's access to a shared file system needs."""

    KEY_NEEDED: ClassVar[str] = "a key exactly when file_system_id is not given"

    tags: Tags
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Subnets by zone id, in two zones or more: one mount target in each."""
    security_group_ids: Sequence[pulumi.Input[str]]
    """They let NFS (TCP 2049) in from what mounts; at most 5."""
    kms_key_arn: pulumi.Input[str] | None = None
    """Customer key of this region."""
    file_system_id: pulumi.Input[str] | None = None
    """File system of this region that the founding stack made (its `peer_file_system_id`); it stays that stack's. None: one is
    made, and its peer."""
    followed_by: pulumi.Input[str] | None = None
    """The other region's file system, which follows `file_system_id`: its lag is told here, where the founding stack knows no topic."""
    peer: FilesPeer | None = None
    """The other region's file system. None: there is none, and a lost region takes the files with it."""
    directory: str = "/data"
    """What the access point shows as its root; made with the owner below when it isn't there."""
    user_id: int = 1000
    """POSIX user that all files belong to, 0 to 4,294,967,295; so is the group."""
    group_id: int = 1000
    infrequent_after_days: int | None = 30
    """Days without reading after which a file moves to Infrequent Access, and returns when it is read. None: never."""
    throughput: str = "elastic"
    """elastic or bursting."""
    automatic_backups: bool = True
    """EFS's own daily backups, kept 35 days, besides the plan that the tags select the file systems for."""
    lag_seconds: float = 1800
    """How far the replica may be behind before an alarm rises; above 900, which EFS keeps to for most file systems."""
    alarm_actions: Sequence[pulumi.Input[str]] = ()
    """Topics of this region that are told of a lag `to-peer`, or of `followed_by`; none: no alarm."""
    protect: bool = True
    """Pulumi refuses to delete or replace the file systems."""

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        at_least("subnet_ids", self.subnet_ids, 2, "a zone that is lost takes its mount target")
        at_least("security_group_ids", self.security_group_ids, 1, "EFS would use the VPC's default group")
        most = f"{MOST_GROUPS} or fewer"
        need(
            len(self.security_group_ids) <= MOST_GROUPS,
            "security_group_ids",
            len(self.security_group_ids),
            most,
        )
        given = self.followed_by is None or self.file_system_id is not None
        need(
            given,
            "followed_by",
            "one",
            "None without file_system_id: peer says who follows what is made here",
        )
        alike = (self.kms_key_arn is None) != (self.file_system_id is None)
        need(alike, "kms_key_arn", "both or none", self.KEY_NEEDED)
        path = re.fullmatch(r"(/[\w.-]+){1,4}", self.directory, re.ASCII)
        need(
            bool(path) and len(self.directory) <= LONGEST_PATH,
            "directory",
            repr(self.directory),
            "a path of up to 4 names, e.g. '/data'",
        )
        between("user_id", self.user_id, 0, HIGHEST_ID)
        between("group_id", self.group_id, 0, HIGHEST_ID)
        if self.infrequent_after_days is not None:
            one_of("infrequent_after_days", self.infrequent_after_days, INFREQUENT_DAYS)
        one_of("throughput", self.throughput, THROUGHPUT)
        need(
            self.lag_seconds > REPLICATION_SECONDS,
            "lag_seconds",
            self.lag_seconds,
            f"above {REPLICATION_SECONDS}: EFS replicates within 15 minutes",
        )
        if self.peer is not None:
            self._check_peer(self.peer)

    def _check_peer(self, peer: FilesPeer) -> None:
        own = self.file_system_id is None
        need(
            own, "peer", "one", "None beside file_system_id: the stack that made both owns their replication"
        )
        one_of("peer.replication", peer.replication, DIRECTIONS)
        need(
            peer.region != peer.home_region, "peer.region", repr(peer.region), "another than the stack's own"
        )
        known = peer.replication != "from-peer" or peer.home_region is not None
        need(known, "peer.home_region", "None", "the stack's own region, with replication 'from-peer'")

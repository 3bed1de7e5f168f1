"""What the files are given, and what is said at load of settings that they refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pulumi

from architectures.faults import PLACEHOLDER, Fault, refusals
from architectures.parts.arguments import placeholder_tags
from architectures.stack import Stack
from architectures.three_tier.following import (
    FROM_PEER,
    TO_PEER,
    direction,
    protection,
    tell,
    writer_region,
)
from architectures.three_tier.sections import Files
from components.data import FilesPeer, SharedFilesArgs
from components.tags import Tags

FILES_KEYS = {"directory": "files.directory"}
"""Argument of the file system that a setting decides -> key within the system."""
PEERS_PLAN = "base-backup-plan"
"""The backup plan of the other region's stack, whose foundation is called as this one's."""


def peer(
    stack: Stack,
    kms_key_arn: pulumi.Input[str],
    *,
    own: str | None,
    peers: str | None,
    global_cluster: str | None,
    earlier: str | None,
) -> FilesPeer:
    """The other region's file system, which follows while this region serves, and is followed while the other one does.

    `own` and `peers` are the ids of both, as the last run made them; None: made in this run, and followed by nothing that has files
    already. What is there follows as EFS says. `global_cluster` is the database that serves, as the last run made it; None: every region
    writes, or nobody knows of one. `earlier` is the way that files went when the last run ended, or last of all: where no database tells
    and they go no more, what followed was taken over, for nothing else ends a replication.
    """
    outward = stack.active or (peers is None and own is not None)
    wanted, new, held = TO_PEER if outward else FROM_PEER, (peers if outward else own) is None, True
    way, left = wanted, False
    if own is not None and peers is not None:
        written = _written(stack, global_cluster)
        found = direction(
            wanted, protection(own, stack.region), protection(peers, stack.peer_region), written
        )
        newer = written or {TO_PEER: FROM_PEER, FROM_PEER: TO_PEER}.get(earlier or "")
        tell(wanted, found, {FROM_PEER: (own, stack.region), TO_PEER: (peers, stack.peer_region)}, newer)
        way, held = found
        left = newer == FROM_PEER
    return FilesPeer(
        region=stack.peer_region,
        kms_key_arn=kms_key_arn,
        replication=way,
        home_region=stack.region,
        new=new,
        held=held,
        left=left,
        backup_plan=PEERS_PLAN,
    )


def _written(stack: Stack, global_cluster: str | None) -> str | None:
    """The way from the region in which the database writes to the other one; None where nobody knows."""
    region = writer_region(global_cluster, stack.region) if global_cluster else None
    return {stack.region: TO_PEER, stack.peer_region: FROM_PEER}.get(region or "")


def shared(
    given: Files,
    stack: Stack,
    *,
    tags: Tags,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_ids: Sequence[pulumi.Input[str]],
    key_arn: pulumi.Input[str] | None,
    topic_arn: pulumi.Input[str],
    joined: pulumi.Input[str] | None,
    peer: FilesPeer | None,
    followed_by: pulumi.Input[str] | None = None,
) -> SharedFilesArgs:
    """The arguments of a region's share of the files. `joined` is the file system that the founding stack made for it.

    `followed_by` is the founder's, where that one follows.
    """
    size = {"dr:data-gib": str(given.data_gib), "dr:files": str(given.count)}
    return SharedFilesArgs(
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
        kms_key_arn=key_arn,
        file_system_id=joined,
        peer=peer,
        followed_by=followed_by,
        directory=given.directory,
        alarm_actions=[topic_arn],
        protect=stack.protect,
        tags=replace(tags, facts={**tags.facts, **size}),
    )


def faults(given: Files, stack: Stack) -> Iterator[Fault]:
    """What can't be of the files."""
    placeholder = shared(
        given,
        stack,
        tags=placeholder_tags(rto_hours=stack.rto_hours),
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
        security_group_ids=[PLACEHOLDER],
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        joined=None,
        peer=None,
    )
    yield from refusals(placeholder.check, FILES_KEYS)

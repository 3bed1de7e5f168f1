"""What the stores beside the database are given, and what is said at load of settings that they refuse."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pulumi

from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.stack import Stack
from architectures.strategies import Posture, Strategy
from architectures.three_tier import arguments
from architectures.three_tier.sections import Sessions
from components.data import GlobalTableArgs, TableReplica
from components.data.global_table_args import STRONG
from components.data.region_sets import REGION_SETS, witness_of
from components.tags import Tags

SESSION, EXPIRES = "id", "expires"
"""Attributes of an item: the session's id, and the second (since 1970) after which it expires."""
SESSION_KEYS = {"consistency": "sessions.consistency", "witness_region": "sessions.witnessRegion"}
"""Argument of the table that a setting decides -> key within the system."""


def sessions(
    given: Sessions,
    stack: Stack,
    stands: Posture,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    peer_key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
) -> GlobalTableArgs:
    """The arguments of the table, in the stack that makes it."""
    strong = given.consistency == STRONG
    witness = witness_of(stack.region, stack.peer_region) if strong else None
    replica = TableReplica(region=stack.peer_region, kms_key_arn=peer_key_arn)
    return GlobalTableArgs(
        region=stack.region,
        kms_key_arn=key_arn,
        attributes={SESSION: "S"},
        hash_key=SESSION,
        replicas=[replica] if stands.replicated else [],
        consistency=given.consistency,
        witness_region=given.witness_region or witness,
        ttl_attribute=None if strong else EXPIRES,
        topic_arn=topic_arn,
        deletion_protection=stack.protect,
        protect=stack.protect,
        tags=tags,
    )


def session_faults(given: Sessions, stack: Stack, stands: Posture, *, rpo_minutes: float) -> Iterator[Fault]:
    """What can't be of the table."""
    if given.consistency == STRONG:
        if not stands.replicated:
            allowed = f"eventual with {Strategy.BACKUP_AND_RESTORE}: a strong table is in several regions"
            yield fault("sessions.consistency", repr(STRONG), allowed)
            return
        if witness_of(stack.region, stack.peer_region) is None:
            sets = "; ".join(", ".join(members) for members in REGION_SETS.values())
            allowed = f"eventual between {stack.region} and {stack.peer_region}: a strong table's regions are of one set ({sets})"
            yield fault("sessions.consistency", repr(STRONG), allowed)
            return
    table = sessions(
        given,
        stack,
        stands,
        tags=replace(arguments.placeholder_tags(rto_hours=stack.rto_hours), rpo_minutes=rpo_minutes),
        key_arn=PLACEHOLDER,
        peer_key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
    )
    yield from refusals(table.check, SESSION_KEYS)

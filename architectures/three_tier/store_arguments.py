"""What the cache and the session table are given, and what is said at load of settings that they refuse."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pulumi

from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.parts import tables
from architectures.parts.arguments import placeholder_tags
from architectures.stack import Stack
from architectures.strategies import Posture, Strategy
from architectures.three_tier import names
from architectures.three_tier.sections import Cache, Sessions
from components.data import CacheGlobalArgs, GlobalTableArgs
from components.data.global_table_args import STRONG
from components.data.region_sets import REGION_SETS, witness_of
from components.tags import Tags

SESSION, EXPIRES = "id", "expires"
"""Attributes of an item: the session's id, and the second (since 1970) after which it expires."""
SESSION_KEYS = {"consistency": "sessions.consistency", "witness_region": "sessions.witnessRegion"}
"""Argument of the table that a setting decides -> key within the system."""
CACHE_KEYS = {
    "engine_version": "cache.engineVersion",
    "node_type": "cache.nodeType",
    "shards": "cache.shards",
    "replicas": "cache.replicas",
    "snapshot_days": "cache.snapshotDays",
}
"""The same for the cache."""


def sessions(given: Sessions, stack: Stack, stands: Posture, **ground: Any) -> GlobalTableArgs:
    """The arguments of the table, in the stack that makes it; `ground` as in `parts.tables.table`."""
    strong = given.consistency == STRONG
    own: dict[str, Any] = {
        "consistency": given.consistency,
        "witness_region": given.witness_region
        or (witness_of(stack.region, stack.peer_region) if strong else None),
        "ttl_attribute": None if strong else EXPIRES,
    }
    return tables.table({SESSION: "S"}, stack, stands, **own, **ground)


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
        tags=replace(placeholder_tags(rto_hours=stack.rto_hours), rpo_minutes=rpo_minutes),
        key_arn=PLACEHOLDER,
        peer_key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
    )
    yield from refusals(table.check, SESSION_KEYS)


def cache(
    given: Cache,
    name: str,
    stack: Stack,
    stands: Posture,
    *,
    tags: Tags,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_ids: Sequence[pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    joined: pulumi.Input[str] | None,
) -> CacheGlobalArgs:
    """The arguments of a region's cache. `joined` is the datastore of the stack that founded the system; None: this one does, or alone."""
    filled = {"dr:rebuilt-from": "database"} if given.holds == "copies" else {}
    return CacheGlobalArgs(
        identifier=names.cache(stack.named(name)),
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
        kms_key_arn=key_arn,
        engine_version=given.engine_version,
        node_type=given.node_type,
        shards=given.shards,
        replicas=given.replicas,
        global_replication_group_id=joined,
        alone=not stands.replicated,
        snapshot_days=given.snapshot_days,
        event_topic_arn=topic_arn,
        protect=stack.protect,
        tags=replace(tags, facts={**tags.facts, **filled}),
    )


def cache_faults(given: Cache, name: str, stack: Stack, stands: Posture) -> Iterator[Fault]:
    """What can't be of the cache."""
    placeholder = cache(
        given,
        name,
        stack,
        stands,
        tags=placeholder_tags(rto_hours=stack.rto_hours),
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
        security_group_ids=[PLACEHOLDER],
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        joined=None if stack.founder or not stands.replicated else PLACEHOLDER,
    )
    yield from refusals(placeholder.check, CACHE_KEYS)

"""What an Aurora DSQL database is given, and what is said at load of settings that it refuses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pulumi
from pydantic.alias_generators import to_camel

from architectures.faults import PLACEHOLDER, Fault, fault, refusals, shown
from architectures.parts.arguments import placeholder_tags
from architectures.stack import Stack
from architectures.strategies import Strategy
from architectures.three_tier.sections import DSQL, Database
from components.data import DsqlClusterArgs, DsqlPeer
from components.data.region_sets import REGION_SETS, witness_of
from components.tags import Tags

KEYS = {"peer.witness_region": "database.witnessRegion"}
"""Argument of the cluster that a setting decides -> key within the system."""
OWN = {
    "role": "the application signs in with the secret's user",
    "witness_region": "it has no witness",
}
"""Keys that only Aurora DSQL has, and why Aurora has them not."""
NOT_ITS = {
    "engine_version": "it has no versions to choose from",
    "instance_class": "it has no instances",
    "serverless": "it scales without limits that could be set",
    "name": "its only database is called postgres",
    "master_username": "nobody signs in with a password",
    "multi_az": "it is in every zone",
    "backup_retention_days": "it has no points in time; backup.dailyRetentionDays says how long backups are kept",
    "rotation_days": "it has no password",
    "restores": "AWS Backup restores clusters of their own, out of which rows are copied back",
    "keep_original": "it has no restores",
    "data_gib": "no figure of its restores depends on it",
}
"""Keys that Aurora alone has, and why Aurora DSQL has them not."""


def cluster(
    given: Database,
    stack: Stack,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    peer_key_arn: pulumi.Input[str],
) -> DsqlClusterArgs:
    """The arguments of both regions' clusters. Their alarms belong to the stack whose topic they tell."""
    witness = given.witness_region or witness_of(stack.region, stack.peer_region)
    assert witness is not None  # noqa: S101  the settings' check
    return DsqlClusterArgs(
        tags=tags,
        region=stack.region,
        kms_key_arn=key_arn,
        peer=DsqlPeer(region=stack.peer_region, witness_region=witness, kms_key_arn=peer_key_arn),
        deletion_protection=stack.protect,
        protect=stack.protect,
    )


def key_faults(given: Database) -> Iterator[Fault]:
    """Keys of the other engine."""
    said = NOT_ITS if given.everywhere else OWN
    for name, why in said.items():
        if name in given.model_fields_set:
            value = getattr(given, name)
            got = shown(value) if isinstance(value, str | int) else "values"
            yield fault(f"database.{to_camel(name)}", got, f"nothing with {given.engine}: {why}")


def faults(given: Database, stack: Stack, strategy: Strategy, *, rpo_minutes: float) -> Iterator[Fault]:
    """What can't be of an Aurora DSQL database in that stack."""
    if strategy is Strategy.BACKUP_AND_RESTORE:
        allowed = f"any other with {strategy}: its clusters are one database in both regions"
        yield fault("database.engine", repr(DSQL), allowed)
        return
    if witness_of(stack.region, stack.peer_region) is None:
        sets = "; ".join(", ".join(members) for members in REGION_SETS.values())
        allowed = (
            f"any other between {stack.region} and {stack.peer_region}: its regions are of one set ({sets})"
        )
        yield fault("database.engine", repr(DSQL), allowed)
        return
    tags = replace(placeholder_tags(rto_hours=stack.rto_hours), rpo_minutes=rpo_minutes)
    args = cluster(given, stack, tags=tags, key_arn=PLACEHOLDER, peer_key_arn=PLACEHOLDER)
    yield from refusals(args.check, KEYS)

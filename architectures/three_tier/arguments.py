"""What the components of a three-tier system are given. The settings' checks look at the same arguments before anything is registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS, image
from architectures.stack import Stack
from architectures.strategies import Posture
from architectures.three_tier import names
from architectures.three_tier.sections import Compute, Database, Restore
from components.compute import (
    AutoScaledTierArgs,
    Size,
    Spot,
    Target,
    WarmPool,
    ZoneAlarms,
)
from components.data import (
    AuroraGlobalArgs,
    SecretReplica,
    ServerlessCapacity,
    max_connections,
    serverless_connections,
)
from components.tags import Tags

TIER_KEYS = {
    "instance_types": "compute.instanceTypes",
    "image.release": "compute.imageRelease",
    "max_size": "compute.maximumInstances",
    "warm_pool": "compute.warmPool",
    "spot.on_demand_base": "compute.maximumInstances",
}
"""Argument of the tier that a setting decides -> key within the system."""
DATABASE_KEYS = {
    "engine": "database.engine",
    "engine_version": "database.engineVersion",
    "instance_class": "database.instanceClass",
    "serverless.min_units": "database.serverless.minCapacity",
    "serverless.max_units": "database.serverless.maxCapacity",
    "database_name": "database.name",
    "username": "database.masterUsername",
    "backup_retention_days": "database.backupRetentionDays",
    "rotation_days": "database.rotationDays",
}
"""The same for the database."""
CONNECTIONS_SHARE = 0.7
"""Alarm threshold as a share of the class' nominal maximum, of which the system takes a tenth: some 80 % of what is left."""


def tier(
    compute: Compute,
    size: Size,
    full: Size,
    *,
    tags: Tags,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_ids: Sequence[pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    user_data: pulumi.Input[str],
    statements: Sequence[Mapping[str, Any]],
    target: Target,
    zone_alarms: ZoneAlarms,
    instance_tags: Mapping[str, str] = MappingProxyType({}),
) -> AutoScaledTierArgs:
    """The application tier's arguments: `size` runs, `full` is what the whole load needs."""
    return AutoScaledTierArgs(
        tags=tags,
        instance_tags=instance_tags,
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
        key_arn=key_arn,
        min_size=size.total,
        required=compute.required_instances,
        max_size=compute.maximum_instances,
        image=image(compute),
        user_data=user_data,
        instance_types=compute.instance_types,
        statements=statements,
        target=target,
        # A region that takes over runs its full size on demand, not only what stood by.
        spot=Spot(on_demand_base=full.total) if compute.spot_above_base else None,
        warm_pool=WarmPool() if compute.warm_pool else None,
        zone_alarms=zone_alarms if size.total else None,
    )


def capacity(given: Database) -> ServerlessCapacity | None:
    """The range in which serverless instances scale. None: instances of a class."""
    if given.serverless is None:
        return None
    return ServerlessCapacity(
        min_units=given.serverless.min_capacity, max_units=given.serverless.max_capacity
    )


def database_zones(database: Database, stack: Stack) -> Sequence[str]:
    """The zones that have an instance of the database."""
    return stack.zones[:2] if database.multi_az else stack.zones[:1]


def database(
    given: Database,
    name: str,
    stack: Stack,
    *,
    tags: Tags,
    zone_names: Mapping[str, pulumi.Input[str]],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_ids: Sequence[pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    peer_key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    joined: pulumi.Input[str] | None,
    stands: Posture,
    restore: Restore | None,
) -> AuroraGlobalArgs:
    """The database's arguments: of the original one, or of a restore.

    `joined` is the global cluster of the stack that founded the system; None: this one does, or alone.
    """
    own = (name, restore.name) if restore else (name,)
    replicas = [] if joined else [SecretReplica(region=stack.peer_region, kms_key_arn=peer_key_arn)]
    return AuroraGlobalArgs(
        engine=given.engine,
        engine_version=given.engine_version,
        instance_class=given.instance_class,
        serverless=capacity(given),
        zones={zone: zone_names[zone] for zone in database_zones(given, stack)},
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
        kms_key_arn=key_arn,
        global_cluster_identifier=joined,
        global_cluster_name=stack.named(*own) if stands.replicated and not joined else None,
        alone=not stands.replicated,
        write_forwarding=stands.forwards_writes,
        recovery_point=restore.recovery_point if restore else None,
        identifier=stack.named(names.database(name, restore.name if restore else None)),
        event_topic_arn=topic_arn,
        database_name=None if joined or restore else given.name,
        username=given.master_username,
        rotation_days=given.rotation_days,
        secret_replicas=replicas,
        backup_retention_days=given.backup_retention_days,
        deletion_protection=stack.protect,
        protect=stack.protect,
        tags=replace(tags, facts={**tags.facts, "dr:data-gib": str(given.data_gib)}),
    )


def connections_alarm(engine: str, instance_class: str, serverless: ServerlessCapacity | None) -> int:
    """Connections above which somebody is told."""
    if serverless is not None:
        most = serverless_connections(engine, serverless.min_units, serverless.max_units)
    else:
        most = max_connections(engine, instance_class)
    return int(CONNECTIONS_SHARE * most)


def check_database(given: AuroraGlobalArgs) -> None:
    """Raise ArgumentError for the first argument that can't be."""
    given.check()
    connections_alarm(given.engine, given.instance_class, given.serverless)


def placeholder_tier(compute: Compute, full: Size, stack: Stack) -> AutoScaledTierArgs:
    """The tier's arguments for its checks: all that settings decide, the ids of what doesn't exist yet replaced."""
    ids = dict.fromkeys(stack.zones, PLACEHOLDER)
    return tier(
        compute,
        full,
        full,
        tags=PLACEHOLDER_TAGS,
        subnet_ids=ids,
        security_group_ids=[PLACEHOLDER],
        key_arn=PLACEHOLDER,
        user_data="",
        statements=(),
        target=Target(
            arn=PLACEHOLDER,
            arn_suffix=PLACEHOLDER,
            load_balancer_arn_suffix=PLACEHOLDER,
            listener_arn=PLACEHOLDER,
        ),
        zone_alarms=ZoneAlarms(zone_names=ids, topic_arn=PLACEHOLDER),
    )


def placeholder_database(
    given: Database, name: str, stack: Stack, stands: Posture, restore: Restore | None
) -> AuroraGlobalArgs:
    """The same for the database."""
    ids = dict.fromkeys(stack.zones, PLACEHOLDER)
    return database(
        given,
        name,
        stack,
        tags=PLACEHOLDER_TAGS,
        zone_names=ids,
        subnet_ids=ids,
        security_group_ids=[PLACEHOLDER],
        key_arn=PLACEHOLDER,
        peer_key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        joined=None if stack.founder or not stands.replicated else PLACEHOLDER,
        stands=stands,
        restore=restore,
    )

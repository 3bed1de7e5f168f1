"""What an Aurora cluster of a system is given. The settings' checks look at the same arguments before anything is registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.aurora.sections import AuroraDatabase, Restore
from architectures.stack import Stack
from architectures.strategies import Posture
from components.data import (
    AuroraGlobalArgs,
    SecretReplica,
    ServerlessCapacity,
    max_connections,
    serverless_connections,
)
from components.tags import Tags

KEYS = {
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
"""Argument of the cluster that a setting decides -> key within the system."""
CONNECTIONS_SHARE = 0.7
"""Alarm threshold as a share of the class' nominal maximum, of which the system takes a tenth: some 80 % of what is left."""


def component(name: str, restore: str | None) -> str:
    """What the database's component is called: the original one, or that of a restore."""
    return "-".join(filter(None, (name, "db", restore)))


def capacity(given: AuroraDatabase) -> ServerlessCapacity | None:
    """The range in which serverless instances scale. None: instances of a class."""
    if given.serverless is None:
        return None
    return ServerlessCapacity(
        min_units=given.serverless.min_capacity, max_units=given.serverless.max_capacity
    )


def cluster(
    given: AuroraDatabase,
    name: str,
    stack: Stack,
    *,
    tags: Tags,
    zones: Sequence[str],
    zone_endpoints: bool,
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
    """The arguments of a region's cluster: of the original one, or of a restore.

    `zones` have an instance each; with `zone_endpoints` each of them has an endpoint too. `joined` is the global cluster of the stack that
    founded the system; None: this one does, or alone.
    """
    own = (name, restore.name) if restore else (name,)
    replicas = [] if joined else [SecretReplica(region=stack.peer_region, kms_key_arn=peer_key_arn)]
    return AuroraGlobalArgs(
        engine=given.engine,
        engine_version=given.engine_version,
        instance_class=given.instance_class,
        serverless=capacity(given),
        zones={zone: zone_names[zone] for zone in zones},
        zone_endpoints=zone_endpoints,
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
        kms_key_arn=key_arn,
        global_cluster_identifier=joined,
        global_cluster_name=stack.named(*own) if stands.replicated and not joined else None,
        alone=not stands.replicated,
        write_forwarding=stands.forwards_writes,
        recovery_point=restore.recovery_point if restore else None,
        identifier=stack.named(component(name, restore.name if restore else None)),
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


def connections_alarm(given: AuroraGlobalArgs) -> int:
    """Connections above which somebody is told."""
    if given.serverless is not None:
        most = serverless_connections(given.engine, given.serverless.min_units, given.serverless.max_units)
    else:
        most = max_connections(given.engine, given.instance_class)
    return int(CONNECTIONS_SHARE * most)


def check(given: AuroraGlobalArgs) -> None:
    """Raise ArgumentError for the first argument that can't be."""
    given.check()
    connections_alarm(given)


def placeholder(
    given: AuroraDatabase,
    name: str,
    stack: Stack,
    stands: Posture,
    restore: Restore | None,
    *,
    zones: Sequence[str],
    zone_endpoints: bool,
) -> AuroraGlobalArgs:
    """The cluster's arguments for its checks: all that settings decide, the ids of what doesn't exist yet replaced."""
    ids = dict.fromkeys(stack.zones, PLACEHOLDER)
    return cluster(
        given,
        name,
        stack,
        tags=PLACEHOLDER_TAGS,
        zones=zones,
        zone_endpoints=zone_endpoints,
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

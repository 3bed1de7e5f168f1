"""A region's Aurora clusters: the original one, or those that restores made, of which the last one serves."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pulumi

from architectures.peer import Outputs
from architectures.system import Place
from architectures.three_tier import arguments, names
from architectures.three_tier.database import Database, Writer
from architectures.three_tier.sample_app.script import facts
from architectures.three_tier.sections import Restore
from architectures.three_tier.settings import ThreeTierSettings
from components.data import AuroraGlobal, AuroraGlobalArgs, reading_statements
from components.operations import AuroraLimits
from components.switch import CLUSTERS, opt_in

ORIGINAL = "original"
"""What the database that no restore made is called in the outputs."""
LAG_SECONDS = 30.0
"""Alarm threshold for the global database's lag; typically below one second."""


def aurora(
    name: str,
    settings: ThreeTierSettings,
    place: Place,
    group_id: pulumi.Output[str],
    child: pulumi.ResourceOptions,
) -> Database:
    """Make the clusters; `group_id` is the security group before them."""
    given, stack = settings.database, place.stack
    made = {
        restore.name if restore else ORIGINAL: AuroraGlobal(
            names.database(name, restore.name if restore else None),
            _arguments(name, settings, place, restore, group_id),
            child,
        )
        for restore in settings.databases(stack)
    }
    serves = list(made.values())[-1]
    secret = _secret(settings, place, serves)
    replicated = settings.posture(stack).replicated
    units = [cluster.recovery_fact for cluster in made.values()]
    whole = serves.global_cluster_identifier
    return Database(
        endpoint=serves.endpoint,
        told=pulumi.Output.all(serves.endpoint, serves.reader_endpoint, secret).apply(
            lambda known: facts(given.engine, known[:2], settings.port, given.name, known[2])
        ),
        statements=reading_statements(secret, place.ground.key_arn, stack.region),
        recovery=units,
        used=units[-1:],
        limits=AuroraLimits(
            cluster_identifier=serves.cluster_identifier,
            connections=arguments.connections_alarm(
                given.engine, given.instance_class, arguments.capacity(given)
            ),
            global_lag_seconds=LAG_SECONDS if replicated else None,
        ),
        moves=Writer(global_cluster=whole, arn=serves.cluster_arn) if whole is not None else None,
        parts={"cluster": serves.cluster_identifier, "clusterArn": serves.cluster_arn},
        outputs={
            "databaseEndpoint": serves.endpoint,
            "databases": {called: _read(cluster) for called, cluster in made.items()},
        },
    )


def _peer(settings: ThreeTierSettings, place: Place, restore: Restore | None) -> Outputs | None:
    """What the other stack tells of the database that this one follows, if it does."""
    if place.peer is None or not settings.posture(place.stack).replicated:
        return None
    return place.peer.part("databases").part(restore.name if restore else ORIGINAL)


def _arguments(
    name: str,
    settings: ThreeTierSettings,
    place: Place,
    restore: Restore | None,
    group_id: pulumi.Output[str],
) -> AuroraGlobalArgs:
    ground, stack, peer = place.ground, place.stack, _peer(settings, place, restore)
    serves = restore == settings.databases(stack)[-1]
    agrees = opt_in(CLUSTERS, settings.rehearsed(stack)) if serves else {}
    return arguments.database(
        settings.database,
        name,
        stack,
        tags=replace(place.tags, facts=agrees),
        zone_names=ground.network.zone_names,
        subnet_ids=ground.network.data_subnet_ids,
        security_group_ids=[group_id],
        key_arn=ground.key_arn,
        peer_key_arn=ground.peer_key_arn,
        topic_arn=ground.topic.arn,
        joined=peer.text("globalClusterIdentifier") if peer else None,
        stands=settings.posture(stack),
        restore=restore,
    )


def _secret(settings: ThreeTierSettings, place: Place, serves: AuroraGlobal) -> pulumi.Output[str]:
    """The secret with the database's password, readable in this region when the other one is gone."""
    if serves.secret_arn is not None:
        return serves.secret_arn
    peer = _peer(settings, place, settings.databases(place.stack)[-1])
    assert peer is not None  # noqa: S101  who makes no secret has joined
    return peer.text("secretReplicaArn")


def _read(database: AuroraGlobal) -> Mapping[str, Any]:
    """What the other region's stack reads of a database: nothing of one that follows its own."""
    replicas = [*database.secret_replica_arns.values()]
    found = {
        "globalClusterIdentifier": database.global_cluster_identifier,
        "secretReplicaArn": replicas[0] if replicas else None,
    }
    return {key: value for key, value in found.items() if value is not None}

"""A region's Aurora clusters: the original one, or those that restores made, of which the last one serves."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from architectures.parts.aurora import arguments
from architectures.parts.aurora.sections import Restore
from architectures.parts.aurora.settings import AuroraSettings
from architectures.peer import Outputs
from architectures.stack import Stack
from architectures.system import Place
from components.data import AuroraGlobal, AuroraGlobalArgs, reading_statements
from components.facts import Fact
from components.operations import AuroraLimits
from components.permissions import Statement
from components.switch import CLUSTERS, GlobalDatabase, opt_in

ORIGINAL = "original"
"""What the database that no restore made is called in the outputs."""
LAG_SECONDS = 30.0
"""Alarm threshold for the global database's lag; typically below one second."""


@dataclass(frozen=True, kw_only=True)
class Writer:
    """One region's cluster of a global database, which another region's may take the writing over from."""

    global_cluster: pulumi.Output[str]
    """Identifier of the whole."""
    arn: pulumi.Output[str]

    def moves(
        self, stack: Stack, other: Callable[[pulumi.Output[str]], pulumi.Output[str]]
    ) -> GlobalDatabase:
        """What makes it the writer, or the other region's, whose ARN `other` makes of this one's."""
        return GlobalDatabase(
            identifier=self.global_cluster,
            cluster_arns={stack.region: self.arn, stack.peer_region: other(self.arn)},
        )


@dataclass(frozen=True, kw_only=True)
class Clusters:
    """What a region has of them."""

    serves: AuroraGlobal
    secret: pulumi.Output[str]
    """With the password of the one that serves, readable in this region when the other one is gone."""
    statements: Sequence[Statement]
    """What the application's role may do."""
    recovery: Sequence[Fact]
    """Units of recovery, also of clusters that no longer serve."""
    limits: AuroraLimits
    """What the region's alarms watch of it."""
    moves: Writer | None
    """What a switch to the other region makes the writer there. None: none follows."""
    parts: Mapping[str, pulumi.Output[str]]
    """What AWS calls it, for runbooks and for who moves the system."""
    outputs: Mapping[str, Any]
    """What people and the other region's stack read."""


def clusters(
    name: str,
    settings: AuroraSettings,
    place: Place,
    group_id: pulumi.Output[str],
    child: pulumi.ResourceOptions,
) -> Clusters:
    """Make the clusters; `group_id` is the security group before them."""
    stack = place.stack
    given = {
        restore.name if restore else ORIGINAL: (
            arguments.component(name, restore.name if restore else None),
            _arguments(name, settings, place, restore, group_id),
        )
        for restore in settings.databases(stack)
    }
    made = {called: AuroraGlobal(component, args, child) for called, (component, args) in given.items()}
    serves, args = list(made.values())[-1], list(given.values())[-1][1]
    secret = _secret(settings, place, serves)
    whole = serves.global_cluster_identifier
    return Clusters(
        serves=serves,
        secret=secret,
        statements=reading_statements(secret, place.ground.key_arn, stack.region),
        recovery=[cluster.recovery_fact for cluster in made.values()],
        limits=AuroraLimits(
            cluster_identifier=serves.cluster_identifier,
            connections=arguments.connections_alarm(args),
            global_lag_seconds=LAG_SECONDS if settings.posture(stack).replicated else None,
        ),
        moves=Writer(global_cluster=whole, arn=serves.cluster_arn) if whole is not None else None,
        parts={"cluster": serves.cluster_identifier, "clusterArn": serves.cluster_arn},
        outputs={
            "databaseEndpoint": serves.endpoint,
            "databases": {called: _read(cluster) for called, cluster in made.items()},
        },
    )


def _peer(settings: AuroraSettings, place: Place, restore: Restore | None) -> Outputs | None:
    """What the other stack tells of the database that this one follows, if it does."""
    if place.peer is None or not settings.posture(place.stack).replicated:
        return None
    return place.peer.part("databases").part(restore.name if restore else ORIGINAL)


def _arguments(
    name: str,
    settings: AuroraSettings,
    place: Place,
    restore: Restore | None,
    group_id: pulumi.Output[str],
) -> AuroraGlobalArgs:
    ground, stack, peer = place.ground, place.stack, _peer(settings, place, restore)
    serves = restore == settings.databases(stack)[-1]
    agrees = opt_in(CLUSTERS, settings.rehearsed(stack)) if serves else {}
    return arguments.cluster(
        settings.aurora,
        name,
        stack,
        tags=replace(place.tags, facts=agrees),
        zones=settings.database_zones(stack),
        zone_endpoints=settings.ZONE_ENDPOINTS,
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


def _secret(settings: AuroraSettings, place: Place, serves: AuroraGlobal) -> pulumi.Output[str]:
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

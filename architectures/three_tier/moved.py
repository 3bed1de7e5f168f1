"""What of a three-tier system moves to the other region: its servers, its writer, and what its other stores have to be told."""

from __future__ import annotations

from collections.abc import Callable

import pulumi

from architectures.parts.data_plane import Moving
from architectures.parts.switching import Planned
from architectures.parts.way_over import Moved
from architectures.peer import Outputs
from architectures.stack import Stack
from architectures.three_tier.serving import Serving
from architectures.three_tier.settings import ThreeTierSettings
from components.switch import GlobalDatabase, ServerGroup

HEALTH_PATH = "/health"


def moved(settings: ThreeTierSettings, stack: Stack, serving: Serving) -> Moved:
    """Of this region, and, for a plan, of the other one too."""

    def moving() -> Moving:
        tier = serving.tier
        servers = ServerGroup(
            name=tier.group_name, arn=tier.group_arn, servers=settings.full_size(stack).total
        )
        return Moving(
            groups=[servers],
            database=_database(serving, stack, stack.of_peer),
            cache=serving.stores.cache,
            files=serving.stores.files,
        )

    def planned(peer: Outputs) -> Planned:
        theirs, here, there = peer.part("parts"), stack.region, stack.peer_region
        return Planned(
            groups={here: serving.tier.group_arn, there: theirs.text("groupArn")},
            database=_database(serving, stack, lambda _own: theirs.text("clusterArn")),
            health={here: serving.alarms.arn, there: theirs.text("alarmArn")},
        )

    return Moved(moving=moving, planned=planned, health_path=HEALTH_PATH)


def _database(
    serving: Serving, stack: Stack, other: Callable[[pulumi.Output[str]], pulumi.Output[str]]
) -> GlobalDatabase | None:
    """What makes the region's cluster the writer, or the other region's. None: both write."""
    writer = serving.database.moves
    return writer.moves(stack, other) if writer else None

"""The way over by data plane: a state machine that brings its own region up, and a number that clients then follow."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from architectures.system import Place
from components.edge import HealthChecks
from components.facts import Fact
from components.switch import (
    DataPlaneSwitch,
    DataPlaneSwitchArgs,
    FollowingFiles,
    GlobalCache,
    GlobalDatabase,
    NodeGroup,
    PromotedReplica,
    ScaledService,
    ServerGroup,
    Takeover,
    TakeoverArgs,
)

TAKEOVER = "takeover"
"""Part of a state machine's name."""


@dataclass(frozen=True, kw_only=True)
class Moving:
    """What a region has that a takeover starts, or makes the one that is written."""

    groups: Sequence[ServerGroup] = ()
    services: Sequence[ScaledService] = ()
    nodes: Sequence[NodeGroup] = ()
    database: GlobalDatabase | None = None
    replicas: Sequence[PromotedReplica] = ()
    cache: GlobalCache | None = None
    files: FollowingFiles | None = None


class DataPlane:
    """This region's part, as children of the system. The number is kept in the other region."""

    check_id: pulumi.Output[str] | None = None
    """Check that the region's record of the site follows. None: there is no site."""
    machine: pulumi.Output[str]
    followed: dict[str, Any] | None = None
    """The site's record is watched as the region is."""
    recovery: Sequence[Fact] = ()
    """A machine that somebody starts takes nothing away from what is promised."""

    def __init__(
        self, name: str, place: Place, moving: Moving, *, health: HealthChecks | None, parent: pulumi.Resource
    ) -> None:
        stack, tags, child = place.stack, place.tags, pulumi.ResourceOptions(parent=parent)
        if health is not None:
            decision = DataPlaneSwitchArgs(
                region=stack.region,
                peer_region=stack.peer_region,
                system=stack.named(name),
                health_check_id=health.calculated_id,
                tags=tags,
            )
            self.check_id = DataPlaneSwitch(f"{name}-switch", decision, child).check_id
        args = TakeoverArgs(
            machine_name=stack.named(name, TAKEOVER),
            region=stack.region,
            peer_region=stack.peer_region,
            system=stack.named(name),
            groups=moving.groups,
            services=moving.services,
            nodes=moving.nodes,
            database=moving.database,
            replicas=moving.replicas,
            cache=moving.cache,
            files=moving.files,
            key_arn=place.ground.key_arn,
            actions=[place.ground.topic.arn],
            tags=tags,
        )
        self.machine = Takeover(f"{name}-takeover", args, child).arn
        self.outputs = {"takeover": self.machine}

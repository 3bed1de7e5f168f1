"""What moves a three-tier system to another region: this region's part of the switch that its settings name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pulumi

from architectures.parts.data_plane import DataPlane, Moving
from architectures.peer import Outputs
from architectures.system import Place
from architectures.three_tier import switching
from architectures.three_tier.serving import Serving
from architectures.three_tier.settings import ThreeTierSettings
from components.edge import HealthChecks, region_name
from components.edge.log_bucket import log_bucket
from components.facts import Fact
from components.operations import PeerWatch, PeerWatchArgs
from components.switch import (
    GlobalDatabase,
    RegionSwitch,
    Report,
    ServerGroup,
)

REPORT_DAYS = 400
"""Reports of executions are kept until the next year's rehearsal has its own."""


class WayOver:
    """The switch, as children of the system.

    By data plane: each stack has the switch of its own region, whose number is kept in the other one, and the state machine that brings
    its own region up. By Region switch: the founding stack has the plan of the site's health checks, which the plan of the joining
    stack runs last; that one starts servers and moves the writer.
    """

    check_id: pulumi.Output[str] | None = None
    """Check that the region's record of the site follows. None: the region's own."""
    machine: pulumi.Output[str] | None = None
    """The state machine of this region."""
    plan: pulumi.Output[str] | None = None
    """The plan that moves everything, in the stack that has it."""
    followed: dict[str, Any] | None = None
    """How the site's record is watched, for its fact. None: as the region is."""
    recovery: list[Fact]
    outputs: dict[str, Any]
    """What people and the other region's stack read of it."""

    def __init__(
        self,
        name: str,
        settings: ThreeTierSettings,
        place: Place,
        serving: Serving,
        *,
        health: HealthChecks | None,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place = name, settings, place
        self._serving, self._stack, self._parent = serving, place.stack, parent
        self._child = pulumi.ResourceOptions(parent=parent)
        self._sent = settings.posture(place.stack).traffic
        self.recovery, self.outputs = [], {}
        if settings.switch.by == "data-plane":
            self._by_data_plane(health)
        elif place.peer is None:
            self._of_traffic()
        else:
            self._of_system(place.peer)

    def _by_data_plane(self, health: HealthChecks | None) -> None:
        serving, stack = self._serving, self._stack
        moving = Moving(
            groups=[self._servers()],
            database=self._database(stack.of_peer),
            cache=serving.stores.cache,
            files=serving.stores.files,
        )
        over = DataPlane(self._name, self._place, moving, health=health, parent=self._parent)
        self.check_id, self.machine = over.check_id, over.machine
        self.outputs = {"takeover": self.machine}

    def _servers(self) -> ServerGroup:
        tier, full = self._serving.tier, self._settings.full_size(self._stack)
        return ServerGroup(name=tier.group_name, arn=tier.group_arn, servers=full.total)

    def _of_traffic(self) -> None:
        """The founding stack's plan: of the names, if there are any."""
        if self._settings.site is not None:
            args = switching.of_traffic(
                self._settings.switch,
                self._name,
                self._stack,
                self._sent,
                site=self._settings.site,
                zone_id=self._place.ground.zone_id,
                tags=self._place.tags,
            )
            plan = RegionSwitch(f"{self._name}-traffic", args, self._child)
            self.check_id = plan.health_check_ids[self._stack.region]
            self.followed = {"switched": True}
            self.recovery = [plan.recovery_fact]
            self.outputs = {"switch": {"trafficPlan": plan.arn, "checkIds": dict(plan.health_check_ids)}}

    def _of_system(self, peer: Outputs) -> None:
        theirs, names = peer.part("parts"), peer.part("switch") if self._settings.site else None
        here, there = self._stack.region, self._stack.peer_region
        serving, tags = self._serving, self._place.tags
        bucket = log_bucket(
            f"{self._name}-switch-reports",
            "arc-region-switch.amazonaws.com",
            tags=tags,
            days=REPORT_DAYS,
            protect=self._stack.protect,
            parent=self._parent,
        )
        args = switching.of_system(
            self._settings.switch,
            self._name,
            self._stack,
            self._sent,
            groups={here: serving.tier.group_arn, there: theirs.text("groupArn")},
            database=self._database(lambda _own: theirs.text("clusterArn")),
            children=[names.text("trafficPlan")] if names else [],
            health={here: serving.alarms.arn, there: theirs.text("alarmArn")},
            report=Report(bucket=bucket.bucket),
            tags=tags,
            watch=self._watch(),
        )
        plan = RegionSwitch(f"{self._name}-region", args, self._child)
        if names:
            self.check_id = names.part("checkIds").text(here)
            self.followed = {"check_elsewhere": self.check_id}
        self.recovery = [plan.recovery_fact]
        self.plan = plan.arn
        self.outputs = {"switch": {"plan": plan.arn, "reports": bucket.bucket}}

    def _watch(self) -> pulumi.Output[str] | None:
        """The alarm that tells that the other region is lost, where that is to start something."""
        stack, ground = self._stack, self._place.ground
        if not self._settings.watches(stack):
            return None
        args = PeerWatchArgs(
            region=stack.region,
            peer_region=stack.peer_region,
            system=stack.named(self._name),
            url=f"https://{region_name(stack.peer_region, str(self._settings.site))}/health",
            key_arn=ground.key_arn,
            actions=[ground.topic.arn],
            tags=self._place.tags,
        )
        return PeerWatch(f"{self._name}-watch", args, self._child).arn

    def _database(self, other: Callable[[pulumi.Output[str]], pulumi.Output[str]]) -> GlobalDatabase | None:
        """What makes the region's cluster the writer, or the other region's, whose ARN `other` makes of this one's. None: both write."""
        writer, stack = self._serving.database.moves, self._stack
        if writer is None:
            return None
        return GlobalDatabase(
            identifier=writer.global_cluster,
            cluster_arns={stack.region: writer.arn, stack.peer_region: other(writer.arn)},
        )

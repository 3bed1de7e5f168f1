"""What moves a system to another region: this region's part of the switch that its settings name."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pulumi

from architectures.parts import switching
from architectures.parts.data_plane import DataPlane, Moving
from architectures.parts.switched import SwitchedSettings
from architectures.parts.switching import Planned
from architectures.peer import Outputs
from architectures.system import Place
from components.edge import HealthChecks, region_name
from components.edge.log_bucket import log_bucket
from components.facts import Fact
from components.operations import PeerWatch, PeerWatchArgs
from components.switch import MovedStores, RegionSwitch, Report, StoreSwitch, StoreSwitchArgs

STORES = "storesFunction"
"""Output of the founding stack: the function that moves cache and files to its region."""
REPORT_DAYS = 400
"""Reports of executions are kept until the next year's rehearsal has its own."""


@dataclass(frozen=True, kw_only=True)
class Moved:
    """What of a system moves, for either kind of switch: asked for when it is that one."""

    moving: Callable[[], Moving]
    """What this region's state machine starts, and of which a plan's functions move the stores."""
    planned: Callable[[Outputs], Planned]
    """What the joining stack's plan moves, with what the founding stack's system put out."""
    health_path: str
    """What the other region is asked at, where this one watches it."""


class WayOver:
    """The switch, as children of the system.

    By data plane: each stack has the switch of its own region, whose number is kept in the other one, and the state machine that brings
    its own region up. By Region switch: the founding stack has the plan of the site's health checks, which the plan of the joining
    stack runs last; that one starts servers and tasks, and moves the writer. Each stack has the function that moves cache and files to
    its region.
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
        settings: SwitchedSettings,
        place: Place,
        moved: Moved,
        *,
        health: HealthChecks | None,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place = name, settings, place
        self._moved, self._stack, self._parent = moved, place.stack, parent
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
        over = DataPlane(self._name, self._place, self._moved.moving(), health=health, parent=self._parent)
        self.check_id, self.machine = over.check_id, over.machine
        self.outputs = over.outputs

    def _of_traffic(self) -> None:
        """The founding stack's plan: of the names, if there are any."""
        told: dict[str, Any] = {}
        if (moved := self._stores()) is not None:
            told[STORES] = self._function(moved)
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
            told |= {"trafficPlan": plan.arn, "checkIds": dict(plan.health_check_ids)}
        if told:
            self.outputs = {"switch": told}

    def _of_system(self, peer: Outputs) -> None:
        names = peer.part("switch") if self._settings.site else None
        here, tags = self._stack.region, self._place.tags
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
            planned=self._planned(peer),
            children=[names.text("trafficPlan")] if names else [],
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

    def _planned(self, peer: Outputs) -> Planned:
        """What the plan moves, with the functions of both regions where it moves stores."""
        found, moved = self._moved.planned(peer), self._stores()
        if moved is None:
            return found
        here, there = self._stack.region, self._stack.peer_region
        functions = {here: self._function(moved), there: peer.part("switch").text(STORES)}
        cache, files = moved.cache is not None, moved.files is not None
        return replace(
            found, stores=MovedStores(function_arns=functions, cache=cache, files=files, names=moved.names)
        )

    def _stores(self) -> StoreSwitchArgs | None:
        """What moves this region's cache and files. None: there are none that could."""
        moving = self._moved.moving()
        if moving.cache is None and moving.files is None:
            return None
        return StoreSwitchArgs(
            region=self._stack.region,
            plan_name=switching.plan_of_system(self._name, self._stack),
            cache=moving.cache,
            files=moving.files,
            key_arn=self._place.ground.key_arn,
            tags=self._place.tags,
        )

    def _function(self, moved: StoreSwitchArgs) -> pulumi.Output[str]:
        return StoreSwitch(f"{self._name}-stores", moved, self._child).arn

    def _watch(self) -> pulumi.Output[str] | None:
        """The alarm that tells that the other region is lost, where that is to start something."""
        stack, ground = self._stack, self._place.ground
        if not self._settings.watches(stack):
            return None
        args = PeerWatchArgs(
            region=stack.region,
            peer_region=stack.peer_region,
            system=stack.named(self._name),
            url=f"https://{region_name(stack.peer_region, str(self._settings.site))}{self._moved.health_path}",
            key_arn=ground.key_arn,
            actions=[ground.topic.arn],
            tags=self._place.tags,
        )
        return PeerWatch(f"{self._name}-watch", args, self._child).arn

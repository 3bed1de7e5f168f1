"""A system that a switch, or nobody, moves to the other region: what its check decides, and what is put out of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

import pulumi

from architectures.parts import recovery
from architectures.parts.arguments import autoshift
from architectures.parts.data_plane import DataPlane
from architectures.parts.named import NamedSystem
from architectures.parts.settings import NamedSettings, SiteSettings
from architectures.parts.site import Site
from architectures.parts.way_over import WayOver
from architectures.system import Place
from components.edge import SiteRecords
from components.facts import Fact
from components.switch import ZonalAutoshift


class _Serving(Protocol):
    @property
    def outputs(self) -> Mapping[str, Any]:
        """What is told of it."""


class MovedSystem(NamedSystem):
    """One region's part of it."""

    way_over: DataPlane | WayOver | None
    """None where nothing is switched: the settings say so, or nothing stands ready in the other region."""

    _name: str
    _place: Place
    _child: pulumi.ResourceOptions

    def _begin(self, name: str, settings: NamedSettings, place: Place) -> None:
        """Remember what it is made of, and have its site; nothing serves yet."""
        self._name, self._place = name, place
        self._child = pulumi.ResourceOptions(parent=self)
        self.site = Site(name, settings, place, self)
        self.health = None

    def _shift_zones(
        self,
        settings: SiteSettings,
        load_balancer_arn: pulumi.Input[str],
        alarm_arns: Mapping[str, pulumi.Input[str]],
    ) -> None:
        """Have zonal autoshift take traffic from an ill zone, where the settings say so."""
        if settings.shifts(self._place.stack):
            args = autoshift(settings.autoshift, load_balancer_arn=load_balancer_arn, alarm_arns=alarm_arns)
            ZonalAutoshift(f"{self._name}-zonal", args, self._child)

    @property
    def _check_id(self) -> pulumi.Output[str] | None:
        return self.way_over.check_id if self.way_over else None

    def _named(self, records: SiteRecords, front: str | None, servers: Sequence[str]) -> list[Fact]:
        """Facts of the site's names: `front` is the load balancer, `servers` what is behind it."""
        return recovery.names(
            records,
            self.health,
            self.site.content,
            front=front,
            servers=servers,
            switched=self._check_id is not None,
            followed=self.way_over.followed if self.way_over else None,
        )

    def _told(self, kind: str, serving: _Serving | None, **more: Any) -> dict[str, Any]:
        """What the stack puts out of it."""
        found: dict[str, Any] = {"kind": kind, **more}
        if serving:
            found |= serving.outputs
        if self.way_over:
            found |= self.way_over.outputs
        return found

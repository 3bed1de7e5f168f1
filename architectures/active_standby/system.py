"""A system of software that can't be clustered: one instance of two serves, in one region of two."""

from __future__ import annotations

import pulumi

from architectures.active_standby.runbook import written
from architectures.active_standby.serving import Serving
from architectures.active_standby.settings import ActiveStandbySettings
from architectures.parts.data_plane import DataPlane, Moving
from architectures.parts.moved import MovedSystem
from architectures.parts.site import Site, served
from architectures.system import Place
from components.edge import Served, SiteRecords
from components.facts import Fact


class ActiveStandby(MovedSystem):
    """One region's part of the system.

    Creates: security groups, certificate, load balancer with a public and a test listener, two Auto Scaling groups of one instance, the
    function that says which of them serves, the table of its lease, data disks where the settings say so, alarms, the switch to the
    other region, runbooks; with a site also health checks and records, and in the founding stack the static content and the site of
    last resort. Without one the load balancer is internal.
    Survives: instance and zone (the other instance serves in about half a minute; what the first one kept in memory is lost), region as
    the strategy says. Costs: two instances, of which one serves; a function that always runs.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_withstand_component_failures_failover2good.html
    """

    serving: Serving | None
    """None where the strategy leaves the region without anything."""

    TYPE = "holdfast:architectures:ActiveStandby"
    SERVING: type[Serving] = Serving
    RUNBOOKS = staticmethod(written)

    def __init__(
        self,
        name: str,
        settings: ActiveStandbySettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__(self.TYPE, name, {}, opts)
        self._name, self._settings, self._place = name, settings, place
        self.serving = self.health = self.way_over = None
        self.site = Site(name, settings, place, self)
        if settings.posture(place.stack).data:
            self.serving = self.SERVING(name, settings, place, self.site, self)
        if self.serving:
            server = settings.server
            self.health = self.site.health(
                self.serving.load_balancer, shallow=server.health_path, deep=server.deep_health_path
            )
        if self.serving and settings.switched(place.stack):
            moving = Moving(groups=self.serving.started)
            self.way_over = DataPlane(name, place, moving, health=self.health, parent=self)
        self._end(
            name,
            place,
            served=self._served(),
            recovery=self.serving.recovery if self.serving else [],
            names=self._names,
            runbooks=self.RUNBOOKS(name, settings, place, self.serving, self.way_over),
            outputs=self._told(settings.kind, self.serving),
        )

    def _served(self) -> Served | None:
        if self.serving is None:
            return None
        after = self.serving.pair.groups[0].id
        # Nobody is registered while one takes over from the other: Route 53 would leave the region for these seconds.
        return served(self.serving.load_balancer, after, self.health, self._check_id, evaluated=False)

    def _names(self, records: SiteRecords) -> list[Fact]:
        told = self.serving.recovery if self.serving else []
        return self._named(
            records,
            front=told[0]["name"] if told else None,
            servers=[told[1]["name"]] if told else [],
        )

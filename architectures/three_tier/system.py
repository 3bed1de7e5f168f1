"""A three-tier web system that two regions serve: load balancer, auto-scaled application, Aurora Global Database."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.parts import recovery
from architectures.parts.content import Content
from architectures.parts.named import NamedSystem
from architectures.parts.rehearsals import Rehearsals, Rehearsed
from architectures.parts.site import Site, served
from architectures.parts.way_over import WayOver
from architectures.system import Place
from architectures.three_tier.moved import moved as moving
from architectures.three_tier.runbook.write import written
from architectures.three_tier.serving import Serving
from architectures.three_tier.settings import ThreeTierSettings
from components.edge import Served, SiteRecords
from components.facts import Fact


class ThreeTier(NamedSystem):
    """One region's part of the system.

    Creates: security groups, certificate, load balancer, Auto Scaling group, Aurora cluster, cache, table of sessions and shared files
    where the settings say so, alarms, the switch to the other region, zonal autoshift, experiments, runbooks; with a site also health
    checks and records, and in the founding stack the static content and the site of last resort. Without one the load balancer is
    internal.
    Survives: instance (load balancer and Auto Scaling), zone (capacity stays enough; Aurora fails over in under a minute), region
    (health checks move a site's traffic in about 100 s; the database is promoted by whoever decides it). Costs: instances and database.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html
    """

    content: Content | None
    """None without a site, and in the joining stack."""
    serving: Serving | None
    """None where the strategy leaves the region without data."""
    way_over: WayOver | None
    """None where nothing is switched: the settings say so, or no data crosses."""
    rehearsals: Rehearsals | None

    def __init__(
        self,
        name: str,
        settings: ThreeTierSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:ThreeTier", name, {}, opts)
        self._name, self._settings, self._place = name, settings, place
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._child = pulumi.ResourceOptions(parent=self)
        self.content = self.serving = self.health = self.way_over = self.records = None
        self.rehearsals = None
        self.site = Site(name, settings, place, self)
        self.content, self.certificate = self.site.content, self.site.certificate
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, self.site, self)
        if self.serving:
            self.health = self.site.health(self.serving.load_balancer)
        if self.serving and settings.switched(place.stack):
            over = moving(settings, place.stack, self.serving)
            self.way_over = WayOver(name, settings, place, over, health=self.health, parent=self)
        if self.serving:
            given = Rehearsed(
                autoshift=settings.autoshift if settings.shifts(place.stack) else None,
                experiments=settings.rehearsed(place.stack),
                load_balancer_arn=self.serving.load_balancer.arn,
                alarm_arns=self.serving.alarms.symptom_arns,
            )
            self.rehearsals = Rehearsals(name, place, given, parent=self)
        moved = self.way_over.recovery if self.way_over else []
        self._end(
            name,
            place,
            served=self._served(),
            recovery=[*(self.serving.recovery if self.serving else []), *moved],
            names=self._names,
            runbooks=written(name, settings, place, self.serving, self.way_over),
            outputs=self._outputs(),
        )

    def _served(self) -> Served | None:
        if self.serving is None:
            return None
        check = self.way_over.check_id if self.way_over else None
        return served(self.serving.load_balancer, self.serving.tier.group.id, self.health, check)

    def _names(self, records: SiteRecords) -> list[Fact]:
        serving, over = self.serving, self.way_over
        return recovery.names(
            records,
            self.health,
            self.content,
            front=serving.load_balancer.recovery_fact["name"] if serving else None,
            servers=[serving.tier.recovery_fact["name"]] if serving else [],
            switched=over is not None and over.check_id is not None,
            followed=over.followed if over else None,
        )

    def _outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = {"kind": self._settings.kind}
        if self.serving:
            found |= self.serving.outputs
        if self.way_over:
            found |= self.way_over.outputs
        if self.rehearsals:
            found |= self.rehearsals.outputs
        return found

"""Services in containers that two regions serve: one cluster, paths outside, names inside, queues between."""

from __future__ import annotations

import pulumi

from architectures.containers.moved import moved as moving
from architectures.containers.runbook import written
from architectures.containers.serving import Serving
from architectures.containers.settings import ContainersSettings
from architectures.parts.images import Images
from architectures.parts.moved import MovedSystem
from architectures.parts.rehearsals import Rehearsals, Rehearsed
from architectures.parts.site import served
from architectures.parts.way_over import WayOver
from architectures.system import Place
from components.edge import Served, SiteRecords
from components.facts import Fact
from components.outputs import once


class Containers(MovedSystem):
    """One region's part of the system.

    Creates: repositories (the founding stack's, in both regions), security groups, cluster with its names, queues, services with their
    scaling, load balancer and paths where one faces outside, a VPC Lattice network where one is called from other VPCs, alarms, a switch to
    the other region, zonal autoshift, experiments, runbooks; with a site also health checks and records, and in the founding stack the page
    of last resort.
    Survives: a task (replaced), a zone (what runs stays enough), region (health checks move a site's traffic in about 100 s; the other
    region's services grow by scaling, or were full). Messages that wait in a queue wait until their region is back. Costs: tasks, and the
    load balancer.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/availability-best-practices.html
    """

    images: Images
    serving: Serving | None
    """None where the strategy leaves the region empty."""
    way_over: WayOver | None
    """None where nothing is switched: the settings say so, or no region stands ready."""

    def __init__(
        self,
        name: str,
        settings: ContainersSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:Containers", name, {}, opts)
        self._settings = settings
        self._begin(name, settings, place)
        self.images = Images(name, settings.services, place, self)
        self.serving = None
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, self.site, self.images, parent=self)
        if self.serving and self.serving.balancer:
            self.health = self.site.health(
                self.serving.balancer, shallow=settings.health_path, deep=settings.deep_health_path
            )
        self.way_over = self._way_over(settings)
        moved = self.way_over.recovery if self.way_over else []
        rehearsals = self._rehearsals()
        self._end(
            name,
            place,
            served=self._served(),
            recovery=[*(self.serving.recovery if self.serving else []), *moved],
            names=self._names,
            runbooks=written(name, settings, place, self.serving, self.way_over),
            outputs=self._told(
                settings.kind,
                self.serving,
                images=self.images.outputs,
                **(rehearsals.outputs if rehearsals else {}),
            ),
        )

    def _way_over(self, settings: ContainersSettings) -> WayOver | None:
        stack, serving = self._place.stack, self.serving
        if serving is None or not serving.services or not settings.switched(stack):
            return None
        over = moving(settings, stack, serving)
        return WayOver(self._name, settings, self._place, over, health=self.health, parent=self)

    def _rehearsals(self) -> Rehearsals | None:
        serving, settings, stack = self.serving, self._settings, self._place.stack
        if serving is None or serving.balancer is None or serving.alarms is None:
            return None
        given = Rehearsed(
            autoshift=settings.autoshift if settings.shifts(stack) else None,
            experiments=settings.rehearsed(stack),
            load_balancer_arn=serving.balancer.arn,
            alarm_arns=serving.alarms.symptom_arns,
        )
        return Rehearsals(self._name, self._place, given, parent=self)

    def _served(self) -> Served | None:
        if self.serving is None or self.serving.balancer is None:
            return None
        made = [self.serving.services[each].service_arn for each in self.serving.paths]
        return served(
            self.serving.balancer,
            once("", *made),
            self.health,
            self._check_id,
            # To Route 53 a load balancer is ill whose blue/green service has an empty target group, as it has between deployments.
            evaluated=not self._settings.paired,
        )

    def _names(self, records: SiteRecords) -> list[Fact]:
        serving = self.serving
        return self._named(
            records,
            front=serving.balancer.recovery_fact["name"] if serving and serving.balancer else None,
            servers=serving.answering if serving else [],
        )

"""Services in containers that two regions serve: one cluster, paths outside, names inside, queues between."""

from __future__ import annotations

import pulumi

from architectures.containers import arguments
from architectures.containers.runbook import written
from architectures.containers.serving import Serving
from architectures.containers.settings import ContainersSettings
from architectures.parts.arguments import autoshift
from architectures.parts.data_plane import DataPlane, Moving
from architectures.parts.images import Images
from architectures.parts.moved import MovedSystem
from architectures.parts.site import Site, served
from architectures.system import Place
from components.edge import Served, SiteRecords
from components.facts import Fact
from components.outputs import once
from components.switch import ScaledService, ZonalAutoshift


class Containers(MovedSystem):
    """One region's part of the system.

    Creates: repositories (the founding stack's, in both regions), security groups, cluster with its names, queues, services with their
    scaling, load balancer and paths where one faces outside, alarms, a switch to the other region,
    zonal autoshift, runbooks; with a site also health checks and records, and in the founding stack the page of last resort.
    Survives: a task (replaced), a zone (what runs stays enough), region (health checks move a site's traffic in about 100 s; the other
    region's services grow by scaling, or were full). Messages that wait in a queue wait until their region is back. Costs: tasks, and the
    load balancer.
    Source: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/availability-best-practices.html
    """

    images: Images
    serving: Serving | None
    """None where the strategy leaves the region empty."""
    way_over: DataPlane | None
    """None where nothing is switched: the settings say so, or no region stands ready."""

    def __init__(
        self,
        name: str,
        settings: ContainersSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:Containers", name, {}, opts)
        self._name, self._settings, self._place = name, settings, place
        self._child = pulumi.ResourceOptions(parent=self)
        self.site = Site(name, settings, place, self)
        self.images = Images(name, settings.services, place, self)
        self.serving = self.health = None
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, self.site, self.images, parent=self)
        if self.serving and self.serving.balancer:
            self.health = self.site.health(
                self.serving.balancer, shallow=settings.health_path, deep=settings.deep_health_path
            )
        self.way_over = self._way_over(settings)
        self._autoshift()
        self._end(
            name,
            place,
            served=self._served(),
            recovery=self.serving.recovery if self.serving else [],
            names=self._names,
            runbooks=written(name, settings, place, self.serving, self.way_over),
            outputs=self._told(settings.kind, self.serving, images=self.images.outputs),
        )

    def _way_over(self, settings: ContainersSettings) -> DataPlane | None:
        stack, serving = self._place.stack, self.serving
        if serving is None or not serving.services or not settings.switched(stack):
            return None
        services = [
            ScaledService(
                label=each,
                cluster_name=made.cluster_name,
                service_name=made.service_name,
                arn=made.service_arn,
                tasks=arguments.running(settings.services[each], stack, 1),
            )
            for each, made in serving.services.items()
        ]
        return DataPlane(self._name, self._place, Moving(services=services), health=self.health, parent=self)

    def _autoshift(self) -> None:
        serving = self.serving
        if serving is None or serving.balancer is None or serving.alarms is None:
            return
        if self._settings.shifts(self._place.stack):
            args = autoshift(
                self._settings.autoshift,
                load_balancer_arn=serving.balancer.arn,
                alarm_arns=serving.alarms.symptom_arns,
            )
            ZonalAutoshift(f"{self._name}-zonal", args, self._child)

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

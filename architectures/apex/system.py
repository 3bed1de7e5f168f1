"""APEX applications that one region of two serves: ORDS in containers, RDS for Oracle behind."""

from __future__ import annotations

import pulumi

from architectures.apex.runbook import written
from architectures.apex.serving import Serving
from architectures.apex.settings import SERVER, ApexSettings
from architectures.parts.data_plane import DataPlane, Moving
from architectures.parts.images import Images
from architectures.parts.moved import MovedSystem
from architectures.parts.site import served
from architectures.parts.tasks import running
from architectures.system import Place
from components.edge import Served, SiteRecords
from components.facts import Fact
from components.switch import ScaledService


class Apex(MovedSystem):
    """One region's part of the system.

    Creates: the repository of images (the founding stack's, in both regions), security groups, the database with its standby, option
    group, parameter group, secret and rotation (in the other region a replica, or the automated backups alone), cluster, load balancer,
    ORDS with its scaling, alarms, a switch to the other region, zonal autoshift, runbooks; with `hours` the schedules that stop and start
    it; with a site also health checks and records, and in the founding stack the page of last resort.
    Survives: a task (replaced), a zone (what runs stays enough, the database fails over to its standby in 60 to 120 s without loss), region
    (with Enterprise Edition its replica is promoted; else the database is restored out of replicated backups). Costs: the database twice,
    and its licence for each; tasks and the load balancer.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Oracle.Concepts.Licensing.html,
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Appendix.Oracle.Options.APEX.html
    """

    images: Images
    serving: Serving | None
    """None where the strategy leaves the region empty."""
    way_over: DataPlane | None
    """None where nothing is switched: the settings say so, or no region stands ready."""

    def __init__(
        self,
        name: str,
        settings: ApexSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:Apex", name, {}, opts)
        self._begin(name, settings, place)
        self.images = Images(name, [SERVER], place, self)
        self.serving = None
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, self.site, self.images, parent=self)
        if self.serving and self.serving.balancer:
            given = settings.server
            self.health = self.site.health(
                self.serving.balancer, shallow=given.health_path, deep=given.deep_health_path
            )
        self.way_over = self._way_over(settings)
        if self.serving and self.serving.balancer and self.serving.alarms:
            self._shift_zones(settings, self.serving.balancer.arn, self.serving.alarms.symptom_arns)
        self._end(
            name,
            place,
            served=self._served(),
            recovery=self.serving.recovery if self.serving else [],
            names=self._names,
            runbooks=written(name, settings, place, self.serving, self.way_over),
            outputs=self._told(settings.kind, self.serving, images=self.images.outputs),
        )

    def _way_over(self, settings: ApexSettings) -> DataPlane | None:
        stack, serving = self._place.stack, self.serving
        if serving is None or serving.service is None or not settings.switched(stack):
            return None
        service = ScaledService(
            label=SERVER,
            cluster_name=serving.service.cluster_name,
            service_name=serving.service.service_name,
            arn=serving.service.service_arn,
            tasks=running(settings.server.required_tasks, stack, 1),
        )
        promoted = serving.databases.promoted
        moving = Moving(services=[service], replicas=[promoted] if promoted else [])
        return DataPlane(self._name, self._place, moving, health=self.health, parent=self)

    def _served(self) -> Served | None:
        if self.serving is None or self.serving.balancer is None or self.serving.service is None:
            return None
        return served(self.serving.balancer, self.serving.service.service_arn, self.health, self._check_id)

    def _names(self, records: SiteRecords) -> list[Fact]:
        serving = self.serving
        there = serving is not None and serving.balancer is not None and serving.service is not None
        told = serving.recovery if serving and there else []
        return self._named(
            records,
            front=told[0]["name"] if told else None,
            # Who is sent here waits for the service, whose tasks are told of the database: it is behind the name, too.
            servers=[told[1]["name"], told[-1]["name"]] if told else [],
        )

"""Three tiers that two regions serve, in which a request stays in its zone."""

from __future__ import annotations

import pulumi

from architectures.parts import tier
from architectures.parts.data_plane import DataPlane, Moving
from architectures.parts.moved import MovedSystem
from architectures.parts.site import served
from architectures.system import Place
from architectures.zone_affinity.runbook import written
from architectures.zone_affinity.serving import APPLICATION, WEB, Serving
from architectures.zone_affinity.settings import ZoneAffinitySettings
from components.edge import Served, SiteRecords
from components.facts import Fact
from components.switch import GlobalDatabase, ServerGroup


class ZoneAffinity(MovedSystem):
    """One region's part of the system.

    Creates: security groups, certificate, load balancer, web tier, a load balancer between the tiers that keeps each zone's requests
    there, application tier, Aurora cluster with an instance and an endpoint in every zone, alarms, the switch to the other region,
    zonal autoshift, runbooks; with a site also health checks and records, and in the founding stack the static content and the page of
    last resort.
    Survives: instance, zone (clients leave its address; the other zones are enough; who read there reads by the cluster's endpoint),
    the loss of a zone's application alone (its web tier is led to the other zones' when the checks have found it), region (health checks
    move a site's traffic in about 100 s; the database is promoted by whoever decides it). Costs: instances, one of the database in
    every zone.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html#zonal-dns-affinity,
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Custom.html
    """

    serving: Serving | None
    """None where the strategy leaves the region without data."""
    way_over: DataPlane | None
    """None where nothing is switched: the settings say so, or no data crosses."""

    def __init__(
        self,
        name: str,
        settings: ZoneAffinitySettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:ZoneAffinity", name, {}, opts)
        self._begin(name, settings, place)
        self.serving = None
        if settings.posture(place.stack).data:
            self.serving = Serving(name, settings, place, self.site, self)
            self.health = self.site.health(self.serving.load_balancer)
        self.way_over = self._way_over(settings)
        if self.serving:
            # Of the public load balancer alone: a zone that no client comes in by asks its application nothing.
            self._shift_zones(settings, self.serving.load_balancer.arn, self.serving.alarms.symptom_arns)
        self._end(
            name,
            place,
            served=self._served(),
            recovery=self.serving.recovery if self.serving else [],
            names=self._names,
            runbooks=written(name, settings, place, self.serving, self.way_over),
            outputs=self._told(settings.kind, self.serving),
        )

    def _way_over(self, settings: ZoneAffinitySettings) -> DataPlane | None:
        stack, serving = self._place.stack, self.serving
        if serving is None or not settings.switched(stack):
            return None
        tiers = {
            WEB: (serving.web, settings.web),
            APPLICATION: (serving.application, settings.application),
        }
        groups = [
            ServerGroup(
                label=what,
                name=made.group_name,
                arn=made.group_arn,
                servers=tier.full_size(compute, stack).total,
            )
            for what, (made, compute) in tiers.items()
        ]
        database, writer = None, serving.database.moves
        if writer is not None:
            arns = {stack.region: writer.arn, stack.peer_region: stack.of_peer(writer.arn)}
            database = GlobalDatabase(identifier=writer.global_cluster, cluster_arns=arns)
        moving = Moving(groups=groups, database=database)
        return DataPlane(self._name, self._place, moving, health=self.health, parent=self)

    def _served(self) -> Served | None:
        if self.serving is None:
            return None
        return served(self.serving.load_balancer, self.serving.web.group.id, self.health, self._check_id)

    def _names(self, records: SiteRecords) -> list[Fact]:
        serving = self.serving
        return self._named(
            records,
            front=serving.load_balancer.recovery_fact["name"] if serving else None,
            servers=[serving.web.recovery_fact["name"]] if serving else [],
        )

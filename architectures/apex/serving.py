"""What serves an APEX system in one region: groups, database, load balancer, ORDS, alarms, working hours."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.apex import arguments
from architectures.apex.database import Databases
from architectures.apex.settings import SERVER, ApexSettings
from architectures.parts import service_alarms
from architectures.parts.images import Images
from architectures.parts.site import Site
from architectures.parts.tasks import Around, running
from architectures.system import Place
from components.compute import ContainerCluster, ContainerClusterArgs, ContainerService, Target
from components.data.oracle import TLS_PORT
from components.edge import LoadBalancer
from components.facts import Fact
from components.network import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.operations import RegionHealth, RegionHealthArgs, WorkingHours, WorkingHoursArgs

DATABASE = "database"
"""The security group before it."""


class Serving:
    """The parts of a region that serve, as children of the system. Without an image there is the database alone."""

    balancer: LoadBalancer | None = None
    service: ContainerService | None = None
    alarms: RegionHealth | None = None

    def __init__(
        self,
        name: str,
        settings: ApexSettings,
        place: Place,
        site: Site,
        images: Images,
        *,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place = name, settings, place
        self._site, self._images = site, images
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._share = settings.posture(place.stack).share or 0
        self._child = pulumi.ResourceOptions(parent=parent)
        self.groups = self._groups()
        self.databases = Databases(name, settings, place, self.groups.store_ids[DATABASE], parent)
        self.cluster = ContainerCluster(
            f"{name}-apps",
            ContainerClusterArgs(
                tags=self._tags, cluster_name=self._stack.named(name), key_arn=self._ground.key_arn
            ),
            self._child,
        )
        if settings.server.image is not None:
            self.balancer = site.balancer(self.groups.load_balancer_id, arguments.target(settings.server))
            self.service = self._service(self.balancer, settings.server.image)
            self.alarms = self._alarms(self.balancer, self.service)
            self._hours(self.service)

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back."""
        stored = self.databases.recovery
        if self.balancer is None or self.service is None:
            return stored
        used = stored[-1]["name"]
        server = {**self.service.recovery_fact, "check": self.balancer.target_check, "needs": [used]}
        front = {**self.balancer.recovery_fact, "needs": [server["name"]]}
        return [front, server, *stored]

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        found: dict[str, Any] = {
            "cluster": self.cluster.name,
            "database": self.databases.serves.identifier,
            "databaseAddress": self.databases.serves.address,
            "databases": self.databases.outputs,
        }
        if self.balancer and self.service and self.alarms:
            found["services"] = {SERVER: self.service.service_name}
            found["loadBalancer"] = self.balancer.dns_name
            found["alarm"] = self.alarms.name
        return found

    def _groups(self) -> SecurityGroupChain:
        network = self._ground.network
        args = SecurityGroupChainArgs(
            vpc_id=network.vpc_id,
            tiers=[Tier(name=SERVER, port=self._settings.server.port)],
            # The port that speaks plain text stays shut: what reaches the database speaks TLS.
            stores=[Store(name=DATABASE, port=TLS_PORT)],
            ingress_cidrs=[self._site.clients],
            tags=self._tags,
        )
        return SecurityGroupChain(f"{self._name}-sg", args, self._child)

    def _service(self, balancer: LoadBalancer, image: str) -> ContainerService:
        around = Around.of(
            self._ground,
            self._tags,
            group_id=self.groups.tier_ids[SERVER],
            pulled=self._images.of(SERVER, image),
            cluster_arn=self.cluster.arn,
        )
        args = arguments.service(
            self._settings.server,
            self._stack,
            self._share,
            around,
            target=Target(
                arn=balancer.target_group_arn,
                arn_suffix=balancer.target_group_arn_suffix,
                load_balancer_arn_suffix=balancer.arn_suffix,
                listener_arn=balancer.https_listener_arn,
            ),
            environment=self.databases.told,
            statements=self.databases.statements,
        )
        return ContainerService(f"{self._name}-{SERVER}", args, self._child)

    def _alarms(self, balancer: LoadBalancer, service: ContainerService) -> RegionHealth:
        none_wanted = not self._share or self._settings.scheduled(self._stack)
        hosts = service_alarms.hosts(
            f"{self._name}-{SERVER}",
            [balancer.target_group_arn_suffix],
            balancer=balancer.arn_suffix,
            idle=(self.cluster.name, service.service_name) if none_wanted else None,
            tags=self._tags,
            actions=[self._ground.topic.arn],
            opts=self._child,
        )
        args = RegionHealthArgs(
            prefix=self._stack.named(self._name),
            region=self._stack.region,
            load_balancer_arn_suffix=balancer.arn_suffix,
            others={"hosts": hosts},
            actions=[self._ground.topic.arn],
            tags=self._tags,
        )
        return RegionHealth(f"{self._name}-health", args, self._child)

    def _hours(self, service: ContainerService) -> None:
        hours, database = self._settings.hours, self.databases.instance
        if hours is None or database is None or not self._settings.scheduled(self._stack):
            return
        args = WorkingHoursArgs(
            tags=self._tags,
            prefix=self._stack.named(self._name),
            database_identifier=database.identifier,
            database_arn=database.arn,
            cluster_name=self.cluster.name,
            service_name=service.service_name,
            service_arn=service.service_arn,
            tasks=running(self._settings.server.required_tasks, self._stack, 1),
            start_database=hours.start_database,
            start=hours.start,
            stop=hours.stop,
            timezone=hours.timezone,
        )
        WorkingHours(f"{self._name}-hours", args, self._child)

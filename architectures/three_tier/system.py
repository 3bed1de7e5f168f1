"""A three-tier web system that two regions serve, one at a time: load balancer, auto-scaled application, Aurora Global Database."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from architectures.system import Place, System
from architectures.three_tier import arguments, names, recovery
from architectures.three_tier.content import Content, ContentArgs
from architectures.three_tier.sample_app.script import facts, user_data
from architectures.three_tier.settings import ThreeTierSettings
from components.compute import AutoScaledTier, Target, ZoneAlarms
from components.data import AuroraGlobal, reading_statements
from components.edge import (
    Alias,
    Certificate,
    HealthChecks,
    HealthChecksArgs,
    LoadBalancer,
    LoadBalancerArgs,
    SiteRecords,
    SiteRecordsArgs,
    TargetArgs,
)
from components.network import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.network.security_groups import ANYWHERE
from components.operations import AuroraLimits, RegionHealth, RegionHealthArgs

PORT = 8080
APP, DATABASE = "app", "database"
LAG_SECONDS = 30.0
"""Alarm threshold for the global database's lag; typically below one second."""


class ThreeTier(System):
    """One region's part of the system.

    Creates: security groups, certificate, load balancer, Auto Scaling group, Aurora cluster, alarms; with a site also health checks
    and records, and in the founding stack the static content and the site of last resort. Without one the load balancer is internal.
    Survives: instance (load balancer and Auto Scaling), zone (capacity stays enough; Aurora fails over in under a minute), region
    (health checks move a site's traffic in about 100 s; the database is promoted by whoever decides it). Costs: instances and database.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html
    """

    content: Content | None
    """None without a site, and in the joining stack."""
    health: HealthChecks | None
    records: SiteRecords | None

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
        self.groups = self._groups()
        self.content = self.health = self.records = None
        sorry = self._last_resort(settings.site) if settings.site else None
        self.database = self._database()
        self._secret_arn = self._secret()
        self.load_balancer = self._load_balancer()
        self.tier = self._tier()
        self.alarms = self._alarms()
        if settings.site and sorry:
            self.health = self._health()
            self.records = self._records(settings.site, self.health, sorry)
        self.recovery = recovery.behind(self.load_balancer, self.tier, self.database)
        if self.records and self.health:
            self.recovery += recovery.names(
                self.records, self.health, self.load_balancer, self.tier, self.content
            )
        self.outputs = self._outputs()
        self.register_outputs(dict(self.outputs))

    def _groups(self) -> SecurityGroupChain:
        network = self._ground.network
        args = SecurityGroupChainArgs(
            vpc_id=network.vpc_id,
            tiers=[Tier(name=APP, port=PORT)],
            stores=[Store(name=DATABASE, port=self._settings.port)],
            ingress_cidrs=[ANYWHERE if self._settings.site else network.cidr],
            tags=self._tags,
        )
        return SecurityGroupChain(f"{self._name}-sg", args, self._child)

    def _last_resort(self, site: str) -> Alias:
        """What answers when no region does: the founding stack makes it, the other one reads it."""
        ground, stack, peer = self._ground, self._stack, self._place.peer
        if peer:
            return Alias(name=peer.text("sorryName"), zone_id=peer.text("sorryZoneId"), cloudfront=True)
        content = ContentArgs(
            site=site,
            regions=(stack.region, stack.peer_region),
            zone_id=ground.zone_id,
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
            tags=self._tags,
            protect=stack.protect,
        )
        self.content = Content(f"{self._name}-content", content, self._child)
        return self.content.sorry

    def _database(self) -> AuroraGlobal:
        ground, peer = self._ground, self._place.peer
        args = arguments.database(
            self._settings.database,
            self._name,
            self._stack,
            tags=self._tags,
            zone_names=ground.network.zone_names,
            subnet_ids=ground.network.data_subnet_ids,
            security_group_ids=[self.groups.store_ids[DATABASE]],
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
            topic_arn=ground.topic.arn,
            joined=peer.text("globalClusterIdentifier") if peer else None,
        )
        return AuroraGlobal(f"{self._name}-db", args, self._child)

    def _secret(self) -> pulumi.Output[str]:
        """The secret with the database's password, readable in this region when the other one is gone."""
        own, peer = self.database.secret_arn, self._place.peer
        if own is not None:
            return own
        assert peer is not None  # noqa: S101  who makes no secret has joined
        return peer.text("secretReplicaArn")

    def _certificate(self) -> Certificate:
        site, zone_id = self._settings.site, self._ground.zone_id
        args = arguments.certificate(site, self._name, self._stack, tags=self._tags, zone_id=zone_id)
        after = [self.content.certificate.issued] if self.content else []
        return Certificate(f"{self._name}-tls", args, pulumi.ResourceOptions(parent=self, depends_on=after))

    def _load_balancer(self) -> LoadBalancer:
        network, stack, public = self._ground.network, self._stack, bool(self._settings.site)
        args = LoadBalancerArgs(
            vpc_id=network.vpc_id,
            subnet_ids=network.public_subnet_ids if public else network.private_subnet_ids,
            internal=not public,
            security_group_id=self.groups.load_balancer_id,
            certificate_arn=self._certificate().arn,
            target=TargetArgs(port=PORT),
            deletion_protection=stack.protect,
            protect=stack.protect,
            tags=self._tags,
        )
        return LoadBalancer(names.load_balancer(self._name), args, self._child)

    def _tier(self) -> AutoScaledTier:
        ground, lb = self._ground, self.load_balancer
        full, standby = self._settings.sizes(self._stack)
        facts = self._application_facts()
        args = arguments.tier(
            self._settings.compute,
            full if self._stack.active else standby,
            tags=self._tags,
            subnet_ids=ground.network.private_subnet_ids,
            security_group_ids=[self.groups.tier_ids[APP]],
            key_arn=ground.key_arn,
            user_data=facts.name.apply(lambda name: user_data(PORT, name, self._settings.database.engine)),
            statements=[
                {"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": facts.arn},
                *reading_statements(self._secret_arn, ground.key_arn, self._stack.region),
            ],
            target=Target(
                arn=lb.target_group_arn,
                arn_suffix=lb.target_group_arn_suffix,
                load_balancer_arn_suffix=lb.arn_suffix,
                listener_arn=lb.https_listener_arn,
            ),
            zone_alarms=ZoneAlarms(zone_names=ground.network.zone_names, topic_arn=ground.topic.arn),
        )
        return AutoScaledTier(f"{self._name}-app", args, self._child)

    def _application_facts(self) -> aws.ssm.Parameter:
        stack, database, given = self._stack, self.database, self._settings.database
        told = pulumi.Output.all(database.endpoint, database.reader_endpoint, self._secret_arn).apply(
            lambda known: facts(given.engine, known[:2], self._settings.port, given.name, known[2])
        )
        return aws.ssm.Parameter(
            f"{self._name}-facts",
            name=f"/{stack.system}/{stack.environment}/{self._name}/database",
            type="String",
            value=pulumi.Output.json_dumps(told),
            description="Where this region's application finds its database",
            tags=self._tags.resource(f"{self._name}-facts"),
            opts=self._child,
        )

    def _alarms(self) -> RegionHealth:
        lb, given = self.load_balancer, self._settings.database
        args = RegionHealthArgs(
            prefix=self._stack.named(self._name),
            region=self._stack.region,
            load_balancer_arn_suffix=lb.arn_suffix,
            target_group_arn_suffix=lb.target_group_arn_suffix,
            actions=[self._ground.topic.arn],
            aurora=AuroraLimits(
                cluster_identifier=self.database.cluster_identifier,
                connections=arguments.connections_alarm(given.engine, given.instance_class),
                global_lag_seconds=LAG_SECONDS,
            ),
            tags=self._tags,
        )
        return RegionHealth(f"{self._name}-health", args, self._child)

    def _health(self) -> HealthChecks:
        # The endpoint is the load balancer's own name: a name that fails over would always be healthy.
        args = HealthChecksArgs(endpoint=self.load_balancer.dns_name, tags=self._tags)
        return HealthChecks(f"{self._name}-check", args, self._child)

    def _records(self, site: str, health: HealthChecks, sorry: Alias) -> SiteRecords:
        stack, lb = self._stack, self.load_balancer
        # Nobody is sent here before what serves runs. The page of last resort waits for nothing.
        serving = pulumi.Output.all(lb.dns_name, self.tier.group.id).apply(lambda known: str(known[0]))
        args = SiteRecordsArgs(
            zone_id=self._ground.zone_id,
            site=site,
            region=stack.region,
            active=stack.active,
            load_balancer=Alias(name=serving, zone_id=lb.zone_id),
            health_check_id=health.calculated_id,
            sorry=sorry,
            withdrawn=self._settings.withdrawn,
            tags=self._tags,
        )
        return SiteRecords(f"{self._name}-site", args, self._child)

    def _outputs(self) -> dict[str, Any]:
        found: dict[str, Any] = {
            "kind": self._settings.kind,
            "loadBalancer": self.load_balancer.dns_name,
            "databaseEndpoint": self.database.endpoint,
            "globalClusterIdentifier": self.database.global_cluster_identifier,
        }
        for arn in self.database.secret_replica_arns.values():
            found["secretReplicaArn"] = arn
        if self.records:
            found |= {"site": f"https://{self._settings.site}", "regionSite": self.records.region_fqdn}
        if self.content:
            found |= {"sorryName": self.content.sorry.name, "sorryZoneId": self.content.sorry.zone_id}
        return found

"""A three-tier web system that two regions serve, one at a time: load balancer, auto-scaled application, Aurora Global Database."""

from __future__ import annotations

from dataclasses import replace

import pulumi
import pulumi_aws as aws

from architectures.content import Content, ContentArgs
from architectures.foundation import Foundation
from architectures.recovery_facts import recovery_facts
from architectures.sample_app.script import user_data
from architectures.three_tier_args import ThreeTierArgs
from components.compute import (
    AutoScaledTier,
    AutoScaledTierArgs,
    Image,
    Spot,
    Target,
    WarmPool,
    ZoneAlarms,
    standby_size,
    statically_stable_size,
)
from components.data import AuroraGlobal, AuroraGlobalArgs, SecretReplica
from components.edge import (
    Alias,
    Certificate,
    CertificateArgs,
    HealthChecks,
    HealthChecksArgs,
    LoadBalancer,
    LoadBalancerArgs,
    SiteRecords,
    SiteRecordsArgs,
    TargetArgs,
)
from components.network import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.operations import AuroraLimits, RegionHealth, RegionHealthArgs

PORT = 8080
APP, DATABASE = "app", "database"
CONNECTIONS = 800
"""Alarm threshold: some 80 % of what an instance of 16 GiB takes."""
LAG_SECONDS = 30.0
"""Alarm threshold for the global database's lag; typically below one second."""


class ThreeTier(pulumi.ComponentResource):
    """One region's part of the system.

    Creates: security groups, certificate, load balancer, Auto Scaling group, Aurora cluster, health checks, records, alarms; in the
    founding stack also the static content and the site of last resort.
    Survives: instance (load balancer and Auto Scaling), zone (capacity stays enough; Aurora fails over in under a minute), region
    (health checks move the traffic in about 100 s; the database is promoted by whoever decides it). Costs: instances and database.
    Source: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html
    """

    def __init__(
        self, name: str, args: ThreeTierArgs, ground: Foundation, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:architectures:ThreeTier", name, {}, opts)
        self._name, self._args, self._ground = name, args, ground
        self._child = pulumi.ResourceOptions(parent=self)
        engine_port = 5432 if args.database.engine == "aurora-postgresql" else 3306
        self.groups = SecurityGroupChain(
            f"{name}-sg",
            SecurityGroupChainArgs(
                vpc_id=ground.network.vpc_id,
                tiers=[Tier(name=APP, port=PORT)],
                stores=[Store(name=DATABASE, port=engine_port)],
                tags=args.tags,
            ),
            self._child,
        )
        self.content = self._content()
        self.database = self._database()
        self.load_balancer = self._load_balancer()
        self.tier = self._tier(engine_port)
        self.health = self._health()
        self.records = self._records()
        self.recovery = recovery_facts(self._name, args, self.instances, self.database)
        self.register_outputs(
            {"load_balancer": self.load_balancer.dns_name, "endpoint": self.database.endpoint}
        )

    def _content(self) -> Content | None:
        args = self._args
        if args.peer:
            return None
        regions = (args.region, args.peer_region)
        content = ContentArgs(
            site=args.site,
            regions=regions,
            zone_id=self._ground.zone_id,
            key_arn=self._ground.key_arn,
            peer_key_arn=self._ground.peer_key_arn,
            tags=args.tags,
            protect=args.protect,
        )
        return Content(f"{self._name}-content", content, self._child)

    def _database(self) -> AuroraGlobal:
        args, ground = self._args, self._ground
        zones = list(args.zones[:2] if args.database.multi_az else args.zones[:1])
        joined = args.peer.text("globalClusterIdentifier") if args.peer else None
        replicas = [] if joined else [SecretReplica(region=args.peer_region, kms_key_arn=ground.peer_key_arn)]
        return AuroraGlobal(
            f"{self._name}-db",
            AuroraGlobalArgs(
                engine=args.database.engine,
                engine_version=args.database.engine_version,
                instance_class=args.database.instance_class,
                zones={zone: ground.network.zone_names[zone] for zone in zones},
                subnet_ids=ground.network.data_subnet_ids,
                security_group_ids=[self.groups.store_ids[DATABASE]],
                kms_key_arn=ground.key_arn,
                global_cluster_identifier=joined,
                database_name=None if joined else args.database.name,
                username=args.database.username,
                password_version=args.database.password_version,
                secret_replicas=replicas,
                backup_retention_days=args.database.backup_retention_days,
                deletion_protection=args.protect,
                protect=args.protect,
                tags=replace(args.tags, facts={"dr:data-gib": str(args.database.data_gib)}),
            ),
            self._child,
        )

    def _load_balancer(self) -> LoadBalancer:
        args, ground = self._args, self._ground
        certificate = Certificate(
            f"{self._name}-tls",
            CertificateArgs(
                domain=args.site,
                alternative_names=[f"*.{args.site}"],
                # The content's certificate, of the founding stack, has the same names and so the same record.
                validated_elsewhere=[args.site],
                zone_id=ground.zone_id,
                tags=args.tags,
            ),
            pulumi.ResourceOptions(
                parent=self, depends_on=[self.content.certificate] if self.content else []
            ),
        )
        return LoadBalancer(
            f"{self._name}-lb",
            LoadBalancerArgs(
                vpc_id=ground.network.vpc_id,
                subnet_ids=ground.network.public_subnet_ids,
                security_group_id=self.groups.load_balancer_id,
                certificate_arn=certificate.arn,
                target=TargetArgs(port=PORT),
                deletion_protection=args.protect,
                protect=args.protect,
                tags=args.tags,
            ),
            self._child,
        )

    def _tier(self, engine_port: int) -> AutoScaledTier:
        args, ground, capacity = self._args, self._ground, self._args.capacity
        full = statically_stable_size(capacity.required, len(args.zones))
        size = full if args.active else standby_size(full, capacity.standby_fraction)
        self.instances = size.total
        facts = aws.ssm.Parameter(
            f"{self._name}-facts",
            name=f"/{args.system}/{self._name}/database",
            type="String",
            value=pulumi.Output.json_dumps(
                {"hosts": [self.database.endpoint, self.database.reader_endpoint], "port": engine_port}
            ),
            description="Where this region's application finds its database",
            tags=args.tags.resource(f"{self._name}-facts"),
            opts=self._child,
        )
        lb = self.load_balancer
        return AutoScaledTier(
            f"{self._name}-app",
            AutoScaledTierArgs(
                tags=args.tags,
                subnet_ids=ground.network.private_subnet_ids,
                security_group_ids=[self.groups.tier_ids[APP]],
                key_arn=ground.key_arn,
                min_size=size.total,
                required=capacity.required,
                max_size=capacity.maximum,
                image=Image(parameter=capacity.image_parameter),
                user_data=facts.name.apply(lambda parameter: user_data(PORT, parameter)),
                instance_types=capacity.instance_types,
                statements=[{"Effect": "Allow", "Action": "ssm:GetParameter", "Resource": facts.arn}],
                target=Target(
                    arn=lb.target_group_arn,
                    arn_suffix=lb.target_group_arn_suffix,
                    load_balancer_arn_suffix=lb.arn_suffix,
                    listener_arn=lb.https_listener_arn,
                ),
                spot=Spot() if capacity.spot else None,
                warm_pool=WarmPool() if capacity.warm_pool else None,
                zone_alarms=ZoneAlarms(zone_names=ground.network.zone_names, topic_arn=ground.topic.arn),
            ),
            self._child,
        )

    def _health(self) -> HealthChecks:
        args, lb = self._args, self.load_balancer
        self.alarms = RegionHealth(
            f"{self._name}-health",
            RegionHealthArgs(
                region=args.region,
                load_balancer_arn_suffix=lb.arn_suffix,
                target_group_arn_suffix=lb.target_group_arn_suffix,
                actions=[self._ground.topic.arn],
                aurora=AuroraLimits(
                    cluster_identifier=self.database.cluster_identifier,
                    connections=CONNECTIONS,
                    global_lag_seconds=LAG_SECONDS,
                ),
                tags=args.tags,
            ),
            self._child,
        )
        # The endpoint is the load balancer's own name: a name that fails over would always be healthy.
        return HealthChecks(
            f"{self._name}-check", HealthChecksArgs(endpoint=lb.dns_name, tags=args.tags), self._child
        )

    def _records(self) -> SiteRecords:
        args, lb = self._args, self.load_balancer
        if self.content:
            sorry = self.content.sorry
        else:
            peer = args.peer
            assert peer is not None  # noqa: S101  without content there is a peer
            sorry = Alias(name=peer.text("sorryName"), zone_id=peer.text("sorryZoneId"), cloudfront=True)
        return SiteRecords(
            f"{self._name}-site",
            SiteRecordsArgs(
                zone_id=self._ground.zone_id,
                site=args.site,
                region=args.region,
                active=args.active,
                load_balancer=Alias(name=lb.dns_name, zone_id=lb.zone_id),
                health_check_id=self.health.calculated_id,
                sorry=sorry,
                withdrawn=args.withdrawn,
                tags=args.tags,
            ),
            self._child,
        )

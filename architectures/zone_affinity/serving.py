"""What serves in one region: security groups, database, both load balancers and the tiers behind them, alarms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pulumi
import pulumi_aws as aws

from architectures.parts import names, sample_app, tier
from architectures.parts.aurora.clusters import Clusters, clusters
from architectures.parts.sample_app.script import Program, facts, user_data
from architectures.parts.sections import Compute
from architectures.parts.site import Site
from architectures.system import Place
from architectures.zone_affinity import traffic
from architectures.zone_affinity.settings import ZoneAffinitySettings
from components.compute import AutoScaledTier, Target, ZoneAlarms
from components.edge import TargetArgs, ZonalBalancer, ZonalBalancerArgs
from components.edge.zonal_balancer import NAMESPACE
from components.facts import Fact
from components.network import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.operations import RegionHealth, RegionHealthArgs, hosts_alarm
from components.permissions import Statement, allow

PORT = 8080
WEB, APPLICATION, DATABASE = "web", "app", "database"
_HERE = Path(__file__).parent / "sample_app"
PROGRAMS = {
    WEB: Program(main=_HERE / "web.py", told="application", zonal=True),
    APPLICATION: Program(
        main=_HERE / "application.py", modules=[Path(sample_app.__file__).parent / "app.py"], zonal=True
    ),
}


@dataclass(frozen=True, kw_only=True)
class _Told:
    """What a tier's servers are told, and may do."""

    parameter: aws.ssm.Parameter
    engine: str | None
    statements: Sequence[Statement] = ()


class Serving:
    """The parts of a region that serve, as children of the system."""

    def __init__(
        self, name: str, settings: ZoneAffinitySettings, place: Place, site: Site, parent: pulumi.Resource
    ) -> None:
        self._name, self._settings, self._place, self._site = name, settings, place, site
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._stands = settings.posture(place.stack)
        self._child = pulumi.ResourceOptions(parent=parent)
        self.groups = self._groups()
        self.database: Clusters = clusters(
            name, settings, place, self.groups.store_ids[DATABASE], self._child
        )
        # A zone's servers are asked by its own clients alone: who came in by a zone stays there.
        self.load_balancer = site.balancer(
            self.groups.load_balancer_id, TargetArgs(port=PORT, cross_zone=False)
        )
        self.inner = self._inner()
        self.application = self._application()
        self.web = self._web()
        self.alarms = self._alarms()

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back."""
        front, web = self.load_balancer.recovery_fact, self.web.recovery_fact
        inner, application = self.inner.recovery_fact, self.application.recovery_fact
        stores = list(self.database.recovery)
        used = [stores[-1]["name"]]
        if not self._stands.replicated:
            stores = [{**each, "backups": self._ground.backups.recovery_backups} for each in stores]
        return [
            {**front, "needs": [web["name"]]},
            {**web, "check": self.load_balancer.target_check, "needs": [inner["name"]]},
            {**inner, "needs": [application["name"]]},
            {**application, "check": self.inner.target_check, "needs": used},
            *stores,
        ]

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {
            "loadBalancer": self.load_balancer.dns_name,
            "application": self.inner.dns_name,
            "parts": self.parts,
            **self.database.outputs,
            "readEndpoints": self.database.serves.zone_endpoints,
            "traffic": traffic.estimate(self._settings.traffic, len(self._stack.zones)),
        }

    @property
    def parts(self) -> dict[str, pulumi.Output[str]]:
        """What AWS calls the parts that move, for who moves them."""
        return {
            "group": self.web.group_name,
            "groupArn": self.web.group_arn,
            "targets": self.load_balancer.target_group_arn,
            "applicationGroup": self.application.group_name,
            "applicationGroupArn": self.application.group_arn,
            "applicationTargets": self.inner.target_group_arn,
            "alarm": self.alarms.name,
            "alarmArn": self.alarms.arn,
            **self.database.parts,
        }

    def _groups(self) -> SecurityGroupChain:
        args = SecurityGroupChainArgs(
            vpc_id=self._ground.network.vpc_id,
            tiers=[Tier(name=WEB, port=PORT), Tier(name=APPLICATION, port=PORT, balanced=True)],
            stores=[Store(name=DATABASE, port=self._settings.port)],
            ingress_cidrs=[self._site.clients],
            tags=self._tags,
        )
        return SecurityGroupChain(f"{self._name}-sg", args, self._child)

    def _inner(self) -> ZonalBalancer:
        args = ZonalBalancerArgs(
            vpc_id=self._ground.network.vpc_id,
            subnet_ids=self._ground.network.private_subnet_ids,
            security_group_id=self.groups.balancer_ids[APPLICATION],
            target=TargetArgs(port=PORT),
            deletion_protection=self._stack.protect,
            tags=self._tags,
        )
        return ZonalBalancer(names.inner_balancer(self._name), args, self._child)

    def _application(self) -> AutoScaledTier:
        given, made = self._settings.database, self.database
        serves = made.serves
        hosts = pulumi.Output.all(serves.endpoint, serves.reader_endpoint, made.secret)
        told = pulumi.Output.all(hosts, serves.zone_endpoints).apply(
            lambda known: {
                **facts(given.engine, known[0][:2], self._settings.port, given.name, known[0][2]),
                "readers": known[1],
            }
        )
        inner = self.inner
        return self._tier(
            APPLICATION,
            self._settings.application,
            _Told(
                parameter=self._parameter(
                    "database", "Where this region's application finds its data, and each zone's reads", told
                ),
                engine=given.engine,
                statements=made.statements,
            ),
            Target(
                arn=inner.target_group_arn,
                arn_suffix=inner.target_group_arn_suffix,
                load_balancer_arn_suffix=inner.arn_suffix,
                listener_arn=inner.listener_arn,
                namespace=NAMESPACE,
            ),
        )

    def _web(self) -> AutoScaledTier:
        balancer = self.load_balancer
        told = {"host": self.inner.dns_name, "port": self.inner.port}
        return self._tier(
            WEB,
            self._settings.web,
            _Told(
                parameter=self._parameter(
                    "application", "Where this region's web tier finds its zone's application", told
                ),
                engine=None,
            ),
            Target(
                arn=balancer.target_group_arn,
                arn_suffix=balancer.target_group_arn_suffix,
                load_balancer_arn_suffix=balancer.arn_suffix,
                listener_arn=balancer.https_listener_arn,
            ),
        )

    def _tier(self, what: str, compute: Compute, told: _Told, target: Target) -> AutoScaledTier:
        ground = self._ground
        args = tier.tier(
            compute,
            self._settings.size(compute, self._stack),
            tier.full_size(compute, self._stack),
            tags=self._tags,
            subnet_ids=ground.network.private_subnet_ids,
            security_group_ids=[self.groups.tier_ids[what]],
            key_arn=ground.key_arn,
            user_data=told.parameter.name.apply(
                lambda name: user_data(PORT, name, told.engine, program=PROGRAMS[what])
            ),
            statements=[allow("ssm:GetParameter", told.parameter.arn), *told.statements],
            target=target,
            zone_alarms=ZoneAlarms(zone_names=ground.network.zone_names, topic_arn=ground.topic.arn),
        )
        return AutoScaledTier(f"{self._name}-{what}", args, self._child)

    def _parameter(self, what: str, about: str, told: pulumi.Input[Mapping[str, Any]]) -> aws.ssm.Parameter:
        stack, name = self._stack, f"{self._name}-{what}-facts"
        return aws.ssm.Parameter(
            name,
            name=f"/{stack.system}/{stack.environment}/{self._name}/{what}",
            type="String",
            value=pulumi.Output.json_dumps(told),
            description=about,
            tags=self._tags.resource(name),
            opts=self._child,
        )

    def _idle(self, made: AutoScaledTier) -> pulumi.Output[str] | None:
        """The group, where none of its servers may be wanted."""
        return None if self._stands.share else made.group_name

    def _alarms(self) -> RegionHealth:
        balancer, inner = self.load_balancer, self.inner
        application = hosts_alarm(
            f"{self._name}-{APPLICATION}-hosts",
            NAMESPACE,
            {"LoadBalancer": inner.arn_suffix, "TargetGroup": inner.target_group_arn_suffix},
            idle_group=self._idle(self.application),
            tags=self._tags,
            actions=[self._ground.topic.arn],
            opts=self._child,
        )
        args = RegionHealthArgs(
            prefix=self._stack.named(self._name),
            region=self._stack.region,
            load_balancer_arn_suffix=balancer.arn_suffix,
            target_group_arn_suffix=balancer.target_group_arn_suffix,
            others={APPLICATION: application},
            actions=[self._ground.topic.arn],
            idle_group=self._idle(self.web),
            aurora=self.database.limits,
            tags=self._tags,
        )
        return RegionHealth(f"{self._name}-health", args, self._child)

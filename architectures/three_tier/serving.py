"""What serves a three-tier system in one region: security groups, database, load balancer, application tier, alarms."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from architectures.parts.sample_app.script import user_data
from architectures.parts.site import Site
from architectures.parts.tier import tier
from architectures.system import Place
from architectures.three_tier.aurora import aurora
from architectures.three_tier.database import DATABASE
from architectures.three_tier.dsql import dsql
from architectures.three_tier.settings import ThreeTierSettings
from architectures.three_tier.stores import Stores, reached
from components.compute import AutoScaledTier, Target, ZoneAlarms
from components.data.dsql_access import grants
from components.edge import TargetArgs
from components.facts import Fact
from components.network import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.operations import RegionHealth, RegionHealthArgs
from components.permissions import allow
from components.switch import INSTANCES, opt_in

PORT = 8080
APP = "app"


class Serving:
    """The parts of a region that serve, as children of the system."""

    def __init__(
        self,
        name: str,
        settings: ThreeTierSettings,
        place: Place,
        site: Site,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place, self._site = name, settings, place, site
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._stands = settings.posture(place.stack)
        self._child = pulumi.ResourceOptions(parent=parent)
        self.groups = self._groups()
        make = dsql if settings.database.everywhere else aurora
        self.database = make(name, settings, place, self.groups.store_ids[DATABASE], self._child)
        self.stores = Stores(name, settings, place, self.groups, parent)
        target = TargetArgs(port=PORT, stickiness_seconds=settings.sticky_seconds)
        self.load_balancer = site.balancer(self.groups.load_balancer_id, target)
        self.tier = self._tier()
        self.alarms = self._alarms()

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back."""
        front, servers = self.load_balancer.recovery_fact, self.tier.recovery_fact
        used = [*self.database.used, *self.stores.used]
        stores = [*self.database.recovery, *self.stores.recovery]
        if not self._stands.replicated:
            stores = [self._backed_up(store) for store in stores]
        return [
            {**front, "needs": [servers["name"]]},
            {
                **servers,
                "check": self.load_balancer.target_check,
                "needs": sorted(each["name"] for each in used),
            },
            *stores,
        ]

    def _backed_up(self, store: Fact) -> Fact:
        """The store with what the backup plan does for it. AWS Backup knows no caches."""
        if store["kind"] == "elasticache":
            return store
        return {**store, "backups": self._ground.backups.recovery_backups}

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {
            "loadBalancer": self.load_balancer.dns_name,
            "parts": self.parts,
            **self.database.outputs,
            **self._grants(),
            **({"stores": self.stores.outputs} if self.stores.outputs else {}),
        }

    def _grants(self) -> dict[str, pulumi.Output[list[str]]]:
        """What the administrator of a database that IAM signs in to says once, in SQL, for this region's servers."""
        given = self._settings.database
        if not given.everywhere:
            return {}
        return {"databaseGrants": self.tier.role_arn.apply(lambda arn: grants(given.role, arn))}

    @property
    def parts(self) -> dict[str, pulumi.Output[str]]:
        """What AWS calls the parts that move, for who moves them."""
        return {
            "group": self.tier.group_name,
            "groupArn": self.tier.group_arn,
            "targets": self.load_balancer.target_group_arn,
            "alarm": self.alarms.name,
            "alarmArn": self.alarms.arn,
            **self.database.parts,
        }

    def _groups(self) -> SecurityGroupChain:
        network = self._ground.network
        args = SecurityGroupChainArgs(
            vpc_id=network.vpc_id,
            tiers=[Tier(name=APP, port=PORT)],
            stores=[Store(name=DATABASE, port=self._settings.port), *reached(self._settings)],
            ingress_cidrs=[self._site.clients],
            tags=self._tags,
        )
        return SecurityGroupChain(f"{self._name}-sg", args, self._child)

    def _agrees(self, what: str) -> dict[str, str]:
        """The tag of what experiments in this region may hit."""
        return opt_in(what, self._settings.rehearsed(self._stack))

    def _tier(self) -> AutoScaledTier:
        ground, lb = self._ground, self.load_balancer
        parameter = self._application_facts()
        args = tier(
            self._settings.compute,
            self._settings.size(self._stack),
            self._settings.full_size(self._stack),
            tags=self._tags,
            subnet_ids=ground.network.private_subnet_ids,
            security_group_ids=[self.groups.tier_ids[APP]],
            key_arn=ground.key_arn,
            user_data=parameter.name.apply(
                lambda name: user_data(
                    PORT, name, self._settings.database.engine, files=self._settings.files is not None
                )
            ),
            statements=[
                allow("ssm:GetParameter", parameter.arn),
                *self.database.statements,
                *self.stores.statements,
            ],
            target=Target(
                arn=lb.target_group_arn,
                arn_suffix=lb.target_group_arn_suffix,
                load_balancer_arn_suffix=lb.arn_suffix,
                listener_arn=lb.https_listener_arn,
            ),
            zone_alarms=ZoneAlarms(zone_names=ground.network.zone_names, topic_arn=ground.topic.arn),
            instance_tags=self._agrees(INSTANCES),
        )
        return AutoScaledTier(f"{self._name}-app", args, self._child)

    def _application_facts(self) -> aws.ssm.Parameter:
        stack = self._stack
        told = pulumi.Output.all(self.database.told, self.stores.told).apply(
            lambda known: {**known[0], **known[1]}
        )
        return aws.ssm.Parameter(
            f"{self._name}-facts",
            name=f"/{stack.system}/{stack.environment}/{self._name}/database",
            type="String",
            value=pulumi.Output.json_dumps(told),
            description="Where this region's application finds its data",
            tags=self._tags.resource(f"{self._name}-facts"),
            opts=self._child,
        )

    def _alarms(self) -> RegionHealth:
        lb = self.load_balancer
        args = RegionHealthArgs(
            prefix=self._stack.named(self._name),
            region=self._stack.region,
            load_balancer_arn_suffix=lb.arn_suffix,
            target_group_arn_suffix=lb.target_group_arn_suffix,
            actions=[self._ground.topic.arn],
            idle_group=None if self._stands.share else self.tier.group_name,
            aurora=self.database.limits,
            tags=self._tags,
        )
        return RegionHealth(f"{self._name}-health", args, self._child)

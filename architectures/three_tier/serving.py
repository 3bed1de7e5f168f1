"""What serves a three-tier system in one region: security groups, database, load balancer, application tier, alarms."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pulumi
import pulumi_aws as aws

from architectures.parts.site import Site
from architectures.peer import Outputs
from architectures.system import Place
from architectures.three_tier import arguments, names
from architectures.three_tier.sample_app.script import facts, user_data
from architectures.three_tier.sections import Restore
from architectures.three_tier.settings import ThreeTierSettings
from architectures.three_tier.stores import Stores, reached
from components.compute import AutoScaledTier, Target, ZoneAlarms
from components.data import AuroraGlobal, reading_statements
from components.edge import (
    HealthChecks,
    HealthChecksArgs,
    TargetArgs,
)
from components.facts import Fact
from components.network import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.network.groups import ANYWHERE
from components.operations import AuroraLimits, RegionHealth, RegionHealthArgs
from components.permissions import allow
from components.switch import CLUSTERS, INSTANCES, opt_in

PORT = 8080
APP, DATABASE = "app", "database"
ORIGINAL = "original"
"""What the database that no restore made is called in the outputs."""
LAG_SECONDS = 30.0
"""Alarm threshold for the global database's lag; typically below one second."""


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
        self._name, self._settings, self._place = name, settings, place
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._stands = settings.posture(place.stack)
        self._child = pulumi.ResourceOptions(parent=parent)
        self.groups = self._groups()
        self.databases = {
            restore.name if restore else ORIGINAL: self._database(restore)
            for restore in settings.databases(place.stack)
        }
        self.database = list(self.databases.values())[-1]
        self.stores = Stores(name, settings, place, self.groups, parent)
        self._secret_arn = self._secret()
        self.load_balancer = site.balancer(self.groups.load_balancer_id, TargetArgs(port=PORT))
        self.tier = self._tier()
        self.alarms = self._alarms()

    def health(self) -> HealthChecks:
        """The checks of this region."""
        # The endpoint is the load balancer's own name: a name that fails over would always be healthy.
        args = HealthChecksArgs(endpoint=self.load_balancer.dns_name, tags=self._tags)
        return HealthChecks(f"{self._name}-check", args, self._child)

    @property
    def recovery(self) -> list[Fact]:
        """The units that serve, front to back."""
        front, servers = self.load_balancer.recovery_fact, self.tier.recovery_fact
        databases = [database.recovery_fact for database in self.databases.values()]
        used = [databases[-1], *self.stores.used]
        stores = [*databases, *self.stores.recovery]
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
            "databaseEndpoint": self.database.endpoint,
            "parts": self.parts,
            "databases": {name: self._read(database) for name, database in self.databases.items()},
            **({"stores": self.stores.outputs} if self.stores.outputs else {}),
        }

    @property
    def parts(self) -> dict[str, pulumi.Output[str]]:
        """What AWS calls the parts that move, for who moves them."""
        return {
            "group": self.tier.group_name,
            "groupArn": self.tier.group_arn,
            "targets": self.load_balancer.target_group_arn,
            "alarm": self.alarms.name,
            "alarmArn": self.alarms.arn,
            "cluster": self.database.cluster_identifier,
            "clusterArn": self.database.cluster_arn,
        }

    def _read(self, database: AuroraGlobal) -> dict[str, Any]:
        """What the other region's stack reads of a database: nothing of one that follows its own."""
        replicas = [*database.secret_replica_arns.values()]
        found = {
            "globalClusterIdentifier": database.global_cluster_identifier,
            "secretReplicaArn": replicas[0] if replicas else None,
        }
        return {key: value for key, value in found.items() if value is not None}

    def _groups(self) -> SecurityGroupChain:
        network = self._ground.network
        args = SecurityGroupChainArgs(
            vpc_id=network.vpc_id,
            tiers=[Tier(name=APP, port=PORT)],
            stores=[Store(name=DATABASE, port=self._settings.port), *reached(self._settings)],
            ingress_cidrs=[ANYWHERE if self._settings.site else network.cidr],
            tags=self._tags,
        )
        return SecurityGroupChain(f"{self._name}-sg", args, self._child)

    def _peer(self, restore: Restore | None) -> Outputs | None:
        """What the other stack tells of the database that this one follows, if it does."""
        if self._place.peer is None or not self._stands.replicated:
            return None
        return self._place.peer.part("databases").part(restore.name if restore else ORIGINAL)

    def _database(self, restore: Restore | None) -> AuroraGlobal:
        ground, peer, serves = self._ground, self._peer(restore), self._settings.databases(self._stack)[-1]
        args = arguments.database(
            self._settings.database,
            self._name,
            self._stack,
            tags=replace(self._tags, facts=self._agrees(CLUSTERS) if restore == serves else {}),
            zone_names=ground.network.zone_names,
            subnet_ids=ground.network.data_subnet_ids,
            security_group_ids=[self.groups.store_ids[DATABASE]],
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
            topic_arn=ground.topic.arn,
            joined=peer.text("globalClusterIdentifier") if peer else None,
            stands=self._stands,
            restore=restore,
        )
        called = names.database(self._name, restore.name if restore else None)
        return AuroraGlobal(called, args, self._child)

    def _agrees(self, what: str) -> dict[str, str]:
        """The tag of what experiments in this region may hit."""
        return opt_in(what, self._settings.rehearsed(self._stack))

    def _secret(self) -> pulumi.Output[str]:
        """The secret with the database's password, readable in this region when the other one is gone."""
        own = self.database.secret_arn
        if own is not None:
            return own
        peer = self._peer(self._settings.databases(self._stack)[-1])
        assert peer is not None  # noqa: S101  who makes no secret has joined
        return peer.text("secretReplicaArn")

    def _tier(self) -> AutoScaledTier:
        ground, lb = self._ground, self.load_balancer
        parameter = self._application_facts()
        args = arguments.tier(
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
                *reading_statements(self._secret_arn, ground.key_arn, self._stack.region),
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
        stack, database, given = self._stack, self.database, self._settings.database
        told = pulumi.Output.all(
            database.endpoint, database.reader_endpoint, self._secret_arn, self.stores.told
        ).apply(
            lambda known: {
                **facts(given.engine, known[:2], self._settings.port, given.name, known[2]),
                **known[3],
            }
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
        lb, given = self.load_balancer, self._settings.database
        args = RegionHealthArgs(
            prefix=self._stack.named(self._name),
            region=self._stack.region,
            load_balancer_arn_suffix=lb.arn_suffix,
            target_group_arn_suffix=lb.target_group_arn_suffix,
            actions=[self._ground.topic.arn],
            idle_group=None if self._stands.share else self.tier.group_name,
            aurora=AuroraLimits(
                cluster_identifier=self.database.cluster_identifier,
                connections=arguments.connections_alarm(
                    given.engine, given.instance_class, arguments.capacity(given)
                ),
                global_lag_seconds=LAG_SECONDS if self._stands.replicated else None,
            ),
            tags=self._tags,
        )
        return RegionHealth(f"{self._name}-health", args, self._child)

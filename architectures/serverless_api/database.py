"""The relational database of a serverless API in one region: Aurora behind RDS Proxy, and how functions reach it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from architectures.parts.aurora.clusters import Clusters, clusters
from architectures.serverless_api import names
from architectures.serverless_api.sections import Relational
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.system import Place
from components.data import RdsProxy, RdsProxyArgs
from components.facts import Fact
from components.network import ProxyGroups, ProxyGroupsArgs
from components.operations import aurora_alarms
from components.outputs import once
from components.permissions import Statement


class Database:
    """Groups, clusters and proxy of a region, as children of the system.

    Functions sign in to the proxy by IAM, over TLS, as the user of the database's secret, with which it signs in to the database: no
    function reads a password. In a region that follows, the proxy's own endpoint refuses, since its cluster has no writer, until a
    switch makes it one; what reads does so in either region.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-gdb.html
    """

    def __init__(
        self,
        name: str,
        given: Relational,
        settings: ServerlessApiSettings,
        place: Place,
        child: pulumi.ResourceOptions,
    ) -> None:
        self._given, self._place, self._port = given, place, settings.port
        ground, tags = place.ground, place.tags
        self._groups = ProxyGroups(
            f"{name}-sg",
            ProxyGroupsArgs(vpc_id=ground.network.vpc_id, tags=tags, port=settings.port),
            child,
        )
        self._replicated = settings.posture(place.stack).replicated
        self.made: Clusters = clusters(name, settings, place, self._groups.database_id, child)
        serves = self.made.serves
        args = RdsProxyArgs(
            tags=tags,
            engine=given.engine,
            # AWS puts no cluster without instances behind a proxy, and makes an endpoint for reading where there are readers.
            cluster_identifier=once(serves.cluster_identifier, *serves.instance_identifiers.values()),
            secret_arns=[self.made.secret],
            kms_key_arn=ground.key_arn,
            subnet_ids=ground.network.private_subnet_ids,
            security_group_ids=[self._groups.proxy_id],
            iam_authentication=True,
            read_only=given.multi_az,
        )
        self.proxy = RdsProxy(f"{name}-proxy", args, child)
        actions = [ground.topic.arn]
        aurora_alarms(f"{name}-db", self.made.limits, tags=tags, actions=actions, opts=child)

    @property
    def variables(self) -> dict[str, pulumi.Input[str]]:
        """What a function that uses it is told."""
        reads = self.proxy.reader_endpoint
        return {
            names.HOST: self.proxy.endpoint,
            **({names.READER: reads} if reads is not None else {}),
            names.PORT: str(self._port),
            names.DATABASE: self._given.name,
            names.USER: self._given.master_username,
        }

    @property
    def statements(self) -> list[Statement]:
        """What the role of such a function may do besides."""
        return self.proxy.connecting_statements(self._given.master_username)

    @property
    def subnet_ids(self) -> Sequence[pulumi.Input[str]]:
        """Where such a function stands."""
        subnets = self._place.ground.network.private_subnet_ids
        return [subnets[zone] for zone in sorted(subnets)]

    @property
    def security_group_ids(self) -> Sequence[pulumi.Input[str]]:
        """Its security groups there."""
        return [self._groups.functions_id]

    @property
    def used(self) -> list[str]:
        """The unit that such a function can't work without."""
        return [self.made.recovery[-1]["name"]]

    @property
    def recovery(self) -> list[Fact]:
        """Units of recovery that this stack declares, also of clusters that no longer serve."""
        if self._replicated:
            return list(self.made.recovery)
        backups = self._place.ground.backups.recovery_backups
        return [{**each, "backups": backups} for each in self.made.recovery]

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of it."""
        return {**self.made.outputs, "proxyEndpoint": self.proxy.endpoint}

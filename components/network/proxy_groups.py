"""The security groups from functions through a database's proxy to the database."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components.checks import between
from components.network.groups import Connected
from components.network.service_groups import LARGEST_PORT
from components.outputs import register
from components.tags import Tags

FUNCTIONS, PROXY, DATABASE = "functions", "proxy", "database"


@dataclass(frozen=True, kw_only=True)
class ProxyGroupsArgs:
    """What the groups need."""

    vpc_id: pulumi.Input[str]
    tags: Tags
    port: int
    """TCP port of the database, and of its proxy, 1 to 65535."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, for a port that can't be."""
        between("port", self.port, 1, LARGEST_PORT)


class ProxyGroups(Connected):
    """Groups for functions, which nothing reaches, for the proxy, which they alone reach, and for the database, which it alone does.

    Functions may also open HTTPS connections, for AWS's services; proxy and database open no others.
    Creates: groups and rules. Survives: instance and zone; security groups belong to the region. Costs: nothing.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/rds-proxy-network-prereqs.html
    """

    functions_id: pulumi.Output[str]
    proxy_id: pulumi.Output[str]
    database_id: pulumi.Output[str]

    def __init__(self, name: str, args: ProxyGroupsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        kind = "holdfast:network:ProxyGroups"
        super().__init__(kind, name, vpc_id=args.vpc_id, tags=args.tags, opts=opts)
        self.functions_id = self._group(FUNCTIONS, "Functions, which nobody reaches in the VPC")
        self.proxy_id = self._group(PROXY, "Proxy before the database")
        self.database_id = self._group(DATABASE, "Store database")
        self._https_out(FUNCTIONS, self.functions_id)
        self._connect(FUNCTIONS, self.functions_id, PROXY, args.port, self.proxy_id)
        self._connect(PROXY, self.proxy_id, DATABASE, args.port, self.database_id)
        register(self, "functions_id", "proxy_id", "database_id")

"""What a proxy in front of a database needs, and the checks on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.checks import at_least, between, need
from components.data.engines import ENGINES, engine_of
from components.tags import Tags

IDLE_CLIENT_TIMEOUT = (1, 28_800)
"""Seconds. Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBProxy.html"""


@dataclass(frozen=True, kw_only=True)
class RdsProxyArgs:
    """What a proxy in front of one database needs."""

    tags: Tags
    engine: str
    """The database's engine: aurora-mysql, aurora-postgresql, mysql, mariadb or postgres."""
    cluster_identifier: pulumi.Input[str] | None = None
    """The cluster behind the proxy; this or instance_identifier."""
    instance_identifier: pulumi.Input[str] | None = None
    """The DB instance behind the proxy."""
    secret_arns: Sequence[pulumi.Input[str]]
    """Secrets the proxy signs in to the database with; in a joined region the replica's ARN."""
    kms_key_arn: pulumi.Input[str]
    """Key that encrypts the secrets in this region."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Private or data subnets by zone id, in at least two zones."""
    security_group_ids: Sequence[pulumi.Input[str]]
    iam_authentication: bool = False
    """Clients must sign in with IAM tokens."""
    read_only: bool = False
    """Make an endpoint besides that leads to the readers of the cluster, of which there must be one or more."""
    idle_client_timeout: int = 1800
    """Seconds after which an idle client is dropped, 1 to 28,800."""
    max_connections_percent: int = 90
    """Share of the database's max_connections that the proxy may take, 1 to 100; the rest is for
    operators."""
    borrow_timeout: int = 30
    """Seconds a client waits for a connection, 0 to 300. A failover of Aurora takes under 60, of a Multi-AZ
    instance up to 120."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        engine_of(self.engine, tuple(name for name, each in ENGINES.items() if each.dialect.proxy_family))
        given = [i for i in (self.cluster_identifier, self.instance_identifier) if i is not None]
        need(
            len(given) == 1,
            "cluster_identifier",
            f"{len(given)} databases",
            "exactly one, here or as instance_identifier",
        )
        readers = not self.read_only or self.cluster_identifier is not None
        need(readers, "read_only", "True before a DB instance", "False there: an instance has no readers")
        at_least("secret_arns", self.secret_arns, 1, "the proxy signs in with them")
        at_least("subnet_ids", self.subnet_ids, 2, "a proxy spans two zones")
        at_least("security_group_ids", self.security_group_ids, 1, "AWS would use the VPC's default group")
        between("idle_client_timeout", self.idle_client_timeout, *IDLE_CLIENT_TIMEOUT, "seconds")
        between("max_connections_percent", self.max_connections_percent, 1, 100, "percent")
        between("borrow_timeout", self.borrow_timeout, 0, 300, "seconds")

    @property
    def subnets(self) -> list[pulumi.Input[str]]:
        """The subnets' ids, always in the same order."""
        return [self.subnet_ids[zone] for zone in sorted(self.subnet_ids)]

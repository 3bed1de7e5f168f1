"""How the servers of one region reach an Aurora DSQL cluster: privately, and signed in by IAM."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import outputs
from components.checks import at_least
from components.data.dsql import PORT, declare_timeouts
from components.options import handed_down
from components.permissions import Statement, allow
from components.tags import Tags

DATABASE = "postgres"
"""The database that a cluster has, and its only one.
https://docs.aws.amazon.com/aurora-dsql/latest/userguide/accessing.html"""


def connecting_statements(cluster_arn: pulumi.Input[str]) -> list[Statement]:
    """Statements that let a role sign in with the database roles that were granted to it; not as the administrator.

    Source: https://docs.aws.amazon.com/aurora-dsql/latest/userguide/authentication-authorization.html
    """
    return [allow("dsql:DbConnect", cluster_arn)]


def grants(role: str, iam_role_arn: str) -> list[str]:
    """Statements of SQL that the administrator runs once, in either region: AWS's API has none that would.

    Source: https://docs.aws.amazon.com/aurora-dsql/latest/userguide/using-database-and-iam-roles.html
    """
    return [f"CREATE ROLE {role} WITH LOGIN", f"AWS IAM GRANT {role} TO '{iam_role_arn}'"]


@dataclass(frozen=True, kw_only=True)
class DsqlAccessArgs:
    """What a region needs to use its cluster, whichever stack declares it."""

    tags: Tags
    region: str
    """The stack's own, which has the cluster."""
    cluster_identifier: pulumi.Input[str]
    service_name: pulumi.Input[str]
    """Of the cluster's endpoint service, in this region."""
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """By zone; two or more."""
    security_group_ids: Sequence[pulumi.Input[str]]
    """Those before the endpoint: they let the servers in, on `PORT`."""
    topic_arn: pulumi.Input[str]
    """Topic of this region for the alarm."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that undoes resilience."""
        at_least("subnet_ids", self.subnet_ids, 2, "a zone may be lost")
        at_least("security_group_ids", self.security_group_ids, 1, "AWS would take the VPC's default group")


class DsqlAccess(pulumi.ComponentResource):
    """A region's way to its Aurora DSQL cluster.

    Creates: an interface endpoint with an address in each zone, under the cluster's private name; an alarm on queries that time out.
    Two endpoints of one service can't both have private names in a VPC, and clusters of a region may share their service: one cluster
    a VPC. Survives: a zone. Costs: the endpoint's hours in each zone, and its traffic.
    Source: https://docs.aws.amazon.com/aurora-dsql/latest/userguide/privatelink-managing-clusters.html
    """

    host: pulumi.Output[str]
    """Name of the cluster in this VPC, which its certificate has; known once it can be reached."""
    port: int

    def __init__(self, name: str, args: DsqlAccessArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:DsqlAccess", name, {}, handed_down(opts))
        self.port = PORT
        child = pulumi.ResourceOptions(parent=self)
        endpoint = aws.ec2.VpcEndpoint(
            f"{name}-endpoint",
            vpc_id=args.vpc_id,
            service_name=args.service_name,
            vpc_endpoint_type="Interface",
            private_dns_enabled=True,
            subnet_ids=[args.subnet_ids[zone] for zone in sorted(args.subnet_ids)],
            security_group_ids=list(args.security_group_ids),
            tags=args.tags.resource(f"{name}-endpoint"),
            opts=child,
        )
        service = pulumi.Output.from_input(args.service_name).apply(lambda known: known.rpartition(".")[2])
        host = pulumi.Output.concat(args.cluster_identifier, ".", service, f".{args.region}.on.aws")
        self.host = outputs.once(host, endpoint.id)
        declare_timeouts(
            f"{name}-timeouts",
            args.cluster_identifier,
            args.region,
            args.tags,
            args.topic_arn,
            opts=child,
        )
        outputs.register(self, "host", "port")

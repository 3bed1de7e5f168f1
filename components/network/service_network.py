"""A network of services that VPCs of one region join: who is in one of them reaches the services on it, and signs each request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.checks import at_least, need
from components.logs import check_retention
from components.network.lattice_auth import IAM, NONE, auth_policy
from components.options import handed_down
from components.outputs import once, register
from components.tags import Tags

LONGEST_NETWORK = 63
"""https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_CreateServiceNetwork.html"""


@dataclass(frozen=True, kw_only=True)
class ClientVpc:
    """A VPC of the network's region whose clients reach the services."""

    vpc_id: pulumi.Input[str]
    cidr: str
    """IPv4 network that its clients are in."""


@dataclass(frozen=True, kw_only=True)
class ServiceNetworkArgs:
    """What a service network needs."""

    network_name: str
    """Unique in the account's region: 3 to 63 lower-case letters, digits and hyphens."""
    vpcs: Mapping[str, ClientVpc]
    """By a name of their own: one or more."""
    signed: bool = True
    """Whether a request must be signed by an IAM principal. Which of them may call, each service says."""
    key_arn: pulumi.Input[str]
    """Customer key of the access log. Its policy must let CloudWatch Logs of the region use it."""
    log_retention_days: int = 90
    """Days that the access log is kept; CloudWatch Logs' own steps."""
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that nobody gets through by."""
        length = len(self.network_name)
        need(3 <= length <= LONGEST_NETWORK, "network_name", repr(self.network_name), "3 to 63 characters")  # noqa: PLR2004
        at_least("vpcs", self.vpcs, 1, "nobody reaches it otherwise")
        for name, vpc in self.vpcs.items():
            allowed = "an IPv4 network in CIDR notation without host bits, e.g. 10.30.0.0/16"
            need(_is_network(vpc.cidr), f"vpcs[{name}].cidr", repr(vpc.cidr), allowed)
        check_retention("log_retention_days", self.log_retention_days)


def _is_network(cidr: str) -> bool:
    try:
        return str(IPv4Network(cidr)) == cidr
    except ValueError:
        return False


class ServiceNetwork(pulumi.ComponentResource):
    """A VPC Lattice service network, the VPCs whose clients reach it, and a log of every request.

    It belongs to its region: neither VPCs nor services of another one can join. The VPCs need no route between them, and may have the
    same addresses. Each has a security group of its own, which takes HTTPS from that VPC's network alone.

    Creates: network, its auth policy, for each VPC an association with its security group, an encrypted log group and the subscription.
    Survives: a zone; with the region it is gone. Costs: nothing by itself; its services by the hour, and by request and byte.
    Source: https://docs.aws.amazon.com/vpc-lattice/latest/ug/service-networks.html,
    https://docs.aws.amazon.com/vpc-lattice/latest/ug/security-groups.html
    """

    arn: pulumi.Output[str]
    """Known when its auth policy stands too."""
    log_group_name: pulumi.Output[str]

    def __init__(
        self, name: str, args: ServiceNetworkArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:network:ServiceNetwork", name, {}, handed_down(opts))
        own = pulumi.ResourceOptions(parent=self)
        network = aws.vpclattice.ServiceNetwork(
            f"{name}-network",
            name=args.network_name,
            auth_type=IAM if args.signed else NONE,
            tags=args.tags.resource(f"{name}-network"),
            opts=own,
        )
        self.arn = network.arn
        if args.signed:
            policy = auth_policy(f"{name}-auth", network.arn, None, own)
            self.arn = once(network.arn, policy.id)
        for each, vpc in args.vpcs.items():
            self._join(f"{name}-{each}", vpc, args.tags)
        self.log_group_name = self._log(f"{name}-access", args)
        register(self, "arn", "log_group_name")

    def _join(self, name: str, vpc: ClientVpc, tags: Tags) -> None:
        own = pulumi.ResourceOptions(parent=self)
        group = aws.ec2.SecurityGroup(
            name,
            vpc_id=vpc.vpc_id,
            description="Who reaches the service network",
            tags=tags.resource(name),
            opts=own,
        )
        rule = aws.vpc.SecurityGroupIngressRule(
            f"{name}-https",
            security_group_id=group.id,
            description=f"HTTPS from {vpc.cidr}",
            cidr_ipv4=vpc.cidr,
            ip_protocol="tcp",
            from_port=443,
            to_port=443,
            tags=tags.resource(f"{name}-https"),
            opts=own,
        )
        aws.vpclattice.ServiceNetworkVpcAssociation(
            name,
            service_network_identifier=self.arn,
            vpc_identifier=vpc.vpc_id,
            security_group_ids=[once(group.id, rule.id)],
            tags=tags.resource(name),
            opts=own,
        )

    def _log(self, name: str, args: ServiceNetworkArgs) -> pulumi.Output[str]:
        own = pulumi.ResourceOptions(parent=self)
        logs = aws.cloudwatch.LogGroup(
            name,
            # Groups of that prefix need no line of their own in the account's policy of vended logs, which is short.
            name=f"/aws/vendedlogs/vpc-lattice/{args.network_name}",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.key_arn,
            tags=args.tags.logs(name),
            opts=own,
        )
        aws.vpclattice.AccessLogSubscription(
            name,
            resource_identifier=self.arn,
            destination_arn=logs.arn,
            tags=args.tags.resource(name),
            opts=own,
        )
        return logs.name

"""Security groups of a load balancer and what stands behind it: what every arrangement of them is made with."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.checks import each_once, need
from components.options import handed_down
from components.tags import Tags

ANYWHERE = "0.0.0.0/0"
LOAD_BALANCER = "load-balancer"
LOAD_BALANCER_PORTS = {"https": 443, "http": 80}
"""80 is there to be redirected to 443."""


def check_ingress(cidrs: Sequence[str]) -> None:
    """Raise ArgumentError for networks that can't reach a load balancer, or stand twice."""
    each_once("ingress_cidrs", cidrs)
    for cidr in cidrs:
        _validate_ingress(cidr)


def _validate_ingress(cidr: str) -> None:
    try:
        canonical = str(IPv4Network(cidr)) == cidr
    except ValueError:
        canonical = False
    allowed = "an IPv4 network in CIDR notation without host bits, e.g. 198.51.100.0/24"
    need(canonical, "ingress_cidrs", repr(cidr), allowed)


class Connected(pulumi.ComponentResource):
    """Groups by name, and each connection between two of them as a pair of rules, one at either end."""

    def __init__(
        self,
        kind: str,
        name: str,
        *,
        vpc_id: pulumi.Input[str],
        tags: Tags,
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """`kind` is the component's type."""
        super().__init__(kind, name, {}, handed_down(opts))
        self._name, self._vpc_id, self._tags = name, vpc_id, tags

    def _group(self, what: str, description: str) -> pulumi.Output[str]:
        child = f"{self._name}-{what}"
        return aws.ec2.SecurityGroup(
            child,
            vpc_id=self._vpc_id,
            description=description,
            tags=self._tags.resource(child),
            opts=pulumi.ResourceOptions(parent=self),
        ).id

    def _connect(
        self, before: str, before_id: pulumi.Output[str], name: str, port: int, to_id: pulumi.Output[str]
    ) -> None:
        """Let one group open connections to another, called `name`, on its port."""
        out, into = aws.vpc.SecurityGroupEgressRule, aws.vpc.SecurityGroupIngressRule
        about = f"To {name} on its port"
        self._rule(out, f"{before}-to-{name}", before_id, port, about, other_id=to_id)
        self._rule(into, f"{name}-from-{before}", to_id, port, f"From {before}", other_id=before_id)

    def _https_out(self, name: str, group_id: pulumi.Output[str]) -> None:
        self._rule(
            aws.vpc.SecurityGroupEgressRule,
            f"{name}-to-https",
            group_id,
            443,
            "HTTPS to VPC endpoints, AWS services and package repositories",
            cidr=ANYWHERE,
        )

    def _rule(
        self,
        make: type[aws.vpc.SecurityGroupIngressRule | aws.vpc.SecurityGroupEgressRule],
        what: str,
        group_id: pulumi.Output[str],
        port: int,
        description: str,
        *,
        cidr: str | None = None,
        prefix_list_id: pulumi.Input[str] | None = None,
        other_id: pulumi.Output[str] | None = None,
    ) -> None:
        """Let a group open, or take, TCP connections on a port: to or from a network, a list of networks, or another group."""
        child = f"{self._name}-{what}"
        make(
            child,
            security_group_id=group_id,
            description=description,
            cidr_ipv4=cidr,
            prefix_list_id=prefix_list_id,
            referenced_security_group_id=other_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self._tags.resource(child),
            opts=pulumi.ResourceOptions(parent=self),
        )


class Groups(Connected):
    """The same behind a load balancer, which some networks reach."""

    load_balancer_id: pulumi.Output[str]

    def __init__(
        self,
        kind: str,
        name: str,
        *,
        vpc_id: pulumi.Input[str],
        tags: Tags,
        ingress_cidrs: Sequence[str],
        opts: pulumi.ResourceOptions | None,
    ) -> None:
        """`kind` is the component's type; `ingress_cidrs` reach the load balancer."""
        super().__init__(kind, name, vpc_id=vpc_id, tags=tags, opts=opts)
        self.load_balancer_id = self._group(LOAD_BALANCER, "Load balancer")
        for cidr in ingress_cidrs:
            self._from_outside(cidr)

    def _from_outside(self, cidr: str) -> None:
        for protocol, port in LOAD_BALANCER_PORTS.items():
            self._rule(
                aws.vpc.SecurityGroupIngressRule,
                f"{LOAD_BALANCER}-{protocol}-from-{cidr.replace('/', '-')}",
                self.load_balancer_id,
                port,
                f"{protocol.upper()} from {'anywhere' if cidr == ANYWHERE else cidr}",
                cidr=cidr,
            )

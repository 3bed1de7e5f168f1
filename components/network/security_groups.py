"""Security groups as a chain: each group lets in the group before it and nobody else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between, each_once, need
from components.options import handed_down
from components.tags import Tags

ANYWHERE = "0.0.0.0/0"
LOAD_BALANCER = "load-balancer"
LOAD_BALANCER_PORTS = {"https": 443, "http": 80}
"""80 is there to be redirected to 443."""
LARGEST_PORT = 65535

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True, kw_only=True)
class Tier:
    """Servers of one kind: who they are and where they listen."""

    name: str
    """Lower case letters, digits and hyphens, e.g. `web`."""
    port: int
    """TCP port, 1 to 65535."""


@dataclass(frozen=True, kw_only=True)
class Store:
    """A database, cache or file system, which opens no connections itself."""

    name: str
    """Lower case letters, digits and hyphens, e.g. `database`."""
    port: int
    """TCP port, 1 to 65535."""


@dataclass(frozen=True, kw_only=True)
class SecurityGroupChainArgs:
    """What a chain of security groups needs."""

    vpc_id: pulumi.Input[str]
    tags: Tags
    tiers: Sequence[Tier]
    """Front to back, at least one. The load balancer stands before the first."""
    stores: Sequence[Store] = ()
    """Reached from the last tier alone."""
    ingress_cidrs: Sequence[str] = (ANYWHERE,)
    """IPv4 networks that may reach the load balancer, on 443 and 80."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        at_least("tiers", self.tiers, 1, "front to back")
        taken = {LOAD_BALANCER, "https"}
        for argument, members in (("tiers", self.tiers), ("stores", self.stores)):
            for member in members:
                fits = _NAME.fullmatch(member.name)
                letters = "up to 31 lower case letters, digits and hyphens, a letter first"
                need(bool(fits), f"{argument}.name", repr(member.name), letters)
                free = f"each name once, and neither {LOAD_BALANCER!r} nor 'https'"
                need(member.name not in taken, f"{argument}.name", repr(member.name), free)
                taken.add(member.name)
                between(f"{argument}.port", member.port, 1, LARGEST_PORT)
        each_once("ingress_cidrs", self.ingress_cidrs)
        for cidr in self.ingress_cidrs:
            _validate_ingress(cidr)


class SecurityGroupChain(pulumi.ComponentResource):
    """Security groups from the load balancer through the tiers to the stores.

    Creates: a group for the load balancer, each tier and each store; each connection as a pair of rules,
    out of one group and into the next, both by reference to the other group. Tiers may also open HTTPS
    connections, for AWS services and packages; stores none at all.
    Survives: instance and zone; security groups belong to the region.
    Costs: nothing.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """

    load_balancer_id: pulumi.Output[str]
    tier_ids: dict[str, pulumi.Output[str]]
    """By name of the tier."""
    store_ids: dict[str, pulumi.Output[str]]
    """By name of the store."""

    def __init__(
        self, name: str, args: SecurityGroupChainArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:network:SecurityGroupChain", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self.load_balancer_id = self._group(LOAD_BALANCER, "Load balancer")
        self.tier_ids = {tier.name: self._group(tier.name, f"Tier {tier.name}") for tier in args.tiers}
        self.store_ids = {store.name: self._group(store.name, f"Store {store.name}") for store in args.stores}
        for cidr in args.ingress_cidrs:
            self._from_outside(cidr)
        before, before_id = LOAD_BALANCER, self.load_balancer_id
        for tier in args.tiers:
            self._connect(before, before_id, tier, self.tier_ids[tier.name])
            self._https_out(tier)
            before, before_id = tier.name, self.tier_ids[tier.name]
        for store in args.stores:
            self._connect(before, before_id, store, self.store_ids[store.name])
        self.register_outputs(
            {"loadBalancerId": self.load_balancer_id, "tierIds": self.tier_ids, "storeIds": self.store_ids}
        )

    def _group(self, what: str, description: str) -> pulumi.Output[str]:
        child = f"{self._name}-{what}"
        return aws.ec2.SecurityGroup(
            child,
            vpc_id=self._args.vpc_id,
            description=description,
            tags=self._args.tags.resource(child),
            opts=pulumi.ResourceOptions(parent=self),
        ).id

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

    def _connect(
        self, before: str, before_id: pulumi.Output[str], to: Tier | Store, to_id: pulumi.Output[str]
    ) -> None:
        """Let the group before open connections to `to`: one rule at either end."""
        out, into = aws.vpc.SecurityGroupEgressRule, aws.vpc.SecurityGroupIngressRule
        about = f"To {to.name} on its port"
        self._rule(out, f"{before}-to-{to.name}", before_id, to.port, about, other_id=to_id)
        self._rule(into, f"{to.name}-from-{before}", to_id, to.port, f"From {before}", other_id=before_id)

    def _https_out(self, tier: Tier) -> None:
        self._rule(
            aws.vpc.SecurityGroupEgressRule,
            f"{tier.name}-to-https",
            self.tier_ids[tier.name],
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
        other_id: pulumi.Output[str] | None = None,
    ) -> None:
        """Let a group open, or take, TCP connections on a port: to or from a network, or another group."""
        child = f"{self._name}-{what}"
        make(
            child,
            security_group_id=group_id,
            description=description,
            cidr_ipv4=cidr,
            referenced_security_group_id=other_id,
            ip_protocol="tcp",
            from_port=port,
            to_port=port,
            tags=self._args.tags.resource(child),
            opts=pulumi.ResourceOptions(parent=self),
        )


def _validate_ingress(cidr: str) -> None:
    try:
        canonical = str(IPv4Network(cidr)) == cidr
    except ValueError:
        canonical = False
    allowed = "an IPv4 network in CIDR notation without host bits, e.g. 198.51.100.0/24"
    need(canonical, "ingress_cidrs", repr(cidr), allowed)

"""Security groups as a chain: each group lets in the group before it and nobody else."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.checks import at_least, between, need
from components.network.groups import ANYWHERE, LOAD_BALANCER, Groups, check_ingress
from components.tags import Tags

LARGEST_PORT = 65535

_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


@dataclass(frozen=True, kw_only=True)
class Tier:
    """Servers of one kind: who they are and where they listen."""

    name: str
    """Lower case letters, digits and hyphens, e.g. `web`."""
    port: int
    """TCP port, 1 to 65535."""
    balanced: bool = False
    """Whether a load balancer stands between it and the tier before it, which listens on the same port. One always stands before the
    first tier."""


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
                if isinstance(member, Tier) and member.balanced:
                    taken.add(_balancer(member))
                between(f"{argument}.port", member.port, 1, LARGEST_PORT)
        first = self.tiers[0]
        need(
            not first.balanced, "tiers.balanced", "True of the first", "False: that one has its load balancer"
        )
        check_ingress(self.ingress_cidrs)


class SecurityGroupChain(Groups):
    """Security groups from the load balancer through the tiers to the stores.

    Creates: a group for the load balancer, each tier and each store; each connection as a pair of rules,
    out of one group and into the next, both by reference to the other group. Tiers may also open HTTPS
    connections, for AWS services and packages; stores none at all.
    Survives: instance and zone; security groups belong to the region.
    Costs: nothing.
    Source: https://docs.aws.amazon.com/vpc/latest/userguide/security-group-rules.html
    """

    tier_ids: dict[str, pulumi.Output[str]]
    """By name of the tier."""
    balancer_ids: dict[str, pulumi.Output[str]]
    """Of the load balancer before a tier, by the tier's name, where it is `balanced`."""
    store_ids: dict[str, pulumi.Output[str]]
    """By name of the store."""

    def __init__(
        self, name: str, args: SecurityGroupChainArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        kind = "holdfast:network:SecurityGroupChain"
        super().__init__(
            kind,
            name,
            vpc_id=args.vpc_id,
            tags=args.tags,
            ingress_cidrs=args.ingress_cidrs,
            opts=opts,
        )
        self.tier_ids = {tier.name: self._group(tier.name, f"Tier {tier.name}") for tier in args.tiers}
        self.balancer_ids = {
            tier.name: self._group(_balancer(tier), f"Load balancer before {tier.name}")
            for tier in args.tiers
            if tier.balanced
        }
        self.store_ids = {store.name: self._group(store.name, f"Store {store.name}") for store in args.stores}
        before, before_id = LOAD_BALANCER, self.load_balancer_id
        for tier in args.tiers:
            if tier.balanced:
                self._connect(before, before_id, _balancer(tier), tier.port, self.balancer_ids[tier.name])
                before, before_id = _balancer(tier), self.balancer_ids[tier.name]
            self._connect(before, before_id, tier.name, tier.port, self.tier_ids[tier.name])
            self._https_out(tier.name, self.tier_ids[tier.name])
            before, before_id = tier.name, self.tier_ids[tier.name]
        for store in args.stores:
            self._connect(before, before_id, store.name, store.port, self.store_ids[store.name])
        self.register_outputs(
            {"loadBalancerId": self.load_balancer_id, "tierIds": self.tier_ids, "storeIds": self.store_ids}
        )


def _balancer(tier: Tier) -> str:
    """What the group of the load balancer before a tier is called."""
    return f"{tier.name}-balancer"

"""A load balancer between two tiers that keeps each zone's requests in the zone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import at_least
from components.edge.load_balancer import check_name
from components.edge.target_group import TargetArgs, thresholds
from components.facts import Fact, fact
from components.options import handed_down
from components.outputs import once
from components.tags import Tags

NAMESPACE = "AWS/NetworkELB"
"""Of its metrics in CloudWatch."""


@dataclass(frozen=True, kw_only=True)
class ZonalBalancerArgs:
    """What the load balancer needs."""

    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Private subnets by zone id, two zones or more: those of the tier before it, and of the one behind it."""
    security_group_id: pulumi.Input[str]
    target: TargetArgs = field(default_factory=TargetArgs)
    """The servers behind it. They are asked by HTTP, and given TCP connections on the port that it listens on itself. What belongs to
    requests alone (slow start, cookies) says nothing here."""
    deletion_protection: bool = True
    tags: Tags

    def check(self, name: str) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        check_name(name)
        at_least("subnet_ids", self.subnet_ids, 2, "where its own servers are ill a zone needs another's")
        self.target.validate()


class ZonalBalancer(pulumi.ComponentResource):
    """An internal network load balancer whose name leads each zone's clients to that zone's servers, while one of them is healthy.

    Two settings do that: Route 53's resolver answers a client in the VPC with the address in the client's own zone (Availability Zone
    affinity), and behind an address are the servers of its zone alone (no cross-zone load balancing). Where a zone has no healthy server
    its address leaves the name, and the zone's clients are answered with the other zones'.

    Creates: load balancer, target group, listener. Survives: an instance, a zone, and the loss of a zone's servers alone (as long as the
    checks take, and the 60 s that a name's answer is kept). Costs: one load balancer and its capacity units; nothing for traffic
    between zones.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/network/edit-load-balancer-attributes.html#zonal-dns-affinity
    """

    arn_suffix: pulumi.Output[str]
    """The LoadBalancer dimension of its CloudWatch metrics."""
    dns_name: pulumi.Output[str]
    """Known once somebody listens there."""
    port: int
    listener_arn: pulumi.Output[str]
    target_group_arn: pulumi.Output[str]
    """Known once the listener forwards to it."""
    target_group_arn_suffix: pulumi.Output[str]
    """The TargetGroup dimension of its CloudWatch metrics."""
    recovery_fact: Fact
    target_check: Mapping[str, int]
    """How its targets are watched, for their own facts."""

    def __init__(
        self, name: str, args: ZonalBalancerArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check(name)
        super().__init__("holdfast:edge:ZonalBalancer", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        balancer = aws.lb.LoadBalancer(
            f"{name}-nlb",
            load_balancer_type="network",
            internal=True,
            subnets=[args.subnet_ids[zone] for zone in sorted(args.subnet_ids)],
            security_groups=[args.security_group_id],
            dns_record_client_routing_policy="availability_zone_affinity",
            enable_cross_zone_load_balancing=False,
            enable_deletion_protection=args.deletion_protection,
            enable_zonal_shift=True,
            tags=args.tags.resource(f"{name}-nlb"),
            opts=child,
        )
        group = aws.lb.TargetGroup(
            f"{name}-tg",
            vpc_id=args.vpc_id,
            port=args.target.port,
            protocol="TCP",
            target_type=args.target.target_type,
            deregistration_delay=args.target.deregistration_delay,
            tags=args.tags.resource(f"{name}-tg"),
            opts=child,
            **thresholds(args.target),
        )
        listener = aws.lb.Listener(
            f"{name}-tcp",
            load_balancer_arn=balancer.arn,
            port=args.target.port,
            protocol="TCP",
            default_actions=[{"type": "forward", "target_group_arn": group.arn}],
            tags=args.tags.resource(f"{name}-tcp"),
            opts=child,
        )
        self.port, self.arn_suffix, self.listener_arn = args.target.port, balancer.arn_suffix, listener.arn
        self.dns_name = once(balancer.dns_name, listener.arn)
        self.target_group_arn, self.target_group_arn_suffix = once(group.arn, listener.arn), group.arn_suffix
        self.target_check = args.target.recovery_check
        self.recovery_fact = fact("load-balancer", f"{name}-nlb", args.tags.resource(""), internal=True)
        self.register_outputs(
            {
                "dns_name": self.dns_name,
                "listener_arn": self.listener_arn,
                "target_group_arn": self.target_group_arn,
            }
        )

"""A second listener of a load balancer, for a few: what doesn't serve yet is checked and tried by it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between, need
from components.edge.load_balancer import NAME_LIMIT, TLS_POLICY
from components.edge.target_group import TargetArgs, target_group
from components.network.groups import ANYWHERE, LOAD_BALANCER_PORTS, check_ingress
from components.options import handed_down
from components.outputs import once
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class SideListenerArgs:
    """What the listener needs."""

    vpc_id: pulumi.Input[str]
    load_balancer_arn: pulumi.Input[str]
    security_group_id: pulumi.Input[str]
    """The load balancer's: the component opens its port there."""
    certificate_arn: pulumi.Input[str]
    """A validated certificate of this region."""
    ingress_cidrs: Sequence[str]
    """IPv4 networks that may reach it; at least one, and not everybody."""
    target: TargetArgs
    port: int = 8443
    """Any but the public listeners' 443 and 80."""
    tls_policy: str = TLS_POLICY
    tags: Tags

    def check(self, name: str) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse, or that opens it to everybody."""
        check_side_name(name)
        at_least("ingress_cidrs", self.ingress_cidrs, 1, "nobody could try what stands by")
        check_ingress(self.ingress_cidrs)
        closed = ANYWHERE not in self.ingress_cidrs
        need(closed, "ingress_cidrs", repr(ANYWHERE), "networks of your own: what doesn't serve isn't public")
        between("port", self.port, 1, 65535)
        taken = LOAD_BALANCER_PORTS.values()
        need(self.port not in taken, "port", self.port, "another than the public listeners'")
        self.target.validate()


class SideListener(pulumi.ComponentResource):
    """A listener with a target group of its own, which speaks TLS.

    A target group that no listener forwards to is unused, and its targets are never checked: by this one the load balancer checks
    targets that get no requests of clients.

    Creates: listener, target group, a rule of the load balancer's security group for each network. Survives: what the load balancer
    does. Costs: nothing beside it.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html (Target.NotInUse)
    """

    listener_arn: pulumi.Output[str]
    target_group_arn: pulumi.Output[str]
    """Known once the listener forwards to it."""
    target_check: Mapping[str, int]
    """How its targets are watched, for their own facts."""

    def __init__(self, name: str, args: SideListenerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check(name)
        super().__init__("holdfast:edge:SideListener", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        group = target_group(f"{name}-tg", args.target, args.vpc_id, args.tags, child)
        listener = aws.lb.Listener(
            f"{name}-https",
            load_balancer_arn=args.load_balancer_arn,
            port=args.port,
            protocol="HTTPS",
            ssl_policy=args.tls_policy,
            certificate_arn=args.certificate_arn,
            default_actions=[{"type": "forward", "target_group_arn": group.arn}],
            tags=args.tags.resource(f"{name}-https"),
            opts=child,
        )
        for cidr in args.ingress_cidrs:
            rule = f"{name}-from-{cidr.replace('/', '-')}"
            aws.vpc.SecurityGroupIngressRule(
                rule,
                security_group_id=args.security_group_id,
                description=f"Tries what stands by, from {cidr}",
                cidr_ipv4=cidr,
                ip_protocol="tcp",
                from_port=args.port,
                to_port=args.port,
                tags=args.tags.resource(rule),
                opts=child,
            )
        self.listener_arn = listener.arn
        # By way of the listener: a target group without one is unused, and what asks it for health would wait.
        self.target_group_arn = once(group.arn, listener.arn)
        self.target_check = args.target.recovery_check
        self.register_outputs({"listener_arn": self.listener_arn, "target_group_arn": self.target_group_arn})


def check_side_name(name: str) -> None:
    """Raise ArgumentError when AWS would refuse the target group's name, which begins with the component's: `-tg` and a suffix of 8."""
    most = NAME_LIMIT + 1
    need(len(name) <= most, "name", repr(name), f"{most} characters at most")

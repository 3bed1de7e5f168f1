"""The target group behind a load balancer: what counts as healthy, and what happens when too little is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import between, one_of
from components.edge import checks
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class TargetArgs:
    """The targets of a load balancer. Defaults find a dead one in 25 s: 2 checks 10 s apart, 5 s wait."""

    port: int = 8080
    """Port of the application, 1 to 65535."""
    protocol: str = "HTTP"
    """HTTP or HTTPS, between load balancer and target."""
    target_type: str = "instance"
    """`instance` for Auto Scaling groups, `ip` for containers."""
    health_path: str = "/health"
    """A light path that asks nothing of databases: were it deep, one slow database would take the whole fleet
    out."""
    health_codes: str = "200"
    """Status codes that count as healthy: `200`, `200,204` or `200-299`."""
    interval: int = 10
    """Seconds between checks, 5 to 300."""
    timeout: int = 5
    """Seconds that a check waits, 2 to 120, less than the interval."""
    healthy_threshold: int = 2
    """Checks in a row that bring a target back, 2 to 10."""
    unhealthy_threshold: int = 2
    """Checks in a row that take a target out, 2 to 10."""
    deregistration_delay: int = 60
    """Seconds that a leaving target may finish requests, 0 to 3600."""
    slow_start: int = 0
    """Seconds over which a new target's share grows, 30 to 900, or 0 for none."""
    stickiness_seconds: int | None = None
    """Seconds that a cookie binds a client to a target, 1 to 604800; None: any target serves."""
    minimum_healthy_dns: int = 1
    """Healthy targets below which a zone leaves the load balancer's DNS name, 1 or more."""
    minimum_healthy_routing: int = 1
    """Healthy targets below which requests go to all targets, healthy or not, 1 to `minimum_healthy_dns`."""
    cross_zone: bool = True
    """False keeps requests in the zone that they came in by."""

    @property
    def recovery_check(self) -> Mapping[str, int]:
        """How a target is watched, for its own fact."""
        return {
            "interval_s": self.interval,
            "threshold": self.unhealthy_threshold,
            "timeout_s": self.timeout,
        }

    def validate(self) -> None:
        """Raise ArgumentError for the first argument that AWS would refuse.

        Limits:
        https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html
        """
        between("target.port", self.port, 1, 65535)
        one_of("target.protocol", self.protocol, ("HTTP", "HTTPS"))
        one_of("target.target_type", self.target_type, ("instance", "ip"))
        checks.path("target.health_path", self.health_path)
        between("target.interval", self.interval, 5, 300, "s")
        between("target.timeout", self.timeout, 2, min(120, self.interval - 1), "s, less than the interval")
        between("target.healthy_threshold", self.healthy_threshold, 2, 10, "checks")
        between("target.unhealthy_threshold", self.unhealthy_threshold, 2, 10, "checks")
        between("target.deregistration_delay", self.deregistration_delay, 0, 3600, "s")
        if self.slow_start:
            between("target.slow_start", self.slow_start, 30, 900, "s, or 0")
        if self.stickiness_seconds is not None:
            between("target.stickiness_seconds", self.stickiness_seconds, 1, 604800, "s, or None")
        between("target.minimum_healthy_dns", self.minimum_healthy_dns, 1, 1000, "targets")
        between(
            "target.minimum_healthy_routing",
            self.minimum_healthy_routing,
            1,
            self.minimum_healthy_dns,
            "targets, not more than minimum_healthy_dns",
        )


def target_group(
    name: str, args: TargetArgs, vpc_id: pulumi.Input[str], tags: Tags, opts: pulumi.ResourceOptions
) -> aws.lb.TargetGroup:
    """Register the target group."""
    sticky: aws.lb.TargetGroupStickinessArgsDict = {
        "type": "lb_cookie",
        "enabled": args.stickiness_seconds is not None,
    }
    if args.stickiness_seconds is not None:
        sticky["cookie_duration"] = args.stickiness_seconds
    return aws.lb.TargetGroup(
        name,
        vpc_id=vpc_id,
        port=args.port,
        protocol=args.protocol,
        target_type=args.target_type,
        deregistration_delay=args.deregistration_delay,
        slow_start=args.slow_start,
        stickiness=sticky,
        load_balancing_cross_zone_enabled="use_load_balancer_configuration" if args.cross_zone else "false",
        tags=tags.resource(name),
        opts=opts,
        **thresholds(args),
    )


def thresholds(args: TargetArgs) -> dict[str, Any]:
    """What counts as healthy, and what happens when too little is, of a target group behind any kind of load balancer."""
    return {
        "health_check": {
            "enabled": True,
            "protocol": args.protocol,
            "port": "traffic-port",
            "path": args.health_path,
            "matcher": args.health_codes,
            "interval": args.interval,
            "timeout": args.timeout,
            "healthy_threshold": args.healthy_threshold,
            "unhealthy_threshold": args.unhealthy_threshold,
        },
        "target_group_health": {
            "dns_failover": {
                "minimum_healthy_targets_count": str(args.minimum_healthy_dns),
                "minimum_healthy_targets_percentage": "off",
            },
            "unhealthy_state_routing": {
                "minimum_healthy_targets_count": args.minimum_healthy_routing,
                "minimum_healthy_targets_percentage": "off",
            },
        },
    }

"""The application load balancer in front of a system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between, need
from components.edge.log_bucket import log_bucket
from components.edge.target_group import TargetArgs, target_group
from components.facts import Fact, fact
from components.options import handed_down
from components.outputs import once
from components.tags import Tags

TLS_POLICY = "ELBSecurityPolicy-TLS13-1-2-Res-PQ-2025-09"
"""TLS 1.3 and 1.2 with forward secrecy and post-quantum key exchange, the policy that AWS recommends.

Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html
"""

LOG_DELIVERY = "logdelivery.elasticloadbalancing.amazonaws.com"
"""Who writes access logs:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html"""
NAME_LIMIT = 20
"""AWS takes 32 characters: 8 go to the automatic suffix, 4 to `-alb`."""


@dataclass(frozen=True, kw_only=True)
class LoadBalancerArgs:
    """What a load balancer needs."""

    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Public subnets by zone id, two zones or more."""
    security_group_id: pulumi.Input[str]
    certificate_arn: pulumi.Input[str]
    """A validated certificate of this region."""
    tags: Tags
    target: TargetArgs | None = field(default_factory=TargetArgs)
    """Where all requests go. None: each path has its own `PathTarget`, and what no path takes is answered 404."""
    tls_policy: str = TLS_POLICY
    """A security policy that speaks TLS 1.3: its name begins with ELBSecurityPolicy-TLS13-."""
    client_keep_alive: int = 180
    """Seconds after which a client must connect anew, 60 to 604800.

    AWS's 3600 keeps clients on a zone for an hour after a zonal shift or a failover moved its name away.
    """
    idle_timeout: int = 60
    """Seconds without a byte after which a connection is closed, 1 to 4000."""
    zonal_shift: bool = True
    """Zonal shift and autoshift may take a zone out of service."""
    deletion_protection: bool = True
    internal: bool = False
    """True: reachable inside the VPC only; subnets are then private ones."""
    log_bucket: pulumi.Input[str] | None = None
    """An existing bucket for access logs, SSE-S3 and in this region; None: the component creates one."""
    log_retention_days: int = 90
    """Days that the component's own bucket keeps logs, 1 to 3650."""
    web_acl_arn: pulumi.Input[str] | None = None
    """A web ACL of this region that requests pass first; None: none."""
    protect: bool = True
    """Pulumi refuses to delete the log bucket."""

    def check(self, name: str) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        check_name(name)
        at_least("subnet_ids", self.subnet_ids, 2, "AWS wants subnets in two zones")
        modern = self.tls_policy.startswith("ELBSecurityPolicy-TLS13-")
        need(modern, "tls_policy", repr(self.tls_policy), "a name that begins with ELBSecurityPolicy-TLS13-")
        between("client_keep_alive", self.client_keep_alive, 60, 604800, "s")
        between("idle_timeout", self.idle_timeout, 1, 4000, "s")
        between("log_retention_days", self.log_retention_days, 1, 3650, "days")
        if self.target is not None:
            self.target.validate()


class LoadBalancer(pulumi.ComponentResource):
    """An application load balancer that speaks TLS, redirects plain HTTP and logs every request.

    Creates: load balancer, target group, HTTPS and HTTP listeners, and (unless one is handed in) a log
    bucket. Survives: an instance (targets leave after `unhealthy_threshold x interval` + timeout), a zone
    (its address leaves DNS when no target in it is healthy). Costs: one load balancer, its capacity units
    and the stored logs.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html
    """

    arn: pulumi.Output[str]
    arn_suffix: pulumi.Output[str]
    """The LoadBalancer dimension of its CloudWatch metrics."""
    dns_name: pulumi.Output[str]
    zone_id: pulumi.Output[str]
    """Hosted zone of `dns_name`, for alias records; AWS's own and different in each region."""
    target_group_arn: pulumi.Output[str]
    """Of `target`; without one it isn't there, nor are the suffix and the check."""
    target_group_arn_suffix: pulumi.Output[str]
    """The TargetGroup dimension of its CloudWatch metrics."""
    https_listener_arn: pulumi.Output[str]
    log_bucket: pulumi.Output[str]
    recovery_fact: Fact
    target_check: Mapping[str, int]
    """How its targets are watched, for their own facts."""

    def __init__(self, name: str, args: LoadBalancerArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check(name)
        super().__init__("holdfast:edge:LoadBalancer", name, {}, handed_down(opts))
        child = pulumi.ResourceOptions(parent=self)
        self.log_bucket = self._log_bucket(name, args)
        balancer = aws.lb.LoadBalancer(
            f"{name}-alb",
            load_balancer_type="application",
            internal=args.internal,
            subnets=[args.subnet_ids[zone] for zone in sorted(args.subnet_ids)],
            security_groups=[args.security_group_id],
            access_logs={"bucket": self.log_bucket, "enabled": True},
            drop_invalid_header_fields=True,
            desync_mitigation_mode="defensive",
            enable_deletion_protection=args.deletion_protection,
            enable_zonal_shift=args.zonal_shift,
            client_keep_alive=args.client_keep_alive,
            idle_timeout=args.idle_timeout,
            tags=args.tags.resource(f"{name}-alb"),
            opts=child,
        )
        group = args.target and target_group(f"{name}-tg", args.target, args.vpc_id, args.tags, child)
        https = aws.lb.Listener(
            f"{name}-https",
            load_balancer_arn=balancer.arn,
            port=443,
            protocol="HTTPS",
            ssl_policy=args.tls_policy,
            certificate_arn=args.certificate_arn,
            default_actions=[
                {"type": "forward", "target_group_arn": group.arn}
                if group
                else {
                    "type": "fixed-response",
                    "fixed_response": {"content_type": "text/plain", "status_code": "404"},
                }
            ],
            tags=args.tags.resource(f"{name}-https"),
            opts=child,
        )
        aws.lb.Listener(
            f"{name}-http",
            load_balancer_arn=balancer.arn,
            port=80,
            protocol="HTTP",
            default_actions=[
                {
                    "type": "redirect",
                    "redirect": {"protocol": "HTTPS", "port": "443", "status_code": "HTTP_301"},
                }
            ],
            tags=args.tags.resource(f"{name}-http"),
            opts=child,
        )
        if args.web_acl_arn is not None:
            aws.wafv2.WebAclAssociation(
                f"{name}-firewall", resource_arn=balancer.arn, web_acl_arn=args.web_acl_arn, opts=child
            )
        self.arn, self.arn_suffix = balancer.arn, balancer.arn_suffix
        self.dns_name, self.zone_id = balancer.dns_name, balancer.zone_id
        self.https_listener_arn = https.arn
        self.recovery_fact = fact(
            "load-balancer", f"{name}-alb", args.tags.resource(""), internal=args.internal
        )
        found = {
            "arn": self.arn,
            "arn_suffix": self.arn_suffix,
            "dns_name": self.dns_name,
            "zone_id": self.zone_id,
            "https_listener_arn": self.https_listener_arn,
            "log_bucket": self.log_bucket,
        }
        if group and args.target:
            # By way of the listener: a target group without one is unused, and what asks it for health would
            # wait.
            self.target_group_arn = once(group.arn, https.arn)
            self.target_group_arn_suffix = group.arn_suffix
            self.target_check = args.target.recovery_check
            found["target_group_arn"] = self.target_group_arn
            found["target_group_arn_suffix"] = self.target_group_arn_suffix
        self.register_outputs(found)

    def _log_bucket(self, name: str, args: LoadBalancerArgs) -> pulumi.Output[str]:
        if args.log_bucket is not None:
            return pulumi.Output.from_input(args.log_bucket)
        made = log_bucket(
            f"{name}-logs",
            LOG_DELIVERY,
            tags=args.tags,
            days=args.log_retention_days,
            protect=args.protect,
            parent=self,
        )
        return made.bucket


def check_name(name: str) -> None:
    """Raise ArgumentError when AWS would refuse the names that begin with the component's."""
    need(len(name) <= NAME_LIMIT, "name", repr(name), f"{NAME_LIMIT} characters at most")

"""A service on a service network: its name, and the tasks behind it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import between, need
from components.network.lattice_auth import IAM, NONE, auth_policy
from components.options import handed_down
from components.outputs import once, register
from components.tags import Tags

LONGEST_SERVICE = 40
"""https://docs.aws.amazon.com/vpc-lattice/latest/APIReference/API_CreateService.html"""
INTERVAL, TIMEOUT, FAILURES, SUCCESSES = 10, 5, 2, 2
"""Of health checks: seconds, seconds, and how many in a row count.
https://docs.aws.amazon.com/vpc-lattice/latest/ug/target-group-health-checks.html"""


@dataclass(frozen=True, kw_only=True)
class LatticeServiceArgs:
    """What a service on a service network needs."""

    service_name: str
    """Unique in the account's region: 3 to 40 lower-case letters, digits and hyphens."""
    network_arn: pulumi.Input[str]
    vpc_id: pulumi.Input[str]
    """Where its targets are."""
    port: int
    """TCP port on which they listen, 1 to 65535, in plain HTTP."""
    health_path: str = "/health"
    """What each of them is asked."""
    callers: Sequence[pulumi.Input[str]] | None
    """ARNs of IAM principals whose signed requests are let through, one or more. None: anybody who reaches it calls it, unsigned."""
    tags: Tags

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that nobody gets through by."""
        length = len(self.service_name)
        need(3 <= length <= LONGEST_SERVICE, "service_name", repr(self.service_name), "3 to 40 characters")  # noqa: PLR2004
        between("port", self.port, 1, 65_535)
        need(self.health_path.startswith("/"), "health_path", repr(self.health_path), "a path, from /")
        some = self.callers is None or bool(self.callers)
        need(some, "callers", "none", "one or more: nobody gets through otherwise")


class LatticeService(pulumi.ComponentResource):
    """A VPC Lattice service with an IP target group, on a network.

    Clients call it by its generated name over TLS, with a certificate of AWS; Lattice calls the targets, which it asks every 10 s whether
    they work: two failures in a row take one out. Who registers the targets is not said here: ECS does, of a service that names the group.

    Creates: service, its auth policy, target group, HTTPS listener, association. Survives: a target, a zone; it belongs to its region, as
    its name does. Costs: the service by the hour, requests, bytes.
    Source: https://docs.aws.amazon.com/vpc-lattice/latest/ug/services.html
    """

    target_group_arn: pulumi.Output[str]
    """Known when the listener forwards to it and those who may call are told."""
    url: pulumi.Output[str]

    def __init__(
        self, name: str, args: LatticeServiceArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:network:LatticeService", name, {}, handed_down(opts))
        own = pulumi.ResourceOptions(parent=self)
        service = aws.vpclattice.Service(
            f"{name}-service",
            name=args.service_name,
            auth_type=NONE if args.callers is None else IAM,
            tags=args.tags.resource(f"{name}-service"),
            opts=own,
        )
        judged = service.arn
        if args.callers is not None:
            policy = auth_policy(f"{name}-auth", service.arn, args.callers, own)
            judged = once(service.arn, policy.id)
        targets = _targets(f"{name}-targets", args, own)
        listener = aws.vpclattice.Listener(
            f"{name}-https",
            service_identifier=service.id,
            protocol="HTTPS",
            port=443,
            default_action={
                "forwards": [{"target_groups": [{"target_group_identifier": targets.id, "weight": 100}]}]
            },
            tags=args.tags.resource(f"{name}-https"),
            opts=own,
        )
        joined = aws.vpclattice.ServiceNetworkServiceAssociation(
            f"{name}-joined",
            service_identifier=judged,
            service_network_identifier=args.network_arn,
            tags=args.tags.resource(f"{name}-joined"),
            opts=own,
        )
        self.target_group_arn = once(targets.arn, listener.arn, joined.arn)
        self.url = service.dns_entries.apply(lambda entries: f"https://{entries[0].domain_name}")
        register(self, "target_group_arn", "url")


def _targets(name: str, args: LatticeServiceArgs, opts: pulumi.ResourceOptions) -> aws.vpclattice.TargetGroup:
    return aws.vpclattice.TargetGroup(
        name,
        type="IP",
        config={
            "port": args.port,
            "protocol": "HTTP",
            "protocol_version": "HTTP1",
            "vpc_identifier": args.vpc_id,
            "health_check": {
                "enabled": True,
                "protocol": "HTTP",
                "protocol_version": "HTTP1",
                "path": args.health_path,
                "health_check_interval_seconds": INTERVAL,
                "health_check_timeout_seconds": TIMEOUT,
                "healthy_threshold_count": SUCCESSES,
                "unhealthy_threshold_count": FAILURES,
                "matcher": {"value": "200"},
            },
        },
        tags=args.tags.resource(name),
        opts=opts,
    )

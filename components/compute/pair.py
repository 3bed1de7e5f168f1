"""Two instances in two zones, of software of which one copy serves: an Auto Scaling group of one instance in each zone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import between, need
from components.compute.args import ServerArgs
from components.compute.launch_template import launch_template, of_groups
from components.compute.role import instance_role
from components.compute.tier import GROUP_METRICS
from components.compute.validation import validate_servers
from components.options import handed_down

MEMBERS = 2
LAUNCH_SECONDS = 300
"""What a deployment waits for a healthy instance beyond `grace_period`."""


@dataclass(frozen=True, kw_only=True)
class PairArgs(ServerArgs):
    """What a pair of instances needs."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone id to private subnet, of exactly two zones; who stands in the first one serves first."""
    running: int = MEMBERS
    """Instances that run, 0 to 2: none is a pair that is only defined, one has no standby."""
    members_arn: pulumi.Input[str]
    """Target group whose health check decides whether an instance is replaced. Not the one that clients' requests go to."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse or that undoes resilience."""
        validate_servers(self)
        zones = sorted(self.subnet_ids)
        need(len(zones) == MEMBERS, "subnet_ids", repr(zones), f"{MEMBERS} zones: one for each instance")
        between("running", self.running, 0, MEMBERS, "instances")


class Pair(pulumi.ComponentResource):
    """Two instances, each in a zone and a group of its own, so that a lost one is replaced in its zone, and never by a second one.

    Nothing here sends requests to them: who serves is `PairWatcher`'s to say. A new launch template replaces nothing by itself, since
    both groups would do so at once: a release replaces the instance that doesn't serve, and swaps.

    Creates: role and instance profile, launch template, two Auto Scaling groups. Survives: an instance (replaced), a zone (the other
    instance is in another one). Costs: two instances, of which one serves; detailed monitoring.
    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html
    """

    groups: Sequence[aws.autoscaling.Group]
    """What others wait for, in the order of the zones."""
    group_names: dict[str, pulumi.Output[str]]
    """By zone id."""
    group_arns: dict[str, pulumi.Output[str]]
    role_name: pulumi.Output[str]

    def __init__(self, name: str, args: PairArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:compute:Pair", name, {}, handed_down(opts))
        self._name, self._args = name, args
        role = instance_role(name, args, self)
        template = launch_template(name, args, role, self)
        made = {
            zone: self._group(zone, template, role.policies, runs=place < args.running)
            for place, zone in enumerate(args.subnet_ids)
        }
        self.groups = list(made.values())
        self.group_names = {zone: group.name for zone, group in made.items()}
        self.group_arns = {zone: group.arn for zone, group in made.items()}
        self.role_name = role.role.name
        self.register_outputs(
            {"group_names": self.group_names, "group_arns": self.group_arns, "role_name": self.role_name}
        )

    def _group(
        self, zone: str, template: aws.ec2.LaunchTemplate, policies: Sequence[pulumi.Resource], *, runs: bool
    ) -> aws.autoscaling.Group:
        args, called = self._args, f"{self._name}-{zone}"
        # After a failover it runs an instance, and what the program asks of it is still that it may run none.
        tags = {**args.tags.resource(called), **({} if runs else {"dr:switched-off": "true"})}
        return aws.autoscaling.Group(
            called,
            vpc_zone_identifiers=[args.subnet_ids[zone]],
            min_size=int(runs),
            max_size=1,
            desired_capacity=int(runs),
            target_group_arns=[args.members_arn],
            # At creation only: who waits for the group waits until the instance is healthy.
            min_elb_capacity=1 if runs else None,
            wait_for_capacity_timeout=f"{args.grace_period + LAUNCH_SECONDS}s",
            health_check_type="ELB",
            health_check_grace_period=args.grace_period,
            # The former one goes first: two would share a disk, or an address.
            instance_maintenance_policy={"min_healthy_percentage": 0, "max_healthy_percentage": 100},
            enabled_metrics=list(GROUP_METRICS),
            metrics_granularity="1Minute",
            tags=[
                aws.autoscaling.GroupTagArgs(key=key, value=value, propagate_at_launch=True)
                for key, value in tags.items()
            ],
            **of_groups(args, template),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=list(policies),
                # A takeover starts it, and its smallest size then says so.
                ignore_changes=["desired_capacity"],
            ),
        )

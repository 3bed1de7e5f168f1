"""The auto-scaled tier: role, launch template, group, scaling and alarms put together."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components.compute.alarms import zone_alarms
from components.compute.args import AutoScaledTierArgs
from components.compute.backlog import follow
from components.compute.launch_template import launch_template, of_groups
from components.compute.role import instance_role
from components.compute.scaling import scaling
from components.compute.validation import validate
from components.facts import Fact, fact
from components.options import handed_down

AlarmSpecification = aws.autoscaling.GroupInstanceRefreshPreferencesAlarmSpecificationArgs
GROUP_METRICS = (
    aws.autoscaling.Metric.GROUP_DESIRED_CAPACITY,
    aws.autoscaling.Metric.GROUP_IN_SERVICE_INSTANCES,
    aws.autoscaling.Metric.GROUP_MAX_SIZE,
    aws.autoscaling.Metric.GROUP_MIN_SIZE,
    aws.autoscaling.Metric.GROUP_PENDING_INSTANCES,
    aws.autoscaling.Metric.GROUP_TOTAL_INSTANCES,
)


class AutoScaledTier(pulumi.ComponentResource):
    """A stateless tier of EC2 instances, spread evenly over zones and replaced, never patched.

    Creates: role and instance profile, launch template, Auto Scaling group, scaling policies, schedules,
    hooks, an alarm a zone; with `backlog` an alarm on how many work, or one that starts them.
    Survives: an instance (replaced), a zone (without new capacity, when sized by `statically_stable_size`).
    Costs: the instances; detailed monitoring; an alarm a zone.
    Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html
    """

    group: aws.autoscaling.Group
    """What others wait for."""
    group_name: pulumi.Output[str]
    group_arn: pulumi.Output[str]
    role_name: pulumi.Output[str]
    role_arn: pulumi.Output[str]
    launch_template_id: pulumi.Output[str]
    recovery_fact: Fact
    zone_alarm_arns: dict[str, pulumi.Output[str]]
    """By zone id; empty without `zone_alarms`."""

    def __init__(
        self, name: str, args: AutoScaledTierArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        validate(args)
        super().__init__("holdfast:compute:AutoScaledTier", name, {}, handed_down(opts))
        role = instance_role(name, args, self)
        template = launch_template(name, args, role, self)
        alarms: Mapping[str, aws.cloudwatch.MetricAlarm] = {}
        if args.zone_alarms is not None and args.target is not None:
            alarms = zone_alarms(name, args, args.target, args.zone_alarms, self)

        group = aws.autoscaling.Group(
            f"{name}-group",
            vpc_zone_identifiers=list(args.subnet_ids.values()),
            availability_zone_distribution={"capacity_distribution_strategy": "balanced-best-effort"},
            min_size=args.min_size,
            max_size=args.max_size,
            desired_capacity=args.min_size if args.desired_capacity is None else args.desired_capacity,
            target_group_arns=[args.target.arn] if args.target else None,
            # In service is sooner than healthy: who waits for a new group waits until its target group sends requests to all of it. At
            # creation only, where the provider wants this number or more; later it would want exactly this one, and scaling changes it.
            min_elb_capacity=args.min_size or None if args.target else None,
            health_check_type="ELB" if args.target else "EC2",
            health_check_grace_period=args.grace_period,
            default_instance_warmup=args.instance_warmup,
            instance_maintenance_policy={
                "min_healthy_percentage": args.refresh.min_healthy_percentage,
                "max_healthy_percentage": args.refresh.max_healthy_percentage,
            },
            instance_refresh=_refresh(args, alarms),
            termination_policies=[
                "OldestLaunchTemplate",
                *(["AllocationStrategy"] if args.mixed else []),
                "Default",
            ],
            capacity_rebalance=args.spot is not None,
            enabled_metrics=list(GROUP_METRICS),
            metrics_granularity="1Minute",
            warm_pool=_warm_pool(args),
            tags=[
                aws.autoscaling.GroupTagArgs(key=key, value=value, propagate_at_launch=True)
                for key, value in _tags(name, args).items()
            ],
            **of_groups(args, template, spot=args.spot, base=args.on_demand_base),
            opts=pulumi.ResourceOptions(
                parent=self,
                depends_on=role.policies,
                ignore_changes=["desired_capacity"],  # scaling, schedules and Region switch change it
            ),
        )
        scaling(name, args, group, self)
        if args.backlog is not None:
            follow(name, args, args.backlog, group, self)

        self.group = group
        self.group_name = group.name
        self.group_arn = group.arn
        self.role_name = role.role.name
        self.role_arn = role.role.arn
        self.launch_template_id = template.id
        self.zone_alarm_arns = {zone: alarm.arn for zone, alarm in alarms.items()}
        self.recovery_fact = fact(
            "compute",
            f"{name}-group",
            _tags(name, args),
            desired=args.min_size if args.desired_capacity is None else args.desired_capacity,
            required=args.required,
            max=args.max_size,
            launch="ec2",
            warm_pool=args.warm_pool is not None,
            tracked=bool(args.tracking) or args.backlog is not None,
        )
        self.register_outputs(
            {
                "group_name": self.group_name,
                "group_arn": self.group_arn,
                "role_name": self.role_name,
                "role_arn": self.role_arn,
                "launch_template_id": self.launch_template_id,
                "zone_alarm_arns": self.zone_alarm_arns,
            }
        )


def _tags(name: str, args: AutoScaledTierArgs) -> dict[str, str]:
    needed = {} if args.required is None else {"dr:required-capacity": str(args.required)}
    # After a failover it runs servers, and what the program asks of it is still that it may run none.
    off = {"dr:switched-off": "true"} if args.min_size == 0 else {}
    return {**args.tags.resource(name), **needed, **off}


def _refresh(
    args: AutoScaledTierArgs, alarms: Mapping[str, aws.cloudwatch.MetricAlarm]
) -> aws.autoscaling.GroupInstanceRefreshArgs:
    refresh = args.refresh
    names: list[pulumi.Input[str]] = [*(alarm.name for alarm in alarms.values()), *refresh.alarm_names]
    marks = list(refresh.checkpoint_percentages)
    return aws.autoscaling.GroupInstanceRefreshArgs(
        strategy="Rolling",
        preferences=aws.autoscaling.GroupInstanceRefreshPreferencesArgs(
            min_healthy_percentage=refresh.min_healthy_percentage,
            max_healthy_percentage=refresh.max_healthy_percentage,
            instance_warmup=str(args.instance_warmup),
            auto_rollback=refresh.auto_rollback,
            skip_matching=True,
            alarm_specification=AlarmSpecification(alarms=names) if names else None,
            checkpoint_percentages=marks or None,
            checkpoint_delay=str(refresh.checkpoint_delay) if marks else None,
        ),
    )


def _warm_pool(args: AutoScaledTierArgs) -> aws.autoscaling.GroupWarmPoolArgs | None:
    pool = args.warm_pool
    if pool is None:
        return None
    return aws.autoscaling.GroupWarmPoolArgs(
        min_size=pool.min_size,
        pool_state=pool.state.value,
        max_group_prepared_capacity=pool.max_group_prepared_capacity,
        instance_reuse_policy=aws.autoscaling.GroupWarmPoolInstanceReusePolicyArgs(
            reuse_on_scale_in=pool.reuse_on_scale_in
        ),
    )

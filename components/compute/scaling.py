"""What changes a running group: target tracking, schedules, and hooks that hold instances."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.compute.args import AutoScaledTierArgs
from components.compute.options import Metric, Schedule, Target, Tracking

PredefinedMetric = aws.autoscaling.PolicyTargetTrackingConfigurationPredefinedMetricSpecificationArgs
UNCHANGED = -1  # the provider's figure for "leave as it is"


def scaling(
    name: str, args: AutoScaledTierArgs, group: aws.autoscaling.Group, parent: pulumi.Resource
) -> None:
    """Declare the policies, schedules and hooks of `group`."""
    own = pulumi.ResourceOptions(parent=parent)
    for tracking in args.tracking:
        aws.autoscaling.Policy(
            f"{name}-{tracking.metric.name.lower()}",
            autoscaling_group_name=group.name,
            policy_type="TargetTrackingScaling",
            target_tracking_configuration=aws.autoscaling.PolicyTargetTrackingConfigurationArgs(
                predefined_metric_specification=_metric(tracking, args.target),
                target_value=tracking.target,
                disable_scale_in=tracking.disable_scale_in,
            ),
            opts=own,
        )
    for schedule in args.schedules:
        _schedule(name, schedule, group, own)
    for hook in args.lifecycle_hooks:
        aws.autoscaling.LifecycleHook(
            f"{name}-{hook.name}",
            name=hook.name,
            autoscaling_group_name=group.name,
            lifecycle_transition=hook.transition.value,
            heartbeat_timeout=hook.heartbeat_timeout,
            default_result=hook.default_result,
            notification_metadata=hook.metadata,
            opts=own,
        )


def _metric(tracking: Tracking, target: Target | None) -> PredefinedMetric:
    if tracking.metric is not Metric.REQUESTS or target is None:
        return PredefinedMetric(predefined_metric_type=tracking.metric.value)
    # The listener's ARN makes the policy wait for it: AWS refuses a target group that gets no traffic.
    label = pulumi.Output.all(target.load_balancer_arn_suffix, target.arn_suffix, target.listener_arn).apply(
        lambda parts: f"{parts[0]}/{parts[1]}"
    )
    return PredefinedMetric(predefined_metric_type=tracking.metric.value, resource_label=label)


def _schedule(
    name: str, schedule: Schedule, group: aws.autoscaling.Group, own: pulumi.ResourceOptions
) -> aws.autoscaling.Schedule:
    def size(figure: int | None) -> int:
        return UNCHANGED if figure is None else figure

    return aws.autoscaling.Schedule(
        f"{name}-{schedule.name}",
        scheduled_action_name=schedule.name,
        autoscaling_group_name=group.name,
        recurrence=schedule.recurrence,
        time_zone=schedule.time_zone,
        min_size=size(schedule.min_size),
        max_size=size(schedule.max_size),
        desired_capacity=size(schedule.desired_capacity),
        opts=own,
    )

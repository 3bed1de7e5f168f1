"""A group whose size follows what waits in a queue, and who is told when too few of it work."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components.compute.args import AutoScaledTierArgs
from components.compute.options import Backlog
from components.compute.waiting import QUEUES, WAITING, for_each
from components.operations import Comparison, Expression, Metric, Missing, alarm

GROUPS, IN_SERVICE = "AWS/AutoScaling", "GroupInServiceInstances"
PERIODS = 3  # an instance that is replaced is no failure yet


def follow(
    name: str, args: AutoScaledTierArgs, given: Backlog, group: aws.autoscaling.Group, parent: pulumi.Resource
) -> None:
    """Declare the policy that keeps the backlog of each instance, and for a group that may stand at zero what starts it.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-target-tracking-metric-math.html
    """
    own = pulumi.ResourceOptions(parent=parent)
    aws.autoscaling.Policy(
        f"{name}-backlog",
        autoscaling_group_name=group.name,
        policy_type="TargetTrackingScaling",
        target_tracking_configuration={
            "customized_metric_specification": {"metrics": _metrics(given, group.name)},
            "target_value": given.target,
            "disable_scale_in": False,
        },
        opts=own,
    )
    if args.min_size == 0:
        _first(name, args, given, group, own)
    if given.topic_arn is not None and args.min_size:
        _working(name, args, given.topic_arn, group, own)


def _metrics(given: Backlog, group_name: pulumi.Input[str]) -> Any:
    """Messages that wait for each instance in service; without one each message counts alone."""
    in_service = GROUPS, IN_SERVICE, {"AutoScalingGroupName": group_name}
    return for_each(given.queue_name, "working", in_service, none="1", who="instance")


def _first(
    name: str,
    args: AutoScaledTierArgs,
    given: Backlog,
    group: aws.autoscaling.Group,
    own: pulumi.ResourceOptions,
) -> None:
    """The first message that waits where nothing runs starts as many as carry the load. Target tracking multiplies what runs.

    https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-simple-step.html
    """
    policy = aws.autoscaling.Policy(
        f"{name}-first",
        autoscaling_group_name=group.name,
        policy_type="StepScaling",
        adjustment_type="ExactCapacity",
        metric_aggregation_type="Maximum",
        estimated_instance_warmup=args.instance_warmup,
        step_adjustments=[
            {"metric_interval_lower_bound": "0", "scaling_adjustment": given.first or args.zones}
        ],
        opts=own,
    )
    waits = Expression(
        expression="IF(waiting > 0 AND FILL(wanted, 0) == 0, 1, 0)",
        label="Messages wait and no instance is wanted",
        metrics={
            "waiting": Metric(
                namespace=QUEUES,
                name=WAITING,
                statistic="Maximum",
                dimensions={"QueueName": given.queue_name},
            ),
            "wanted": Metric(
                namespace=GROUPS,
                name="GroupDesiredCapacity",
                statistic="Maximum",
                dimensions={"AutoScalingGroupName": group.name},
            ),
        },
    )
    alarm(
        f"{name}-first",
        waits,
        Comparison.AT_LEAST,
        1,
        missing=Missing.NOT_BREACHING,  # an idle queue reports nothing
        description=f"{name}: messages wait and nothing runs: the group is started",
        tags=args.tags,
        actions=[policy.arn],
        clears=False,  # what it started ends when the backlog has
        opts=own,
    )


def _working(
    name: str,
    args: AutoScaledTierArgs,
    topic_arn: pulumi.Input[str],
    group: aws.autoscaling.Group,
    own: pulumi.ResourceOptions,
) -> None:
    """An alarm for fewer instances in service than carry the load."""
    least = min(args.required or args.min_size, args.min_size)
    alarm(
        f"{name}-working",
        Metric(
            namespace=GROUPS,
            name=IN_SERVICE,
            statistic="Minimum",
            dimensions={"AutoScalingGroupName": group.name},
        ),
        Comparison.BELOW,
        least,
        missing=Missing.BREACHING,  # the metric proves life: silence is the failure
        description=f"{name}: fewer than {least} instances are in service",
        tags=args.tags,
        actions=[topic_arn],
        periods=PERIODS,
        opts=own,
    )

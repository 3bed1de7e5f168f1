"""How the number of a service's tasks follows its load."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components.compute.container_args import ContainerServiceArgs, Scaling, ServiceMetric
from components.compute.waiting import for_each

NAMESPACE, SCALABLE = "ecs", "ecs:service:DesiredCount"
"""What Application Auto Scaling calls the number of a service's tasks.
https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html"""
_PREDEFINED = {
    ServiceMetric.CPU: "ECSServiceAverageCPUUtilization",
    ServiceMetric.REQUESTS: "ALBRequestCountPerTarget",
}
_IN, _OUT = 300, 60  # seconds: quick to grow, slow to shrink


def resource_id(cluster_name: pulumi.Input[str], service_name: pulumi.Input[str]) -> pulumi.Output[str]:
    """What Application Auto Scaling calls a service."""
    return pulumi.Output.concat("service/", cluster_name, "/", service_name)


def scaling(
    name: str,
    args: ContainerServiceArgs,
    given: Scaling,
    *,
    cluster_name: pulumi.Output[str],
    service_name: pulumi.Output[str],
    parent: pulumi.Resource,
) -> None:
    """Declare the range of a service's tasks, never fewer than must run, and what they follow.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-autoscaling-targettracking.html
    """
    own = pulumi.ResourceOptions(parent=parent)
    target = aws.appautoscaling.Target(
        f"{name}-tasks",
        service_namespace=NAMESPACE,
        scalable_dimension=SCALABLE,
        resource_id=resource_id(cluster_name, service_name),
        min_capacity=args.count,
        max_capacity=given.maximum,
        tags=args.tags.resource(f"{name}-tasks"),
        opts=own,
    )
    aws.appautoscaling.Policy(
        f"{name}-tracking",
        policy_type="TargetTrackingScaling",
        service_namespace=target.service_namespace,
        scalable_dimension=target.scalable_dimension,
        resource_id=target.resource_id,
        target_tracking_scaling_policy_configuration=_tracking(args, given, cluster_name, service_name),
        opts=own,
    )


def _tracking(
    args: ContainerServiceArgs,
    given: Scaling,
    cluster_name: pulumi.Output[str],
    service_name: pulumi.Output[str],
) -> Any:
    pace = {"target_value": given.target, "scale_in_cooldown": _IN, "scale_out_cooldown": _OUT}
    if given.metric is ServiceMetric.BACKLOG:
        return {**pace, "customized_metric_specification": _backlog(given, cluster_name, service_name)}
    found: dict[str, Any] = {"predefined_metric_type": _PREDEFINED[given.metric]}
    if given.metric is ServiceMetric.REQUESTS and args.target is not None:
        found["resource_label"] = pulumi.Output.concat(
            args.target.load_balancer_arn_suffix, "/", args.target.arn_suffix
        )
    return {**pace, "predefined_metric_specification": found}


def _backlog(
    given: Scaling, cluster_name: pulumi.Output[str], service_name: pulumi.Output[str]
) -> dict[str, Any]:
    """Messages that wait for each running task. Without a task one alone is more than the target, so that the first one starts some.

    https://docs.aws.amazon.com/autoscaling/application/userguide/application-auto-scaling-target-tracking-metric-math.html
    """
    assert given.queue_name is not None  # noqa: S101  the arguments' check makes sure
    dimensions = {"ClusterName": cluster_name, "ServiceName": service_name}
    running = "ECS/ContainerInsights", "RunningTaskCount", dimensions
    none = f"{1 / (given.target + 1):.6g}"
    return {"metrics": for_each(given.queue_name, "running", running, none=none, who="task")}

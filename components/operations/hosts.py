"""An alarm for a target group without any healthy target."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.operations.alarms import Comparison, Expression, Metric, Missing, alarm
from components.tags import Tags


def hosts_alarm(
    name: str,
    namespace: str,
    dimensions: dict[str, pulumi.Input[str]],
    *,
    idle_group: pulumi.Input[str] | None,
    tags: Tags,
    actions: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    """Declare it; the metric is the load balancer's, by its `namespace` and `dimensions`.

    `idle_group` is the targets' Auto Scaling group, with its group metrics on, where it may stand at zero: no host is missed then.
    """
    # Each zone reports its own count; the maximum is below one only when no zone has a host left.
    hosts = Metric(namespace=namespace, name="HealthyHostCount", statistic="Maximum", dimensions=dimensions)
    source: Metric | Expression = hosts
    if idle_group is not None:
        wanted = Metric(
            namespace="AWS/AutoScaling",
            name="GroupDesiredCapacity",
            statistic="Maximum",
            dimensions={"AutoScalingGroupName": idle_group},
        )
        source = Expression(
            expression="IF(FILL(wanted, 0) > 0, FILL(healthy, 0), 1)",
            label="Healthy hosts, where any is wanted",
            metrics={"healthy": hosts, "wanted": wanted},
        )
    return alarm(
        name,
        source,
        Comparison.BELOW,
        1,
        missing=Missing.BREACHING,
        description="No target is healthy in any zone",
        tags=tags,
        actions=actions,
        periods=2,
        opts=opts,
    )

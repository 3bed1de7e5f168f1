"""What is watched of services that face outside: whether any task of each answers, and how its requests fare."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.operations import Comparison, Expression, Metric, Missing, alarm
from components.tags import Tags

ERROR_PERCENT, ERROR_MINUTES = 5, 3
"""Share of a service's requests answered 5xx, and how long it lasts, that takes a deployment back."""
_BALANCER = "AWS/ApplicationELB"


def _by_group(
    groups: Sequence[pulumi.Input[str]], balancer: pulumi.Input[str], name: str, statistic: str
) -> dict[str, Metric]:
    """The metric of each target group of a service, by an id of an expression."""
    return {
        f"{name.lower()}{place}": Metric(
            namespace=_BALANCER,
            name=_METRICS[name],
            statistic=statistic,
            dimensions={"LoadBalancer": balancer, "TargetGroup": suffix},
        )
        for place, suffix in enumerate(groups)
    }


_METRICS = {
    "errors": "HTTPCode_Target_5XX_Count",
    "requests": "RequestCount",
    "healthy": "HealthyHostCount",
}


def _total(metrics: dict[str, Metric]) -> str:
    return " + ".join(f"FILL({each}, 0)" for each in metrics)


def errors(
    name: str,
    groups: Sequence[pulumi.Input[str]],
    *,
    balancer: pulumi.Input[str],
    tags: Tags,
    actions: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    """An alarm on the share of a service's requests that it answers 5xx, whichever of its target groups they go to."""
    wrong, every = (_by_group(groups, balancer, each, "Sum") for each in ("errors", "requests"))
    return alarm(
        f"{name}-errors",
        Expression(
            expression=f"100 * ({_total(wrong)}) / ({_total(every)})",
            label="5xx answers, per cent",
            metrics={**wrong, **every},
        ),
        Comparison.ABOVE,
        ERROR_PERCENT,
        missing=Missing.NOT_BREACHING,  # no requests, no errors
        description=f"{name}: more than {ERROR_PERCENT} % of its requests are answered 5xx",
        tags=tags,
        actions=actions,
        periods=ERROR_MINUTES,
        opts=opts,
    )


def hosts(
    name: str,
    groups: Sequence[pulumi.Input[str]],
    *,
    balancer: pulumi.Input[str],
    idle: tuple[pulumi.Input[str], pulumi.Input[str]] | None,
    tags: Tags,
    actions: Sequence[pulumi.Input[str]],
    opts: pulumi.ResourceOptions,
) -> aws.cloudwatch.MetricAlarm:
    """An alarm for no healthy task of a service in any zone. `idle` has cluster and service where none may be wanted."""
    healthy = _by_group(groups, balancer, "healthy", "Maximum")
    metrics, expression = dict(healthy), _total(healthy)
    if idle is not None:
        cluster, service = idle
        metrics["wanted"] = Metric(
            namespace="ECS/ContainerInsights",
            name="DesiredTaskCount",
            statistic="Maximum",
            dimensions={"ClusterName": cluster, "ServiceName": service},
        )
        expression = f"IF(FILL(wanted, 0) > 0, {expression}, 1)"
    return alarm(
        f"{name}-hosts",
        Expression(expression=expression, label="Healthy tasks", metrics=metrics),
        Comparison.BELOW,
        1,
        missing=Missing.BREACHING,
        description=f"{name}: no task is healthy in any zone",
        tags=tags,
        actions=actions,
        periods=2,
        opts=opts,
    )

"""An alarm on a Route 53 health check."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.operations.alarms import Comparison, Metric, Missing, alarm
from components.tags import Tags

ROUTE53_METRICS_REGION = "us-east-1"
"""The only region with Route 53's metrics, whatever region the endpoint is in.
https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/monitoring-health-checks.html"""


def health_check_alarm(
    name: str,
    health_check_id: pulumi.Input[str],
    *,
    tags: Tags,
    actions: Sequence[pulumi.Input[str]],
    periods: int = 1,
    opts: pulumi.ResourceOptions | None = None,
) -> aws.cloudwatch.MetricAlarm:
    """Declare the alarm that says that Route 53 takes an endpoint for down.

    It is made in us-east-1, and so must be the topics in `actions`: an alarm acts in its own region only. It
    tells people; failing over is the health check's own work and doesn't need it. One minute without a
    healthy report per period.
    """
    metric = Metric(
        namespace="AWS/Route53",
        name="HealthCheckStatus",
        statistic="Minimum",
        dimensions={"HealthCheckId": health_check_id},
    )
    return alarm(
        name,
        metric,
        Comparison.BELOW,
        1,
        missing=Missing.BREACHING,
        description="Route 53 takes the endpoint for unhealthy",
        tags=tags,
        actions=actions,
        periods=periods,
        region=ROUTE53_METRICS_REGION,
        opts=opts,
    )

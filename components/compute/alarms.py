"""One alarm per zone: a grey failure of one zone hides in averages over all of them."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.compute.args import AutoScaledTierArgs
from components.compute.options import Target, ZoneAlarms

PERIOD = 60  # seconds: how often the load balancer reports
PERIODS = 3  # a single lost health check is no zone failure


def zone_alarms(
    name: str, args: AutoScaledTierArgs, target: Target, alarms: ZoneAlarms, parent: pulumi.Resource
) -> dict[str, aws.cloudwatch.MetricAlarm]:
    """Declare an alarm per zone for fewer healthy targets there than the zone's share of the minimum.

    The share is rounded down: an uneven minimum leaves that many in the smallest zone.

    https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-cloudwatch-metrics.html
    """
    share = args.min_size // args.zones
    return {
        zone: aws.cloudwatch.MetricAlarm(
            f"{name}-healthy-{zone}",
            alarm_description=f"{name}: fewer than {share} healthy in {zone}. Shift the zone if it lasts.",
            namespace=target.namespace,
            metric_name="HealthyHostCount",
            dimensions={
                "TargetGroup": target.arn_suffix,
                "LoadBalancer": target.load_balancer_arn_suffix,
                "AvailabilityZone": zone_name,
            },
            statistic="Minimum",
            comparison_operator="LessThanThreshold",
            threshold=share,
            period=PERIOD,
            evaluation_periods=PERIODS,
            datapoints_to_alarm=PERIODS,
            treat_missing_data="breaching",  # the metric proves life: silence is the failure
            alarm_actions=[alarms.topic_arn],
            ok_actions=[alarms.topic_arn],
            tags=args.tags.resource(f"{name}-healthy-{zone}"),
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for zone, zone_name in alarms.zone_names.items()
    }

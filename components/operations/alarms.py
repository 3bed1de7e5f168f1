"""One way to declare a CloudWatch alarm: what missing data means is always said."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.tags import Tags

STATISTICS = ("Average", "Maximum", "Minimum", "SampleCount", "Sum")
PERIODS = (10, 30)
"""Seconds; besides, any multiple of 60.
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html"""
LONGEST_SECONDS = (86_400, 604_800)
"""What an alarm may look back: a day, or a week when its period is an hour or more."""
_HOUR = 3600
_PERCENTILE = re.compile(r"p(100|\d{1,2}(\.\d{1,10})?)")
_QUERY_ID = re.compile(r"[a-z][A-Za-z0-9_]*")


class Missing(enum.StrEnum):
    """What a period without data is taken for.

    https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarms-and-missing-data.html
    """

    BREACHING = "breaching"
    """A breach: for metrics that prove life."""
    NOT_BREACHING = "notBreaching"
    """Good: for metrics that exist only when something is wrong, or only under load."""
    IGNORE = "ignore"
    """The alarm keeps its state."""
    INSUFFICIENT = "missing"
    """The alarm goes to INSUFFICIENT_DATA, which has actions of its own."""


class Comparison(enum.StrEnum):
    """How the metric (left) is compared with the threshold (right)."""

    ABOVE = "GreaterThanThreshold"
    AT_LEAST = "GreaterThanOrEqualToThreshold"
    BELOW = "LessThanThreshold"
    AT_MOST = "LessThanOrEqualToThreshold"


@dataclass(frozen=True, kw_only=True)
class Metric:
    """One metric with its statistic."""

    namespace: str
    name: str
    statistic: str
    """Average, Maximum, Minimum, SampleCount, Sum, or a percentile such as `p99`."""
    dimensions: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    period_seconds: int = 60
    """10, 30 or a multiple of 60."""


@dataclass(frozen=True, kw_only=True)
class Expression:
    """Metric math over several metrics."""

    expression: str
    """For example `100 * errors / requests`, over the keys of `metrics`."""
    label: str
    metrics: Mapping[str, Metric]
    """By id in the expression: a lower-case letter first, then letters, digits, `_`."""


def _check_metric(metric: Metric) -> None:
    if metric.statistic not in STATISTICS and not _PERCENTILE.fullmatch(metric.statistic):
        raise ValueError(
            f"statistic: {metric.statistic!r} is unknown; allowed are {', '.join(STATISTICS)} and p0 to p100"
        )
    seconds = metric.period_seconds
    if seconds not in PERIODS and (seconds < 60 or seconds % 60):  # noqa: PLR2004 -- a minute
        raise ValueError(f"period_seconds: {seconds} is not allowed; allowed are 10, 30 and multiples of 60")


def _check(source: Metric | Expression, periods: int, datapoints: int | None) -> None:
    metrics = source.metrics if isinstance(source, Expression) else {"metric": source}
    if not metrics:
        raise ValueError("metrics: an expression needs at least one metric")
    for key, metric in metrics.items():
        if not _QUERY_ID.fullmatch(key) or key == "result":
            raise ValueError(
                f"metrics: {key!r} is no id; allowed are a lower-case letter, then letters, digits and _, "
                "but not 'result'"
            )
        _check_metric(metric)
    if len({metric.period_seconds for metric in metrics.values()}) > 1:
        raise ValueError("metrics: all metrics of an expression need the same period_seconds")
    if periods < 1:
        raise ValueError(f"periods: {periods} is not allowed; at least 1")
    if datapoints is not None and not 1 <= datapoints <= periods:
        raise ValueError(f"datapoints: {datapoints} is not allowed; 1 to periods ({periods})")
    seconds = next(iter(metrics.values())).period_seconds
    longest = LONGEST_SECONDS[seconds >= _HOUR]
    if periods * seconds > longest:
        raise ValueError(
            f"periods: {periods} of {seconds} s is {periods * seconds} s; allowed are up to {longest} s"
        )


def _queries(source: Expression) -> list[aws.cloudwatch.MetricAlarmMetricQueryArgs]:
    queries = [
        aws.cloudwatch.MetricAlarmMetricQueryArgs(
            id="result", expression=source.expression, label=source.label, return_data=True
        )
    ]
    for key, metric in source.metrics.items():
        query = aws.cloudwatch.MetricAlarmMetricQueryMetricArgs(
            namespace=metric.namespace,
            metric_name=metric.name,
            stat=metric.statistic,
            period=metric.period_seconds,
            dimensions=metric.dimensions,
        )
        queries.append(aws.cloudwatch.MetricAlarmMetricQueryArgs(id=key, metric=query))
    return queries


def alarm(
    name: str,
    source: Metric | Expression,
    comparison: Comparison,
    threshold: float,
    *,
    missing: Missing,
    description: str,
    tags: Tags,
    actions: Sequence[pulumi.Input[str]],
    periods: int = 1,
    datapoints: int | None = None,
    notify_insufficient_data: bool = False,
    region: str | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> aws.cloudwatch.MetricAlarm:
    """Declare an alarm that acts when it rises and when it clears.

    `periods` is how many periods are looked at, `datapoints` how many of them must breach (default: all).
    `actions` are ARNs of topics and the like in the alarm's region; with `notify_insufficient_data` they also
    run when data ends. `region` is for an alarm outside the provider's region. Raises ValueError when
    CloudWatch would refuse the alarm.
    https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html
    """
    _check(source, periods, datapoints)
    declared = aws.cloudwatch.MetricAlarmArgs(
        alarm_description=description,
        comparison_operator=comparison.value,
        threshold=threshold,
        evaluation_periods=periods,
        datapoints_to_alarm=datapoints,
        treat_missing_data=missing.value,
        alarm_actions=actions,
        ok_actions=actions,
        insufficient_data_actions=actions if notify_insufficient_data else None,
        region=region,
        tags=tags.resource(name),
    )
    if isinstance(source, Expression):
        declared.metric_queries = _queries(source)
    else:
        declared.namespace, declared.metric_name = source.namespace, source.name
        declared.period, declared.dimensions = source.period_seconds, source.dimensions
        if source.statistic in STATISTICS:
            declared.statistic = source.statistic
        else:
            declared.extended_statistic = source.statistic
            # Few samples make a percentile jump: the state stays until there are enough.
            declared.evaluate_low_sample_count_percentiles = "ignore"
    return aws.cloudwatch.MetricAlarm(name, declared, opts)

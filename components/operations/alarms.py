"""One way to declare a CloudWatch alarm: what missing data means is always said."""

from __future__ import annotations

import enum
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import ArgumentError, at_least, between, need
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
        allowed = f"one of {', '.join(STATISTICS)} and p0 to p100"
        raise ArgumentError("statistic", repr(metric.statistic), allowed)
    seconds = metric.period_seconds
    fits = seconds in PERIODS or (seconds >= 60 and seconds % 60 == 0)  # noqa: PLR2004 -- a minute
    need(fits, "period_seconds", seconds, "10, 30 or a multiple of 60")


def _check(source: Metric | Expression, periods: int, datapoints: int | None) -> None:
    metrics = source.metrics if isinstance(source, Expression) else {"metric": source}
    at_least("metrics", metrics, 1, "an expression is over something")
    for key, metric in metrics.items():
        fits = _QUERY_ID.fullmatch(key) and key != "result"
        letters = "a lower-case letter, then letters, digits and _, but not 'result'"
        need(bool(fits), "metrics", f"the id {key!r}", letters)
        _check_metric(metric)
    lengths = {metric.period_seconds for metric in metrics.values()}
    need(
        len(lengths) == 1, "metrics", f"periods of {sorted(lengths)} s", "one period for all of an expression"
    )
    need(periods >= 1, "periods", periods, "1 or more")
    if datapoints is not None:
        between("datapoints", datapoints, 1, periods, "(periods)")
    seconds = next(iter(metrics.values())).period_seconds
    longest = LONGEST_SECONDS[seconds >= _HOUR]
    need(periods * seconds <= longest, "periods", f"{periods} of {seconds} s", f"up to {longest} s together")


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
    clears: bool = True,
    region: str | None = None,
    opts: pulumi.ResourceOptions | None = None,
) -> aws.cloudwatch.MetricAlarm:
    """Declare an alarm that acts when it rises and, unless `clears` says otherwise, when it clears.

    `periods` is how many periods are looked at, `datapoints` how many of them must breach (default: all).
    `actions` are ARNs of topics and the like in the alarm's region; with `notify_insufficient_data` they also
    run when data ends. `region` is for an alarm outside the provider's region. Raises ArgumentError when
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
        ok_actions=actions if clears else None,
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

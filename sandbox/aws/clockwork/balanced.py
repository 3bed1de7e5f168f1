"""What load balancers tell CloudWatch of each target group's requests: how many there were, and how many its targets answered 5xx."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import expressions, requests

_NAMESPACE, _GROUP, _PERIOD = "AWS/ApplicationELB", "TargetGroup", 60.0
_METRICS: Mapping[str, Callable[[str], int]] = {
    "RequestCount": lambda arn: requests.count_of(arn, _PERIOD),
    "HTTPCode_Target_5XX_Count": lambda arn: requests.count_of(arn, _PERIOD, failed=True),
}


def known(alarm: Any) -> bool:
    """Whether it is an alarm of an expression over those metrics."""
    metrics = [each.metric_stat.metric for each in alarm.metric_data_queries or () if each.metric_stat]
    return bool(metrics) and all(
        metric.namespace == _NAMESPACE and metric.metric_name in _METRICS and _group(metric)
        for metric in metrics
    )


def value(region: str, alarm: Any) -> float | None:
    """What its expression comes to in the last minute; None without requests."""
    return expressions.value(alarm, lambda metric: _metric(region, metric))


def _metric(region: str, metric: Any) -> float | None:
    from moto.elbv2.models import elbv2_backends

    there = elbv2_backends[ACCOUNT][region].target_groups
    arn = next((each for each in there if each.endswith(_group(metric))), "")
    return _METRICS[metric.metric_name](arn) or None


def _group(metric: Any) -> str:
    return next((str(each.value) for each in metric.dimensions if each.name == _GROUP), "")

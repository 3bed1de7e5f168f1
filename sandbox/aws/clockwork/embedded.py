"""Metrics that functions write into their log, in CloudWatch's embedded format, for the alarms on the clock.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from sandbox.aws.clockwork.clock import CLOCK

Key = tuple[str, str, str, frozenset[tuple[str, str]]]
"""Region, namespace, name, dimensions."""
_values: dict[Key, list[tuple[float, float]]] = {}
"""Of each metric the values, and when each was written."""
_STATISTICS: Mapping[str, Callable[[Sequence[float]], float]] = {
    "Average": lambda values: sum(values) / len(values),
    "Maximum": max,
    "Minimum": min,
    "SampleCount": len,
    "Sum": sum,
}


def take(line: str, region: str) -> None:
    """Keep what a line of a log measures; any other line measures nothing."""
    try:
        said = json.loads(line)
        directives = said["_aws"]["CloudWatchMetrics"]
    except (ValueError, KeyError, TypeError):
        return
    for directive in directives:
        for names in directive["Dimensions"]:
            dimensions = frozenset((name, str(said[name])) for name in names)
            for metric in directive["Metrics"]:
                key = (region, directive["Namespace"], metric["Name"], dimensions)
                _values.setdefault(key, []).append((CLOCK.now, float(said[metric["Name"]])))


def known(region: str, alarm: Any) -> bool:
    """Whether anything was ever written of an alarm's metric."""
    return _key(region, alarm) in _values


def value(region: str, alarm: Any) -> float | None:
    """An alarm's statistic over its last period; None without data."""
    since = CLOCK.now - float(alarm.period)
    found = [each for at, each in _values[_key(region, alarm)] if since < at <= CLOCK.now]
    return _STATISTICS[alarm.statistic](found) if found else None


def _key(region: str, alarm: Any) -> Key:
    dimensions = frozenset((each.name, each.value) for each in alarm.dimensions)
    return region, alarm.namespace, alarm.metric_name, dimensions

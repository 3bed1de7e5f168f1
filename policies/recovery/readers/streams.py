"""Kinesis data streams.

https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html
"""

from __future__ import annotations

from policies.graph import Graph, Resource, Unknown
from policies.recovery.model import Option
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit

from .common import unit
from .passing import PROMISES, waiting, ways

KIND = "stream"
STREAM, ALARM = "aws:kinesis/stream:Stream", "aws:cloudwatch/metricAlarm:MetricAlarm"
BEHIND = ("SubscribeToShardEvent.MillisBehindLatest", "GetRecords.IteratorAgeMilliseconds")
"""How far consumers are behind, in milliseconds."""
DEFAULT_HOURS = 24


def read(graph: Graph) -> list[Unit]:
    """One unit for each stream that promises."""
    return [_stream(graph, r) for r in graph.of(STREAM) if r.tags.get(PROMISES) is not None]


def _stream(graph: Graph, r: Resource) -> Unit:
    hours = r.number("retentionPeriod", DEFAULT_HOURS)
    kept = hours * 3600 if isinstance(hours, int | float) else hours
    return unit(graph, KIND, r, {"age_s": _told(graph, r), "retention_s": kept})


def _told(graph: Graph, r: Resource) -> float | Unknown | None:
    """How far behind a consumer is when an alarm rings; None where none does."""
    watching = [a for a in graph.users(r, "dimensions", ALARM) if a.get("metricName") in BEHIND]
    above = watching[0].number("threshold") if watching else None
    return above / 1000 if isinstance(above, int | float) else above


def options(u: Unit, world: Surroundings) -> list[Option]:
    """As for all that messages pass through; an alarm on a consumer that is behind bounds what waits."""
    waits, vague = waiting(u.fact("age_s"), u.fact("retention_s"))
    return ways(u, world, "kinesis.regional", waits, vague)

"""SQS queues.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/DistributedQueues.html
"""

from __future__ import annotations

from policies.graph import Graph, Resource, Unknown
from policies.recovery.model import Option
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit

from .common import unit
from .passing import PROMISES, of_events, waiting, ways

KIND = "queue"
QUEUE, ALARM = "aws:sqs/queue:Queue", "aws:cloudwatch/metricAlarm:MetricAlarm"
OLDEST = "ApproximateAgeOfOldestMessage"
DEFAULT_SECONDS = 345_600


def read(graph: Graph) -> list[Unit]:
    """One unit for each queue that promises."""
    return [_queue(graph, r) for r in graph.of(QUEUE) if r.tags.get(PROMISES) is not None]


def _queue(graph: Graph, r: Resource) -> Unit:
    facts = {
        "age_s": _told(graph, r),
        "retention_s": r.number("messageRetentionSeconds", DEFAULT_SECONDS),
        **of_events(graph, r),
    }
    return unit(graph, KIND, r, facts)


def _told(graph: Graph, r: Resource) -> float | Unknown | None:
    """The age of its oldest message above which an alarm rings; None where none does."""
    watching = [a for a in graph.users(r, "dimensions", ALARM) if a.get("metricName") == OLDEST]
    return watching[0].number("threshold") if watching else None


def options(u: Unit, world: Surroundings) -> list[Option]:
    """As for all that messages pass through; an alarm on the oldest one's age bounds what waits."""
    waits, vague = waiting(u.fact("age_s"), u.fact("retention_s"))
    return ways(u, world, "sqs.regional", waits, vague)

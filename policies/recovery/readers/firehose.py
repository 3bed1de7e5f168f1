"""Firehose streams: what waits in their buffers.

https://docs.aws.amazon.com/firehose/latest/dev/basic-deliver.html
"""

from __future__ import annotations

from policies.graph import Graph, Resource, Unknown
from policies.recovery.model import Option
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit

from .common import unit
from .passing import PROMISES, waiting, ways

KIND = "firehose"
STREAM = "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream"
_DESTINATIONS = (
    "extendedS3Configuration",
    "elasticsearchConfiguration",
    "httpEndpointConfiguration",
    "opensearchConfiguration",
    "opensearchserverlessConfiguration",
    "splunkConfiguration",
    "snowflakeConfiguration",
    "icebergConfiguration",
)
DEFAULT_SECONDS = 300
"""https://docs.aws.amazon.com/firehose/latest/APIReference/API_BufferingHints.html"""


def read(graph: Graph) -> list[Unit]:
    """One unit for each stream that promises."""
    return [_stream(graph, r) for r in graph.of(STREAM) if r.tags.get(PROMISES) is not None]


def _stream(graph: Graph, r: Resource) -> Unit:
    return unit(graph, KIND, r, {"age_s": _buffer(r)})


def _buffer(r: Resource) -> float | Unknown | None:
    """How long records wait to be written; None of a destination whose buffer isn't known here."""
    for each in _DESTINATIONS:
        given = r.get(each)
        if given is not None:
            return (
                given
                if isinstance(given, Unknown)
                else r.number(f"{each}.bufferingInterval", DEFAULT_SECONDS)
            )
    return None


def options(u: Unit, world: Surroundings) -> list[Option]:
    """As for all that messages pass through: what waits is as old as the buffer is long."""
    waits, vague = waiting(u.fact("age_s"), None)
    return ways(u, world, "firehose.regional", waits, vague)

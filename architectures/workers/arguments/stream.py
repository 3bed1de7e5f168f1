"""What a stream is given, and the function that counts and sums its records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.workers.arguments.function import code
from architectures.workers.sections import Stream
from components.compute import FunctionArgs, StreamSource
from components.messaging import RecordStreamArgs
from components.permissions import Statement
from components.tags import Tags

STREAM_KEYS = {
    "retention_hours": "retentionHours",
    "shards": "shards",
    "behind_seconds": "behindSeconds",
}
"""Argument of a stream that a setting decides -> key within the stream."""
AGGREGATES_KEYS = {"source.window_seconds": "windowSeconds", "timeout_seconds": "timeoutSeconds"}
"""The same of its function."""


def stream(
    given: Stream,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    protect: bool,
) -> RecordStreamArgs:
    """The arguments of a stream."""
    return RecordStreamArgs(
        tags=tags,
        key_arn=key_arn,
        actions=[topic_arn],
        retention_hours=given.retention_hours,
        shards=given.shards,
        behind_seconds=given.behind_seconds,
        protect=protect,
    )


def placeholder_stream(given: Stream) -> RecordStreamArgs:
    """The same for its checks."""
    return stream(given, tags=PLACEHOLDER_TAGS, key_arn=PLACEHOLDER, topic_arn=PLACEHOLDER, protect=True)


def aggregates(
    each: str,
    given: Stream,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    source: StreamSource,
    statements: Sequence[Statement],
    variables: Mapping[str, pulumi.Input[str]],
) -> FunctionArgs:
    """The arguments of the function that counts and sums a stream's records."""
    return FunctionArgs(
        tags=tags,
        code=code(None),
        handler="functions.workers.aggregate.handler",
        about=f"Aggregates of {each}",
        key_arn=key_arn,
        actions=[topic_arn],
        timeout_seconds=given.timeout_seconds,
        variables=variables,
        statements=statements,
        source=source,
    )


def placeholder_aggregates(each: str, given: Stream) -> FunctionArgs:
    """The same for its checks."""
    source = StreamSource(
        arn=PLACEHOLDER, statements=(), letters_arn=PLACEHOLDER, window_seconds=given.window_seconds
    )
    return aggregates(
        each,
        given,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        source=source,
        statements=(),
        variables={},
    )

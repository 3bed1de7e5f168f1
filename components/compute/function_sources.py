"""How Lambda hands a function what its source has."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components.compute.function_args import Source, StreamSource, TopicSource
from components.tags import Tags


def mapped(
    name: str,
    source: Source | StreamSource | TopicSource,
    function_arn: pulumi.Input[str],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Declare the mapping from a source to the alias of that ARN. Its id."""
    if isinstance(source, Source):
        own = _of_queue(source)
    elif isinstance(source, StreamSource):
        own = _of_stream(source)
    else:
        own = _of_topic(source)
    return aws.lambda_.EventSourceMapping(
        name,
        event_source_arn=source.arn,
        function_name=function_arn,
        batch_size=source.batch,
        tags=tags.resource(name),
        opts=opts,
        **own,
    ).uuid


def _of_queue(source: Source) -> dict[str, Any]:
    return {
        "function_response_types": ["ReportBatchItemFailures"],
        "scaling_config": {"maximum_concurrency": source.at_once} if source.at_once else None,
    }


def _of_stream(source: StreamSource) -> dict[str, Any]:
    return {
        "starting_position": "TRIM_HORIZON",
        "tumbling_window_in_seconds": source.window_seconds,
        "bisect_batch_on_function_error": True,
        "maximum_retry_attempts": source.attempts,
        "destination_config": {"on_failure": {"destination_arn": source.letters_arn}},
    }


def _of_topic(source: TopicSource) -> dict[str, Any]:
    """From the beginning, where the group has no position yet. It signs in as the function's role."""
    return {
        "topics": [source.topic],
        "starting_position": "TRIM_HORIZON",
        "amazon_managed_kafka_event_source_config": {"consumer_group_id": source.group},
        "enabled": source.enabled,
    }

"""What SNS and SQS don't take of FIFO topics and queues.

Sources: https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html, https://docs.aws.amazon.com/sns/latest/dg/fifo-message-delivery.html,
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_CreateQueue.html.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider.protocol import Context, Faults

_LETTERS = "made up of only uppercase and lowercase ASCII letters, numbers, underscores, and hyphens"
_TO_PEOPLE = ("application", "email", "email-json", "http", "https", "sms")
"""Protocols without an order that could be kept."""


def topic(ctx: Context) -> Faults:
    """Refuse a name that says otherwise than `fifoTopic`, and what only FIFO topics have."""
    fifo, name = ctx.inputs.get("fifoTopic") is True, str(ctx.inputs.get("name") or "")
    if fifo and not name.endswith(".fifo"):
        yield "name", f"InvalidParameter: Fifo Topic names must end with .fifo and must be {_LETTERS}: {name}"
    if not fifo and name.endswith(".fifo"):
        yield (
            "name",
            f"InvalidParameter: Topic names must be {_LETTERS}, and those of FIFO topics alone end with .fifo: {name}",
        )
    for only in ("archivePolicy", "contentBasedDeduplication", "fifoThroughputScope"):
        if not fifo and ctx.inputs.get(only):
            yield (
                only,
                f"InvalidParameter: Invalid parameter: Attributes Reason: {only} can only be set for FIFO topics",
            )


def queue(ctx: Context) -> Faults:
    """Refuse a name that says otherwise than `fifoQueue`, and what only FIFO queues have."""
    fifo, name = ctx.inputs.get("fifoQueue") is True, str(ctx.inputs.get("name") or "")
    if fifo and not name.endswith(".fifo"):
        yield "name", f"InvalidParameterValue: The name of a FIFO queue must end with .fifo suffix: {name}"
    if not fifo and name.endswith(".fifo"):
        text = "Can only include alphanumeric characters, hyphens, or underscores. 1 to 80 in length"
        yield "name", f"InvalidParameterValue: {text}; .fifo is the suffix of FIFO queues alone: {name}"
    for only in ("contentBasedDeduplication", "deduplicationScope", "fifoThroughputLimit"):
        if not fifo and ctx.inputs.get(only):
            yield (
                only,
                f"InvalidAttributeName: Unknown Attribute {only[0].upper()}{only[1:]}: FIFO queues alone have it",
            )


def subscription(ctx: Context) -> Faults:
    """Refuse what a FIFO topic doesn't deliver to."""
    arn, protocol = ctx.inputs.get("topic"), ctx.inputs.get("protocol")
    if isinstance(arn, str) and arn.endswith(".fifo") and protocol in _TO_PEOPLE:
        yield (
            "protocol",
            f"InvalidParameter: Invalid parameter: Invalid protocol type: {protocol}: a FIFO topic delivers to queues",
        )


BY_TYPE: Mapping[str, Any] = {
    "aws:sns/topic:Topic": topic,
    "aws:sns/topicSubscription:TopicSubscription": subscription,
    "aws:sqs/queue:Queue": queue,
}

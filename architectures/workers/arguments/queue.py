"""What a worker's queue is given."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.workers.sections import Worker
from components.data import Sender, WorkQueueArgs
from components.tags import Tags

UNRECEIVED_MINUTES = 5
"""Messages that wait so long while nobody takes any: no worker is there, or none may take."""
QUEUE_KEYS = {
    "visibility_seconds": "queue.visibilitySeconds",
    "receives": "queue.receives",
    "retention_seconds": "queue.retentionSeconds",
    "age_seconds": "queue.ageSeconds",
}
"""Argument of a queue that a setting decides -> key within the worker."""


def queue(
    given: Worker,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    actions: Sequence[pulumi.Input[str]],
    senders: Sequence[Sender],
    protect: bool,
) -> WorkQueueArgs:
    """The arguments of a worker's queue."""
    return WorkQueueArgs(
        tags=tags,
        key_arn=key_arn,
        actions=actions,
        visibility_seconds=given.queue.visibility_seconds,
        receives=given.queue.receives,
        retention_seconds=given.queue.retention_seconds,
        age_seconds=given.queue.age_seconds,
        unreceived_minutes=UNRECEIVED_MINUTES,
        senders=senders,
        promises=True,
        protect=protect,
    )


def placeholder_queue(given: Worker) -> WorkQueueArgs:
    """The same for its checks."""
    return queue(
        given, tags=PLACEHOLDER_TAGS, key_arn=PLACEHOLDER, actions=[PLACEHOLDER], senders=(), protect=True
    )

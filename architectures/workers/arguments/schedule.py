"""What a schedule is given, and the group of them."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.stack import Stack
from architectures.workers.sections import Schedule
from components.messaging import QueueScheduleArgs, QueueSchedulesArgs
from components.tags import Tags

SCHEDULE_KEYS = {
    "schedule": "schedule",
    "timezone": "timezone",
    "message": "message",
    "message.id": "message.id",
    "flexible_minutes": "flexibleMinutes",
    "retries": "retries",
    "age_seconds": "ageSeconds",
}
"""Argument of a schedule that a setting decides -> key within it."""


def schedule(given: Schedule, queue_arn: pulumi.Input[str]) -> QueueScheduleArgs:
    """The arguments of one schedule."""
    return QueueScheduleArgs(
        schedule=given.schedule,
        timezone=given.timezone,
        queue_arn=queue_arn,
        message=given.message,
        flexible_minutes=given.flexible_minutes,
        retries=given.retries,
        age_seconds=given.age_seconds,
    )


def placeholder_schedule(given: Schedule) -> QueueScheduleArgs:
    """The same for its checks."""
    return schedule(given, PLACEHOLDER)


def schedules(
    given: Mapping[str, Schedule],
    name: str,
    stack: Stack,
    *,
    enabled: bool,
    tags: Tags,
    key_arn: pulumi.Input[str],
    letters_arn: pulumi.Input[str],
    queues: Mapping[str, pulumi.Input[str]],
) -> QueueSchedulesArgs:
    """The arguments of all of a system's, with the ARNs of its queues by worker."""
    return QueueSchedulesArgs(
        tags=tags,
        group_name=stack.named(name, "clock"),
        region=stack.region,
        key_arn=key_arn,
        letters_arn=letters_arn,
        enabled=enabled,
        schedules={each: schedule(one, queues[one.queue]) for each, one in given.items()},
    )

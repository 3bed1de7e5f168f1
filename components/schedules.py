"""What calls a function, or sends to a queue, by the clock: EventBridge Scheduler, in a role that may do just that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust


@dataclass(frozen=True, kw_only=True)
class Grouped:
    """What a schedule has besides, that stands in a group: it is found there by its name, and may be switched off."""

    group_name: pulumi.Input[str]
    name: str
    source: str
    """Pattern of the group's ARN, with {account}: for its schedules alone the role is taken. AWS says the group, not the schedule.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html"""
    key_arn: pulumi.Input[str]
    """Customer key that encrypts what is sent; the role has to be let use it."""
    timezone: str
    flexible_minutes: int | None
    """Minutes within which Scheduler may choose the moment. None: at once."""
    enabled: bool


def declare_schedule(
    name: str,
    *,
    about: str,
    every: str,
    target_arn: pulumi.Input[str],
    action: str = "lambda:InvokeFunction",
    told: Mapping[str, Any] | str | None = None,
    letters_arn: pulumi.Input[str] | None,
    statements: Sequence[Statement] = (),
    age_seconds: int,
    attempts: int = 2,
    grouped: Grouped | None = None,
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> aws.scheduler.Schedule:
    """The schedule and its role. `every` is a rate such as `rate(1 hour)`; `told` is what the target gets each time, in JSON or as it is.

    `action` is what the role may do to the target. A call that isn't taken is tried again `attempts` times within `age_seconds`, and then
    kept in `letters_arn`, to which `statements` let the role send; None: it is forgotten, and the next one comes.
    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    source = grouped.source if grouped else None
    role = role_with_policy(
        f"{name}-caller",
        [allow(action, target_arn), *statements],
        policy=f"{name}-caller-policy",
        about=about,
        trusted=trust("scheduler.amazonaws.com", opts.parent, of_account=True, source=source),
        tags=tags,
        opts=opts,
    )
    return aws.scheduler.Schedule(
        f"{name}-schedule",
        description=about,
        schedule_expression=every,
        target={
            "arn": target_arn,
            "role_arn": role,
            "input": told if told is None or isinstance(told, str) else json.dumps(told),
            "retry_policy": {"maximum_event_age_in_seconds": age_seconds, "maximum_retry_attempts": attempts},
            "dead_letter_config": {"arn": letters_arn} if letters_arn else None,
        },
        **_placed(grouped),
        opts=opts,
    )


def _placed(grouped: Grouped | None) -> dict[str, Any]:
    """What is said of a schedule in a group, and of one that is in none."""
    off = {"mode": "OFF"}
    if grouped is None:
        return {"flexible_time_window": off}
    minutes = grouped.flexible_minutes
    window = off if minutes is None else {"mode": "FLEXIBLE", "maximum_window_in_minutes": minutes}
    return {
        "flexible_time_window": window,
        "group_name": grouped.group_name,
        "name": grouped.name,
        "kms_key_arn": grouped.key_arn,
        "schedule_expression_timezone": grouped.timezone,
        "state": "ENABLED" if grouped.enabled else "DISABLED",
    }

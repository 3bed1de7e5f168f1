"""What calls a function at a rate: EventBridge Scheduler, in a role that may do just that."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust


def declare_schedule(
    name: str,
    *,
    about: str,
    every: str,
    function_arn: pulumi.Input[str],
    told: Mapping[str, Any] | None = None,
    letters_arn: pulumi.Input[str] | None,
    statements: Sequence[Statement] = (),
    age_seconds: int,
    attempts: int = 2,
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> aws.scheduler.Schedule:
    """The schedule and its role. `every` is a rate such as `rate(1 hour)`; `told` is what the function gets each time.

    A call that isn't taken is tried again `attempts` times within `age_seconds`, and then kept in `letters_arn`, to which `statements` let
    the role send; None: it is forgotten, and the next one comes.
    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    role = role_with_policy(
        f"{name}-caller",
        [allow("lambda:InvokeFunction", function_arn), *statements],
        policy=f"{name}-caller-policy",
        about=about,
        trusted=trust("scheduler.amazonaws.com", opts.parent, of_account=True),
        tags=tags,
        opts=opts,
    )
    return aws.scheduler.Schedule(
        f"{name}-schedule",
        description=about,
        schedule_expression=every,
        flexible_time_window={"mode": "OFF"},
        target={
            "arn": function_arn,
            "role_arn": role,
            "input": json.dumps(told) if told is not None else None,
            "retry_policy": {"maximum_event_age_in_seconds": age_seconds, "maximum_retry_attempts": attempts},
            "dead_letter_config": {"arn": letters_arn} if letters_arn else None,
        },
        opts=opts,
    )

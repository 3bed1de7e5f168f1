"""Schedules that put messages into queues."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import between, need, time_zone
from components.messaging.moments import check_moment
from components.options import handed_down
from components.outputs import register
from components.permissions import Statement, allow
from components.schedules import Grouped, declare_schedule
from components.tags import Tags

MESSAGE_BYTES = 262_144
"""https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html, 256 KB."""
FLEXIBLE_MINUTES = (1, 1440)
RETRIES, AGE_SECONDS = (0, 185), (60, 86_400)
"""https://docs.aws.amazon.com/scheduler/latest/APIReference/API_FlexibleTimeWindow.html,
https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html"""
MOMENT = "<aws.scheduler.scheduled-time>"
"""What Scheduler puts the moment for that the schedule is due, in UTC; the same however often it tries.
https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html"""
_NAME = re.compile(r"[0-9a-zA-Z_.-]{1,64}")


@dataclass(frozen=True, kw_only=True)
class QueueScheduleArgs:
    """One schedule: when it sends what to which queue."""

    schedule: str
    """`rate(5 minutes)`, `cron(0 7 ? * MON-FRI *)`, `at(2027-01-31T07:00:00)`."""
    timezone: str = "UTC"
    """Of cron and at, as the tz database has it."""
    queue_arn: pulumi.Input[str]
    message: Mapping[str, Any] | str
    """Sent in JSON, or as it is; 1 to 262,144 bytes. A key `id` by which receivers know what they have done must differ each time."""
    flexible_minutes: int | None = None
    """1 to 1,440: Scheduler may send so much later. None: at once."""
    retries: int = RETRIES[1]
    """How often it is tried again, 0 to 185."""
    age_seconds: int = AGE_SECONDS[1]
    """Until when it is tried, 60 to 86,400 s."""

    def check(self) -> None:
        """Raise ArgumentError for what EventBridge Scheduler would refuse, and for an `id` that is the same each time."""
        check_moment("schedule", self.schedule)
        time_zone("timezone", self.timezone)
        between("message", len(self.body.encode()), 1, MESSAGE_BYTES, "bytes")
        key = None if isinstance(self.message, str) else self.message.get("id")
        if key is not None and not self.schedule.startswith("at("):
            allowed = f"a text with {MOMENT} in it: of two messages with the same id one is worked off"
            need(isinstance(key, str) and MOMENT in key, "message.id", repr(key), allowed)
        if self.flexible_minutes is not None:
            between("flexible_minutes", self.flexible_minutes, *FLEXIBLE_MINUTES)
        between("retries", self.retries, *RETRIES, "times")
        between("age_seconds", self.age_seconds, *AGE_SECONDS, "s")

    @property
    def body(self) -> str:
        """The message as it is sent."""
        return self.message if isinstance(self.message, str) else json.dumps(self.message)


def schedule_arn(group_arn: str, name: str) -> str:
    """The ARN of a schedule of a group.

    https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoneventbridgescheduler.html
    """
    return f"{group_arn.replace(':schedule-group/', ':schedule/')}/{name}"


def further(
    group_arn: pulumi.Output[str],
    name: str,
    region: str,
    key_arn: pulumi.Input[str],
    letters_arn: pulumi.Input[str],
) -> list[Statement]:
    """What a schedule's role needs besides its target.

    Dead letters; the key of queues, through SQS, and that of the schedule itself, for nothing but that schedule.
    https://docs.aws.amazon.com/scheduler/latest/UserGuide/encryption-rest.html
    """
    via = {"StringEquals": {"kms:ViaService": f"sqs.{region}.amazonaws.com"}}
    own = group_arn.apply(lambda arn: schedule_arn(arn, name))
    of_schedule = {"StringEquals": {"kms:EncryptionContext:aws:scheduler:schedule:arn": own}}
    return [
        allow("sqs:SendMessage", letters_arn),
        allow(["kms:Decrypt", "kms:GenerateDataKey"], key_arn, via),
        allow("kms:Decrypt", key_arn, of_schedule),
    ]


@dataclass(frozen=True, kw_only=True)
class QueueSchedulesArgs:
    """What the schedules of a system need."""

    tags: Tags
    group_name: str
    """No other group of the account's region is called so: 1 to 64 letters, digits and `-_.`."""
    region: str
    key_arn: pulumi.Input[str]
    """Customer key of the region, by which messages and queues are encrypted."""
    letters_arn: pulumi.Input[str]
    """The queue of what could not be delivered."""
    enabled: bool
    """Whether this region sends: one of two does."""
    schedules: Mapping[str, QueueScheduleArgs]
    """By name."""

    def check(self) -> None:
        """Raise ArgumentError for what AWS would refuse."""
        named = "1 to 64 letters, digits and -_."
        need(bool(_NAME.fullmatch(self.group_name)), "group_name", repr(self.group_name), named)
        for each in self.schedules.values():
            each.check()


class QueueSchedules(pulumi.ComponentResource):
    """A group of schedules that put messages into queues, as long as the region is the one that sends.

    Creates: the group, and in it each schedule with a role that may send to its queue and to the dead letters.
    Survives: a zone; a queue that takes nothing for `age_seconds`, after which a message is a dead letter. Not the region: while it is
    lost nothing is sent, until the other one's schedules are enabled; what was due meanwhile isn't made up for.
    Costs: invocations, of which the first 14 million of a month are free.
    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html, https://aws.amazon.com/eventbridge/pricing/
    """

    group_name: str
    names: list[str]
    """Of the schedules, which are found in the group by them."""

    def __init__(
        self, name: str, args: QueueSchedulesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:messaging:QueueSchedules", name, {}, handed_down(opts))
        self._args, self._child = args, pulumi.ResourceOptions(parent=self)
        self.group_name, self.names = args.group_name, list(args.schedules)
        group = aws.scheduler.ScheduleGroup(
            f"{name}-group",
            name=args.group_name,
            tags=args.tags.resource(f"{name}-group"),
            opts=self._child,
        )
        for each, given in args.schedules.items():
            self._schedule(name, each, given, group)
        register(self)

    def _schedule(
        self, name: str, each: str, given: QueueScheduleArgs, group: aws.scheduler.ScheduleGroup
    ) -> None:
        args = self._args
        grouped = Grouped(
            group_name=group.name,
            name=each,
            source=f"arn:aws:scheduler:{args.region}:{{account}}:schedule-group/{args.group_name}",
            key_arn=args.key_arn,
            timezone=given.timezone,
            flexible_minutes=given.flexible_minutes,
            enabled=args.enabled,
        )
        declare_schedule(
            f"{name}-{each}",
            about=f"{name}: sends {each}",
            every=given.schedule,
            target_arn=given.queue_arn,
            action="sqs:SendMessage",
            told=given.body,
            letters_arn=args.letters_arn,
            statements=further(group.arn, each, args.region, args.key_arn, args.letters_arn),
            age_seconds=given.age_seconds,
            attempts=given.retries,
            grouped=grouped,
            tags=args.tags,
            opts=self._child,
        )

"""Working hours of what isn't production: a database and its service are stopped in the evening and started in the morning."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import need, time_zone
from components.options import handed_down
from components.permissions import allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust

_NUMBERS = {
    "minutes": (0, 59),
    "hours": (0, 23),
    "days": (1, 31),
    "months": (1, 12),
    "weekdays": (1, 7),
    "years": (1970, 2199),
}
_NAMES = {
    "months": ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"),
    "weekdays": ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"),
}
_EXAMPLE = "cron(minutes hours day-of-month month day-of-week year), one of the two days a ?, as cron(0 7 ? * MON-FRI *)"
DATABASE_STOPPED_DAYS = 7
"""RDS starts an instance by itself that has been stopped for so long.
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_StopInstance.html"""


@dataclass(frozen=True, kw_only=True)
class WorkingHoursArgs:
    """What is started and stopped, and when."""

    tags: Tags
    prefix: str
    """Begins the names of the schedules, unique in an account's region."""
    database_identifier: pulumi.Input[str]
    database_arn: pulumi.Input[str]
    """An instance with no replica that is none: RDS stops no other."""
    cluster_name: pulumi.Input[str]
    service_name: pulumi.Input[str]
    service_arn: pulumi.Input[str]
    tasks: int
    """Tasks that run by day, 1 or more."""
    start_database: str
    """When the database is started: a cron expression of EventBridge Scheduler. It takes minutes, or hours."""
    start: str
    """When tasks are started, with the database there."""
    stop: str
    """When both are stopped."""
    timezone: str = "UTC"
    """Of all three, as the tz database has it."""

    def check(self) -> None:
        """Raise ArgumentError for what EventBridge Scheduler would refuse."""
        check_hours(self.start_database, self.start, self.stop, self.timezone)
        need(self.tasks >= 1, "tasks", self.tasks, "1 or more")


def check_hours(start_database: str, start: str, stop: str, timezone: str) -> None:
    """Raise ArgumentError for an expression or a time zone that there isn't.

    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
    """
    for argument, text in (("start_database", start_database), ("start", start), ("stop", stop)):
        need(_fits(text), argument, repr(text), _EXAMPLE)
    need(stop not in (start, start_database), "stop", repr(stop), "another moment than those of the start")
    time_zone("timezone", timezone)


def _fits(text: str) -> bool:
    found = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)", text)
    if found is None:
        return False
    day, weekday = found[3], found[5]
    one = (day == "?") != (weekday == "?")
    return (
        one
        and all(
            _field(part, given) for part, given in zip(_NUMBERS, found.groups(), strict=True) if given != "?"
        )
        and "?" not in (found[1], found[2], found[4], found[6])
    )


def _field(part: str, given: str) -> bool:
    if part == "days" and re.fullmatch(r"L|LW|\d{1,2}W", given):
        return True
    if part == "weekdays" and re.fullmatch(r"([1-7]|[A-Z]{3})(L|#[1-5])", given):
        return True
    return all(_range(part, each) for each in given.split(","))


def _range(part: str, given: str) -> bool:
    span, _, step = given.partition("/")
    if step and not (step.isdecimal() and int(step) >= 1):
        return False
    if span == "*":
        return True
    ends = span.split("-")
    return len(ends) in (1, 2) and all(_value(part, end) for end in ends)


def _value(part: str, given: str) -> bool:
    least, most = _NUMBERS[part]
    return given in _NAMES.get(part, ()) or (
        given.isascii() and given.isdecimal() and least <= int(given) <= most
    )


class WorkingHours(pulumi.ComponentResource):
    """Four schedules: the database is started and then tasks; tasks are stopped, and the database.

    Creates: the schedules, with EventBridge Scheduler's universal targets, and the role that they call RDS and ECS with.
    Survives: what fails is tried again for an hour; an instance that RDS has started by itself, as it does after seven days, is stopped
    by the next stop. Costs: nothing to speak of; it saves the instance's and the tasks' hours, not the storage.
    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html
    """

    def __init__(self, name: str, args: WorkingHoursArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:operations:WorkingHours", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._role = role_with_policy(
            f"{name}-role",
            [
                allow(["rds:StartDBInstance", "rds:StopDBInstance"], args.database_arn),
                allow("ecs:UpdateService", args.service_arn),
            ],
            policy=f"{name}-policy",
            about=f"Starts and stops {args.prefix}",
            trusted=trust("scheduler.amazonaws.com", self, of_account=True),
            tags=args.tags,
            opts=pulumi.ResourceOptions(parent=self),
        )
        # The names of members are those of AWS's SDK for Java, as Scheduler wants them.
        database = {"DbInstanceIdentifier": args.database_identifier}
        service = {"Cluster": args.cluster_name, "Service": args.service_name}
        self._schedule("start-database", args.start_database, "rds:startDBInstance", database)
        self._schedule(
            "start-tasks", args.start, "ecs:updateService", {**service, "DesiredCount": args.tasks}
        )
        self._schedule("stop-tasks", args.stop, "ecs:updateService", {**service, "DesiredCount": 0})
        self._schedule("stop-database", args.stop, "rds:stopDBInstance", database)
        self.register_outputs({})

    def _schedule(self, what: str, when: str, api: str, given: dict[str, Any]) -> None:
        aws.scheduler.Schedule(
            f"{self._name}-{what}",
            name=f"{self._args.prefix}-{what}",
            description=f"{self._args.prefix}: {what}",
            schedule_expression=when,
            schedule_expression_timezone=self._args.timezone,
            flexible_time_window={"mode": "OFF"},
            target={
                "arn": f"arn:aws:scheduler:::aws-sdk:{api}",
                "role_arn": self._role,
                "input": pulumi.Output.json_dumps(given),
                "retry_policy": {"maximum_event_age_in_seconds": 3600, "maximum_retry_attempts": 10},
            },
            opts=pulumi.ResourceOptions(parent=self),
        )

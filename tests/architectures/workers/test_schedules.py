"""Schedules of a system of workers: what is registered, what changes with the active region, what is refused, what the runbook calls."""

from __future__ import annotations

import json
import re
from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.messaging import QueueSchedulesArgs
from components.messaging.schedules import schedule_arn
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.workers.conftest import REGIONS, configured, turned
from tests.architectures.workers.test_settings import JOBS, refused
from tests.components.data_arguments import TAGS
from tests.pulumi_mocks import Deployment, Registered
from tests.test_settings import load

SCHEDULE, GROUP = "aws:scheduler/schedule:Schedule", "aws:scheduler/scheduleGroup:ScheduleGroup"
NAMED = "example-production-jobs-clock"
NIGHTLY = {"schedule": "rate(1 hour)", "queue": "resize", "message": "tidy"}


def one(stack: Deployment) -> Registered:
    return stack.one(SCHEDULE, "jobs-clock-nightly-schedule")


def test_a_schedule_sends_to_its_queue_and_what_it_can_not_send_is_kept(stack: Deployment) -> None:
    said = one(stack).inputs
    assert (said["groupName"], said["name"]) == (NAMED, "nightly")
    assert (said["scheduleExpression"], said["scheduleExpressionTimezone"]) == (
        "cron(30 2 * * ? *)",
        "Europe/Berlin",
    )
    assert said["flexibleTimeWindow"] == {"mode": "OFF"}
    assert said["kmsKeyArn"] == stack.one("aws:sqs/queue:Queue", "jobs-resize-queue").inputs["kmsMasterKeyId"]
    target = said["target"]
    queue, letters = (
        stack.made[stack.one("Queue", name).urn]["arn"] for name in ("jobs-resize-queue", "jobs-undelivered")
    )
    assert (target["arn"], target["deadLetterConfig"]) == (queue, {"arn": letters})
    assert json.loads(target["input"]) == {"id": "nightly <aws.scheduler.scheduled-time>", "task": "tidy"}
    assert target["retryPolicy"] == {"maximumEventAgeInSeconds": 86_400, "maximumRetryAttempts": 185}
    assert stack.one("MetricAlarm", "jobs-undelivered-some").inputs["alarmActions"]
    group = stack.one(GROUP)
    assert (group.inputs["name"], group.tags["workload"]) == (NAMED, "jobs")
    assert (
        group.parent == one(stack).parent == stack.one("holdfast:messaging:QueueSchedules", "jobs-clock").urn
    )


@pytest.mark.parametrize(("name", "region"), REGIONS.items())
def test_its_role_may_send_there_for_schedules_of_the_group_alone(
    example: dict[str, Deployment], name: str, region: str
) -> None:
    stack = example[name]
    queue, letters = (
        stack.made[stack.one("Queue", each).urn]["arn"] for each in ("jobs-resize-queue", "jobs-undelivered")
    )
    key = one(stack).inputs["kmsKeyArn"]
    found = json.loads(stack.one("RolePolicy", "jobs-clock-nightly-caller-policy").inputs["policy"])[
        "Statement"
    ]
    own = schedule_arn(stack.made[stack.one(GROUP).urn]["arn"], "nightly")
    assert [(each["Action"], each["Resource"], each.get("Condition")) for each in found] == [
        ("sqs:SendMessage", queue, None),
        ("sqs:SendMessage", letters, None),
        (
            ["kms:Decrypt", "kms:GenerateDataKey"],
            key,
            {"StringEquals": {"kms:ViaService": f"sqs.{region}.amazonaws.com"}},
        ),
        (
            "kms:Decrypt",
            key,
            {"StringEquals": {"kms:EncryptionContext:aws:scheduler:schedule:arn": own}},
        ),
    ]
    [trusted] = json.loads(
        stack.one("aws:iam/role:Role", "jobs-clock-nightly-caller").inputs["assumeRolePolicy"]
    )["Statement"]
    assert trusted["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert trusted["Condition"] == {
        "StringEquals": {"aws:SourceAccount": "123456789012"},
        "ArnLike": {"aws:SourceArn": f"arn:aws:scheduler:{region}:123456789012:schedule-group/{NAMED}"},
    }


def test_another_region_s_turn_changes_who_sends_and_nothing_else(example: dict[str, Deployment]) -> None:
    now = turned()
    for name, states in (("prod", ("ENABLED", "DISABLED")), ("dr", ("DISABLED", "ENABLED"))):
        before, after = example[name], now[name]
        assert (one(before).inputs["state"], one(after).inputs["state"]) == states
        mine = [r for r in before.resources if r.name.startswith("jobs-clock")]
        assert len(mine) == 5
        changed = {
            (r.name, key)
            for r in mine
            for key, value in r.inputs.items()
            if value != after.by_urn(r.urn).inputs.get(key)
        }
        assert changed == {("jobs-clock-nightly-schedule", "state")}


def test_a_region_that_is_rebuilt_sends_and_the_runbook_says_so() -> None:
    plain: dict[str, Any] = {
        "strategy": "backup-and-restore",
        "kafka": None,
        "streams": None,
        "bus": None,
        "topics": None,
    }
    workers = {"resize": {"queue": {"visibilitySeconds": 180}, "function": {}}}
    schedules = {"nightly": {**NIGHTLY, "flexibleMinutes": 15, "retries": 3, "ageSeconds": 600}}
    plain |= {"workers": workers, "schedules": schedules}
    prod = deployed("prod", configured("prod", **plain), {})
    dr = deployed("dr", configured("dr", **plain), {PEER: outputs(prod)})
    assert dr.all(SCHEDULE) == []
    book = dr.one("BucketObjectv2", "jobs-runbook-us-west-2").inputs["content"]
    assert "With `rebuild` they stand here, too, and send" in book
    rebuilt = deployed("dr", configured("dr", **plain, rebuild=True), {PEER: outputs(prod)})
    said = one(rebuilt).inputs
    assert said["state"] == "ENABLED"
    assert said["flexibleTimeWindow"] == {"mode": "FLEXIBLE", "maximumWindowInMinutes": 15}
    assert said["target"]["retryPolicy"] == {"maximumEventAgeInSeconds": 600, "maximumRetryAttempts": 3}
    assert said["target"]["input"] == "tidy"


FORMS = "rate(1 hour), rate(5 minutes), cron(0 7 ? * MON-FRI *) or at(2027-01-31T07:00:00), in such a form"
MOMENT = (
    "a text with <aws.scheduler.scheduled-time> in it: of two messages with the same id one is worked off"
)


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({"queue": "nobody"}, "queue: got 'nobody', allowed is a worker: notify, render, resize"),
        *(
            ({"schedule": text}, f"schedule: got {text!r}, allowed is {FORMS}")
            for text in (
                "hourly", "rate(0 hours)", "rate(1 hours)", "rate(5 minute)", "rate(5 weeks)", "at(2027-02-30T07:00:00)",
                "at(2027-01-31)", "at(2027-01-31T07:00:00Z)", "",
            )
        ),
        ({"schedule": "cron(0 7 * * MON-FRI *)"}, "schedule: got 'cron(0 7 * * MON-FRI *)', allowed is '?' for either day of month or day of week"),
        ({"schedule": "cron(0 24 * * ? *)"}, "schedule: got 'cron(0 24 * * ? *)' with '24' for hours, allowed is 0 to 23, '*', ranges a-b, steps a/b and lists of these"),
        ({"timezone": "Europe/Nowhere"}, "timezone: got 'Europe/Nowhere', allowed is a time zone of the tz database, such as Europe/Berlin"),
        ({"message": ""}, "message: got 0, allowed is 1 to 262144 bytes"),
        ({"message": "ü" * 131_073}, "message: got 262146, allowed is 1 to 262144 bytes"),
        ({"message": {"id": "nightly"}}, f"message.id: got 'nightly', allowed is {MOMENT}"),
        ({"message": {"id": 7}}, f"message.id: got 7, allowed is {MOMENT}"),
        ({"flexibleMinutes": 0}, "flexibleMinutes: got 0, allowed is 1 to 1440"),
        ({"flexibleMinutes": 1441}, "flexibleMinutes: got 1441, allowed is 1 to 1440"),
        ({"retries": 186}, "retries: got 186, allowed is 0 to 185 times"),
        ({"ageSeconds": 59}, "ageSeconds: got 59, allowed is 60 to 86400 s"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    assert refused(schedules={"nightly": {**NIGHTLY, **changes}}) == [f"{JOBS}.schedules.nightly.{line}"]


@pytest.mark.parametrize(
    "changes",
    [
        {"schedule": "at(2027-01-31T07:00:00)", "message": {"id": "once"}, "timezone": "America/New_York"},
        {"schedule": "rate(1 day)", "flexibleMinutes": 1440, "retries": 0, "ageSeconds": 60},
        {"schedule": "cron(0/15 7-9 ? * FRIL *)", "message": "ü" * 131_072, "flexibleMinutes": 1},
        {"schedule": "rate(2 days)", "message": {"id": "d <aws.scheduler.scheduled-time>"}},
    ],
)
def test_what_can_be_is_taken(changes: dict[str, Any]) -> None:
    found = load(configured("prod", schedules={"nightly": {**NIGHTLY, **changes}}))
    assert set(found.systems) == {"jobs"}


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (None, "schedules: got nothing, allowed is ['nightly'], which organization/holdfast/prod says"),
        (
            {"nightly": {**NIGHTLY, "schedule": "rate(2 hours)"}},
            "schedules.nightly: got {'schedule': 'rate(2 hours)'",
        ),
    ],
)
def test_both_stacks_say_alike_when_something_is_sent_where(
    example: dict[str, Deployment], said: dict[str, Any] | None, told: str
) -> None:
    with pytest.raises(pulumi.RunError, match=re.escape(f"{JOBS}.{told}")):
        deployed("dr", configured("dr", schedules=said), {PEER: outputs(example["prod"])})


def test_a_group_has_a_name_that_aws_takes() -> None:
    args = QueueSchedulesArgs(
        tags=TAGS,
        group_name="jobs clock",
        region="r",
        key_arn="k",
        letters_arn="l",
        enabled=True,
        schedules={},
    )
    with pytest.raises(
        ArgumentError, match=re.escape("group_name: got 'jobs clock', allowed is 1 to 64 letters")
    ):
        args.check()


def test_a_schedule_s_arn_has_its_group_s_name() -> None:
    arn = "arn:aws:scheduler:us-east-1:123456789012:{}/jobs"
    assert schedule_arn(arn.format("schedule-group"), "nightly") == f"{arn.format('schedule')}/nightly"

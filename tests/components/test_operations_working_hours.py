"""Working hours: which cron expressions EventBridge Scheduler takes, and what the schedules may do."""

from __future__ import annotations

import json
from typing import Any

import pytest

from components.operations import WorkingHours, WorkingHoursArgs, check_hours
from tests.components.data_arguments import TAGS
from tests.pulumi_mocks import Deployment, deploy

DATABASE = "arn:aws:rds:us-east-1:123456789012:db:crm"
SERVICE = "arn:aws:ecs:us-east-1:123456789012:service/apps/ords"


def hours(**changes: Any) -> Deployment:
    args: dict[str, Any] = {
        "tags": TAGS,
        "prefix": "shop-staging-crm",
        "database_identifier": "crm",
        "database_arn": DATABASE,
        "cluster_name": "apps",
        "service_name": "ords",
        "service_arn": SERVICE,
        "tasks": 3,
        "start_database": "cron(30 6 ? * MON-FRI *)",
        "start": "cron(0 7 ? * MON-FRI *)",
        "stop": "cron(0 20 ? * MON-FRI *)",
        "timezone": "Europe/Berlin",
        **changes,
    }
    return deploy(lambda: WorkingHours("hours", WorkingHoursArgs(**args)))


def test_the_role_may_start_and_stop_those_two_and_nothing_else() -> None:
    made = hours()
    statements = json.loads(made.one("RolePolicy").inputs["policy"])["Statement"]
    assert [(each["Action"], each["Resource"]) for each in statements] == [
        (["rds:StartDBInstance", "rds:StopDBInstance"], DATABASE),
        ("ecs:UpdateService", SERVICE),
    ]
    trusted = json.loads(made.one("aws:iam/role:Role").inputs["assumeRolePolicy"])["Statement"][0]
    assert trusted["Principal"] == {"Service": "scheduler.amazonaws.com"}
    assert "aws:SourceAccount" in json.dumps(trusted["Condition"])
    for each in made.all("Schedule"):
        assert each.inputs["scheduleExpressionTimezone"] == "Europe/Berlin"
        assert each.inputs["flexibleTimeWindow"] == {"mode": "OFF"}
        assert made.one("RolePolicy").urn in each.dependencies


@pytest.mark.parametrize(
    "text",
    [
        "cron(0 7 ? * MON-FRI *)",
        "cron(0/15 7-9 * * ? *)",
        "cron(5,35 7 L * ? 2026-2028)",
        "cron(0 7 15W * ? *)",
        "cron(0 7 ? * 2#1 *)",
        "cron(0 7 ? JAN-MAR FRIL *)",
    ],
)
def test_an_expression_of_aws_is_taken(text: str) -> None:
    check_hours(text, "cron(0 8 ? * 2-6 *)", "cron(0 20 ? * 2-6 *)", "UTC")


@pytest.mark.parametrize(
    "text",
    [
        "cron(0 7 * * MON-FRI *)",
        "cron(0 7 ? * ? *)",
        "cron(60 7 ? * MON *)",
        "cron(0 24 ? * MON *)",
        "cron(0 7 32 * ? *)",
        "cron(0 7 ? 13 MON *)",
        "cron(0 7 ? * MOON *)",
        "cron(0 7 ? * 0 *)",
        "cron(0/0 7 ? * MON *)",
        "cron(0 7 ? * MON 1969)",
        "cron(? 7 ? * MON *)",
        "cron(0 7 ? * MON)",
        "0 7 ? * MON *",
        "at(2026-11-26T07:00:00)",
    ],
)
def test_any_other_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"^start: got .* allowed is cron\(minutes hours "):
        check_hours("cron(30 6 ? * MON *)", text, "cron(0 20 ? * MON *)", "UTC")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"timezone": "CET/Nowhere"}, "timezone: got 'CET/Nowhere'"),
        ({"tasks": 0}, "tasks: got 0, allowed is 1 or more"),
        (
            {"stop": "cron(0 7 ? * MON-FRI *)"},
            "stop: got .*, allowed is another moment than those of the start",
        ),
    ],
)
def test_bad_arguments(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        hours(**changes)

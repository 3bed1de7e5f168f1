"""Restores that AWS Backup rehearses by itself: a backup that was never restored is a hope."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between, need, one_of
from components.recovery.restore_home import DATABASES
from components.recovery.schedule import validate_cron
from components.tags import Tags

RESOURCE_TYPES = (
    "Aurora",
    "DocumentDB",
    "DynamoDB",
    "EBS",
    "EC2",
    "EFS",
    "FSx",
    "Neptune",
    "RDS",
    "S3",
)
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_RestoreTestingSelectionForCreate.html"""
MOST_START_HOURS = 168
MOST_VALIDATION_HOURS = 168
MOST_WINDOW_DAYS = 365


@dataclass(frozen=True, kw_only=True)
class RestoreTest:
    """When and what is restored for a test. What a test restores is deleted after the validation window."""

    schedule: str = "cron(0 12 ? * SUN *)"
    """AWS cron expression in UTC. Default: Sunday noon, after the weekly backup."""
    resource_types: Sequence[str] = ("Aurora",)
    """Kinds of resources, of `RESOURCE_TYPES`; of each the tagged ones are restored."""
    window_days: int = 7
    """The newest recovery point of so many days is taken, 1 to 365."""
    start_window_hours: int = 8
    """A test that has not started by then is cancelled, 1 to 168."""
    validation_hours: int = 4
    """Time for a check of the restored data before it is deleted, 1 to 168."""
    metadata: Mapping[str, Mapping[str, pulumi.Input[str]]] = field(default_factory=dict)
    """By resource type: restore settings, in lower case, beside those that a `RestoreHome` gives."""


def validate_restore_test(test: RestoreTest, *, at_home: bool) -> None:
    """Raise ArgumentError when AWS would refuse the test, or when it would fail without a `RestoreHome` (`at_home`)."""
    validate_cron("restore_test.schedule", test.schedule)
    at_least("restore_test.resource_types", test.resource_types, 1, "a test restores something")
    for resource_type in (*test.resource_types, *test.metadata):
        one_of("restore_test.resource_types", resource_type, RESOURCE_TYPES)
    for resource_type in test.resource_types:
        housed = at_home or resource_type not in DATABASES or resource_type in test.metadata
        need(housed, "restore_home", "None", f"one for {resource_type}: AWS Backup looks for a default VPC")
    for argument, value, most in (
        ("window_days", test.window_days, MOST_WINDOW_DAYS),
        ("start_window_hours", test.start_window_hours, MOST_START_HOURS),
        ("validation_hours", test.validation_hours, MOST_VALIDATION_HOURS),
    ):
        between(f"restore_test.{argument}", value, 1, most)


def testing_name(*parts: str) -> str:
    """Return a name that restore testing takes: letters, digits and `_` only, at most 50."""
    name = re.sub(r"[^A-Za-z0-9]+", "_", "_".join(parts))
    fits = re.fullmatch(r"[A-Za-z0-9_]{1,50}", name)
    need(bool(fits), "name", f"{name!r} for a restore test", "at most 50 letters, digits and _")
    return name


def declare_restore_test(
    name: str,
    test: RestoreTest,
    *,
    prefix: str,
    region: str,
    vault_arn: pulumi.Input[str],
    role_arn: pulumi.Input[str],
    inside: Mapping[str, Mapping[str, pulumi.Input[str]]],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> aws.backup.RestoreTestingPlan:
    """Declare the test plan of one vault and, for each resource type, restores of what is backed up.

    `inside` has, by resource type, the settings that put what is restored into a VPC.
    """
    plan = aws.backup.RestoreTestingPlan(
        name,
        name=testing_name(prefix, region),
        schedule_expression=test.schedule,
        start_window_hours=test.start_window_hours,
        recovery_point_selection=aws.backup.RestoreTestingPlanRecoveryPointSelectionArgs(
            algorithm="LATEST_WITHIN_WINDOW",
            include_vaults=[vault_arn],
            recovery_point_types=["CONTINUOUS", "SNAPSHOT"],
            selection_window_days=test.window_days,
        ),
        tags=tags.resource(name),
        opts=opts,
    )
    conditions = [
        aws.backup.RestoreTestingSelectionProtectedResourceConditionsStringEqualArgs(
            key=f"aws:ResourceTag/{tag}", value=value
        )
        for tag, value in tags.backed_up.items()
    ]
    for resource_type in test.resource_types:
        aws.backup.RestoreTestingSelection(
            f"{name}-{resource_type.lower()}",
            name=testing_name(prefix, resource_type.lower()),
            restore_testing_plan_name=plan.name,
            protected_resource_type=resource_type,
            # Conditions select from all resources of the type; ARNs beside them are refused.
            protected_resource_conditions=aws.backup.RestoreTestingSelectionProtectedResourceConditionsArgs(
                string_equals=conditions
            ),
            iam_role_arn=role_arn,
            validation_window_hours=test.validation_hours,
            restore_metadata_overrides={
                **inside.get(resource_type, {}),
                **test.metadata.get(resource_type, {}),
            }
            or None,
            opts=opts,
        )
    return plan

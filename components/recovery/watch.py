"""Tells when a backup, copy or restore fails, and when none was made at all."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.operations import Comparison, Metric, Missing, alarm
from components.tags import Tags

JOB_EVENTS = ("Backup Job State Change", "Copy Job State Change", "Restore Job State Change")
FAILED_STATES = ("ABORTED", "EXPIRED", "FAILED", "PARTIAL")
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/eventbridge.html"""
_HOUR = 3600


def declare_failed_jobs(
    name: str, topic_arn: pulumi.Input[str], tags: Tags, opts: pulumi.ResourceOptions
) -> aws.cloudwatch.EventRule:
    """Declare the rule that sends each failed job of the region to the topic."""
    states = list(FAILED_STATES)
    # Backup and copy jobs report `state`, restore jobs `status`.
    pattern = {
        "source": ["aws.backup"],
        "detail-type": list(JOB_EVENTS),
        "detail": {"$or": [{"state": states}, {"status": states}]},
    }
    rule = aws.cloudwatch.EventRule(
        name,
        description="Backup, copy and restore jobs that did not succeed",
        event_pattern=pulumi.Output.json_dumps(pattern),
        tags=tags.resource(name),
        opts=opts,
    )
    # No role: EventBridge publishes by the topic's own policy.
    aws.cloudwatch.EventTarget(f"{name}-topic", rule=rule.name, arn=topic_arn, opts=opts)
    return rule


def declare_alarms(
    name: str,
    *,
    vault: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    silence_hours: int | None,
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> None:
    """Declare the alarms on a vault: a failed job, and (with `silence_hours`) no finished one for so long.

    https://docs.aws.amazon.com/aws-backup/latest/devguide/cloudwatch.html
    """

    def metric(what: str) -> Metric:
        return Metric(
            namespace="AWS/Backup",
            name=what,
            statistic="Sum",
            dimensions={"BackupVaultName": vault},
            period_seconds=_HOUR,
        )

    alarm(
        f"{name}-failed",
        metric("NumberOfBackupJobsFailed"),
        Comparison.ABOVE,
        0,
        missing=Missing.NOT_BREACHING,  # the metric exists only in hours with a failure
        description="A backup job failed",
        tags=tags,
        actions=[topic_arn],
        opts=opts,
    )
    if silence_hours is not None:
        alarm(
            f"{name}-silent",
            metric("NumberOfBackupJobsCompleted"),
            Comparison.BELOW,
            1,
            missing=Missing.BREACHING,
            description=f"No backup was finished for {silence_hours} hours",
            tags=tags,
            actions=[topic_arn],
            periods=silence_hours,
            opts=opts,
        )

"""Schedules that begin batch jobs, as long as the region is the one that does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.batch.args import Job
from components.messaging.schedules import MOMENT, further
from components.options import handed_down
from components.outputs import register
from components.schedules import Grouped, declare_schedule
from components.tags import Tags

AGE_SECONDS, RETRIES = 3600, 10
"""Until when a call that isn't taken is made again: by then a later one may be due."""


@dataclass(frozen=True, kw_only=True)
class BatchSchedulesArgs:
    """What the schedules of a region's jobs need."""

    tags: Tags
    group_name: str
    """No other group of the account's region is called so."""
    region: str
    key_arn: pulumi.Input[str]
    """Customer key of the region, which encrypts what they say."""
    function_arn: pulumi.Input[str]
    """What begins jobs, by its alias."""
    letters_arn: pulumi.Input[str]
    """The queue of calls that nobody took."""
    enabled: bool
    """Whether this region begins jobs: one of two does."""
    jobs: Mapping[str, Job]


class BatchSchedules(pulumi.ComponentResource):
    """A group of schedules, each of which says to the function which job is due, and when.

    Creates: the group, and in it each schedule with a role that may call the function and write dead letters. Survives: a zone. Not the
    region: the other one's are enabled by the settings; what was due meanwhile a person begins. Costs: invocations, the first 14 million
    of a month are free.
    Source: https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group.html, https://aws.amazon.com/eventbridge/pricing/
    """

    def __init__(
        self, name: str, args: BatchSchedulesArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        super().__init__("holdfast:batch:BatchSchedules", name, {}, handed_down(opts))
        own = pulumi.ResourceOptions(parent=self)
        group = aws.scheduler.ScheduleGroup(
            f"{name}-group", name=args.group_name, tags=args.tags.resource(f"{name}-group"), opts=own
        )
        for each, job in args.jobs.items():
            grouped = Grouped(
                group_name=group.name,
                name=each,
                source=f"arn:aws:scheduler:{args.region}:{{account}}:schedule-group/{args.group_name}",
                key_arn=args.key_arn,
                timezone=job.timezone,
                flexible_minutes=None,
                enabled=args.enabled,
            )
            declare_schedule(
                f"{name}-{each}",
                about=f"{name}: begins {each}",
                every=job.schedule,
                target_arn=args.function_arn,
                told={"job": each, "due": MOMENT},
                letters_arn=args.letters_arn,
                statements=further(group.arn, each, args.region, args.key_arn, args.letters_arn),
                age_seconds=AGE_SECONDS,
                attempts=RETRIES,
                grouped=grouped,
                tags=args.tags,
                opts=own,
            )
        register(self)

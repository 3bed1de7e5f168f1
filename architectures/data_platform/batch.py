"""Batch jobs in one region: scripts and results, the application that runs them, and what begins them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any

import pulumi

from architectures.data_platform import names
from architectures.data_platform.buckets import PairOfBuckets
from architectures.data_platform.sections import Batch, BatchJob
from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.code import PROGRAM, files
from architectures.stack import Stack
from architectures.system import Place
from components.batch import BatchApplication, BatchApplicationArgs, BatchSchedules, BatchSchedulesArgs, Job
from components.batch.args import JOBS_BYTES
from components.compute import FunctionArgs, ServingFunction
from components.data.letters import declare_letters
from components.facts import Fact
from components.tags import Tags

PART = "batch"
"""Which of the system's outputs tells of it."""
CODE = PROGRAM / "functions" / "batch"
START = "start"
KEYS = {
    "name": "",
    "release": "batch.release",
    "engine": "batch.engine",
    "cpus": "batch.cpus",
    "memory_gib": "batch.memoryGib",
    "disk_gib": "batch.diskGib",
    "idle_minutes": "batch.idleMinutes",
    "subnet_ids": "batch",
}
JOB_KEYS = {
    "schedule": "schedule",
    "timezone": "timezone",
    "script": "script",
    "arguments": "arguments",
    "timeout_minutes": "timeoutMinutes",
    "attempts": "attempts",
}
"""Argument that a setting decides -> key within the system, and within a job."""


def job(given: BatchJob) -> Job:
    """The arguments of one job."""
    return Job(
        schedule=given.schedule,
        script=given.script,
        timezone=given.timezone,
        arguments=given.arguments,
        parameters=given.parameters,
        timeout_minutes=given.timeout_minutes,
        attempts=given.attempts,
    )


def said(given: Batch) -> str:
    """What the function is told of all jobs."""
    return json.dumps(
        {
            each: {
                "script": one.script,
                "arguments": list(one.arguments),
                "parameters": one.parameters,
                "timeout": one.timeout_minutes,
                "attempts": one.attempts,
            }
            for each, one in given.jobs.items()
        }
    )


def application(
    given: Batch,
    name: str,
    stack: Stack,
    *,
    tags: Tags = PLACEHOLDER_TAGS,
    vpc_id: pulumi.Input[str] = PLACEHOLDER,
    subnet_ids: Mapping[str, pulumi.Input[str]] | None = None,
    bucket: pulumi.Input[str] = PLACEHOLDER,
    bucket_arn: pulumi.Input[str] = PLACEHOLDER,
    reads: Sequence[pulumi.Input[str]] = (),
    key_arn: pulumi.Input[str] = PLACEHOLDER,
    topic_arn: pulumi.Input[str] = PLACEHOLDER,
) -> BatchApplicationArgs:
    """The arguments of the application; what stands on the ground is left out for their checks."""
    return BatchApplicationArgs(
        tags=tags,
        name=names.application(name, stack),
        region=stack.region,
        vpc_id=vpc_id,
        subnet_ids=subnet_ids or dict.fromkeys(stack.zones, PLACEHOLDER),
        bucket=bucket,
        bucket_arn=bucket_arn,
        reads=reads,
        key_arn=key_arn,
        actions=[topic_arn],
        release=given.release,
        engine=given.engine,
        cpus=given.cpus,
        memory_gib=given.memory_gib,
        disk_gib=given.disk_gib,
        idle_minutes=given.idle_minutes,
    )


def faults(given: Batch, name: str, stack: Stack) -> Iterator[Fault]:
    """What can't be of the setting `batch`."""
    yield from refusals(application(given, name, stack).check, KEYS)
    for each, one in given.jobs.items():
        found = refusals(partial(job(one).check, given.engine), JOB_KEYS)
        yield from ((f"batch.jobs.{each}.{key}", words) for key, words in found)
    size = len(said(given).encode())
    if size > JOBS_BYTES:
        allowed = (
            f"{JOBS_BYTES} bytes in JSON at most: the function that begins them has them among its variables"
        )
        yield fault("batch.jobs", f"{size} bytes", allowed)


class BatchParts:
    """The parts of a region, as children of the system."""

    application: BatchApplication | None
    """None where the strategy leaves the region without it."""
    start: ServingFunction | None
    bucket: pulumi.Output[str]
    recovery: list[Fact]
    outputs: dict[str, Any]

    def __init__(
        self,
        name: str,
        given: Batch,
        place: Place,
        *,
        records: PairOfBuckets | None,
        stands: bool,
        begins: bool,
        parent: pulumi.Resource,
    ) -> None:
        """`records`: what devices sent, which jobs read; `begins`: whether this region's schedules do."""
        self._name, self._given, self._place = names.batch(name), given, place
        self._child = pulumi.ResourceOptions(parent=parent)
        pair = PairOfBuckets(f"{self._name}-files", place, part=PART, keeps="files", opts=self._child)
        self.bucket, self.recovery, self.outputs = pair.bucket, list(pair.recovery), dict(pair.outputs)
        self.application = self.start = None
        if not stands:
            return
        ground = place.ground
        args = application(
            given,
            name,
            place.stack,
            tags=place.tags,
            vpc_id=ground.network.vpc_id,
            subnet_ids={zone: ground.network.private_subnet_ids[zone] for zone in place.stack.zones},
            bucket=pair.bucket,
            bucket_arn=pair.arn,
            reads=[records.arn] if records else (),
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
        )
        self.application = BatchApplication(self._name, args, self._child)
        self.start = self._start(self.application, pair, records)
        self._schedules(name, self.start, begins=begins)
        mine = [each["name"] for each in pair.recovery]
        unit, function = self.application.recovery_fact, self.start.recovery_fact
        self.recovery += [unit, {**function, "needs": sorted([*mine, unit["name"]])}]
        self.outputs |= {"application": self.application.application_id, "start": self.start.function_name}

    def _start(
        self, made: BatchApplication, pair: PairOfBuckets, records: PairOfBuckets | None
    ) -> ServingFunction:
        ground = self._place.ground
        variables: dict[str, pulumi.Input[str]] = {
            "APPLICATION": made.application_id,
            "ROLE": made.role_arn,
            "BUCKET": pair.bucket,
            "KEY_ARN": ground.key_arn,
            "ENGINE": self._given.engine,
            "JOBS": said(self._given),
        }
        if records is not None:
            variables["INPUT"] = pulumi.Output.concat("s3://", records.bucket, "/records/")
        args = FunctionArgs(
            tags=self._place.tags,
            code=files([CODE.parent / "__init__.py", *sorted(CODE.glob("*.py"))], PROGRAM),
            handler=f"functions.batch.{START}.handler",
            about="Begins batch jobs, each moment's once",
            key_arn=ground.key_arn,
            actions=[ground.topic.arn],
            variables=variables,
            statements=made.starting(),
        )
        return ServingFunction(f"{self._name}-{START}", args, self._child)

    def _schedules(self, name: str, start: ServingFunction, *, begins: bool) -> None:
        place, ground = self._place, self._place.ground
        letters = declare_letters(
            f"{self._name}-uncalled",
            about=f"{self._name}: jobs whose call nobody took",
            key_arn=ground.key_arn,
            actions=[ground.topic.arn],
            tags=place.tags,
            opts=self._child,
        )
        args = BatchSchedulesArgs(
            tags=place.tags,
            group_name=names.application(name, place.stack),
            region=place.stack.region,
            key_arn=ground.key_arn,
            function_arn=start.alias_arn,
            letters_arn=letters.arn,
            enabled=begins,
            jobs={each: job(one) for each, one in self._given.jobs.items()},
        )
        BatchSchedules(f"{self._name}-clock", args, self._child)

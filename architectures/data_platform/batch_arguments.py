"""What the components of batch jobs are given. The settings' checks look at the same."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import pulumi

from architectures.data_platform import names
from architectures.data_platform.sections import Batch, BatchJob
from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.stack import Stack
from components.batch import BatchApplicationArgs, Job
from components.batch.args import JOBS_BYTES
from components.tags import Tags

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

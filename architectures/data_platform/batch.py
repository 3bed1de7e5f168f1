"""Batch jobs in one region: scripts and results, the application that runs them, and what begins them."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.data_platform import batch_arguments as arguments
from architectures.data_platform import names
from architectures.data_platform.buckets import PairOfBuckets
from architectures.data_platform.sections import Batch
from architectures.parts.code import PROGRAM, files, package
from architectures.system import Place
from components.batch import BatchApplication, BatchSchedules, BatchSchedulesArgs
from components.compute import FunctionArgs, ServingFunction
from components.data.letters import declare_letters
from components.facts import Fact

PART = "batch"
"""Which of the system's outputs tells of it."""
CODE = PROGRAM / "functions" / "batch"
START = "start"


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
        args = arguments.application(
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
            "JOBS": arguments.said(self._given),
        }
        if records is not None:
            variables["INPUT"] = pulumi.Output.concat("s3://", records.bucket, "/records/")
        args = FunctionArgs(
            tags=self._place.tags,
            code=files(package(CODE), PROGRAM),
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
            jobs={each: arguments.job(one) for each, one in self._given.jobs.items()},
        )
        BatchSchedules(f"{self._name}-clock", args, self._child)

"""What batch jobs need, and the limits of Amazon EMR Serverless."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.checks import at_least, between, need, one_of, time_zone
from components.messaging.moments import check_moment
from components.tags import Tags

ENGINES = ("spark", "hive")
NAME_LENGTH = 64
"""https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_CreateApplication.html"""
IDLE_MINUTES = (1, 10_080)
"""https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_AutoStopConfig.html"""
TIMEOUT_MINUTES = (5, 10_080)
"""EMR Serverless refuses less, and ends no batch job later than after seven days.
https://docs.aws.amazon.com/emr-serverless/latest/APIReference/API_StartJobRun.html"""
ATTEMPTS = (1, 10)
"""AWS takes any number from 1; more than ten is a mistake. https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-resiliency.html"""
CPUS, GIB_A_CPU = (4, 4000), (2, 8)
"""vCPUs at one time: a driver and an executor of two at least; and memory for each, by the sizes of workers that there are.
https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/app-behavior.html"""
JOBS_BYTES = 3000
"""Of all jobs in JSON, which the function that begins them has among its variables, 4 KB in all.
https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
OLDEST = (7, 1, 0)
"""The first release that tries a job again: https://docs.aws.amazon.com/emr/latest/EMR-Serverless-UserGuide/jobs-resiliency.html"""
_RELEASE = re.compile(r"emr-(\d{1,2})\.(\d{1,2})\.(\d{1,2})", re.ASCII)
_SCRIPT = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_./-]{0,254}", re.ASCII)
_TWO = 2


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job, which its schedule begins."""

    schedule: str
    """`rate(1 day)`, `cron(0 2 * * ? *)`, `at(2027-01-31T07:00:00)`."""
    script: str
    """Key below `scripts/`: a script or a JAR of Spark's, a query of Hive's."""
    timezone: str = "UTC"
    arguments: Sequence[str] = ()
    """Of Spark's entry point, before `--input` and `--output`."""
    parameters: str = ""
    """As spark-submit, or Hive, takes them."""
    timeout_minutes: int = 120
    """5 to 10,080: then the run is ended."""
    attempts: int = 3
    """Runs of one job until one succeeds, 1 to 10."""

    def check(self, engine: str) -> None:
        """Raise ArgumentError for what EMR Serverless or EventBridge Scheduler would refuse."""
        check_moment("schedule", self.schedule)
        time_zone("timezone", self.timezone)
        fits = _SCRIPT.fullmatch(self.script) and ".." not in self.script
        need(bool(fits), "script", repr(self.script), "the end of a key below scripts/, such as daily.py")
        none = engine == "spark" or not self.arguments
        need(none, "arguments", len(self.arguments), "none: Hive takes parameters")
        between("timeout_minutes", self.timeout_minutes, *TIMEOUT_MINUTES)
        between("attempts", self.attempts, *ATTEMPTS)


@dataclass(frozen=True, kw_only=True)
class BatchApplicationArgs:
    """What one region's application needs."""

    tags: Tags
    name: str
    """Of the application, 1 to 64 letters, digits and `._-`."""
    region: str
    vpc_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """By zone, two or more: private ones, from which AWS's services are reached."""
    bucket: pulumi.Input[str]
    """Has `scripts/`, and gets `results/` and `logs/`."""
    bucket_arn: pulumi.Input[str]
    reads: Sequence[pulumi.Input[str]] = ()
    """ARNs of buckets whose objects jobs read besides."""
    key_arn: pulumi.Input[str]
    """Customer key of all of them."""
    actions: Sequence[pulumi.Input[str]]
    """Topics of the region that are told of runs that failed; at least one, and the events may publish there."""
    release: str = "emr-7.9.0"
    """7.1.0 or later."""
    engine: str = "spark"
    cpus: int = 100
    """Most vCPUs at one time, 4 to 4,000."""
    memory_gib: int = 800
    """The same of memory, 2 to 8 for each vCPU."""
    disk_gib: int = 2000
    """The same of disks, 20 or more for each vCPU's worker: 1 or more."""
    idle_minutes: int = 15
    """After so many without a job it stops, and costs nothing, 1 to 10,080."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that EMR Serverless would refuse or that undoes resilience."""
        fits = re.fullmatch(r"[A-Za-z0-9._-]{1,64}", self.name, re.ASCII)
        need(bool(fits), "name", repr(self.name), f"1 to {NAME_LENGTH} letters, digits, ., _ and -")
        one_of("engine", self.engine, ENGINES)
        found = _RELEASE.fullmatch(self.release)
        new = found is not None and tuple(map(int, found.groups())) >= OLDEST
        need(new, "release", repr(self.release), "emr-7.1.0 or later, such as emr-7.9.0")
        least = f"{_TWO} zones or more: jobs begin in another one when one is lost"
        need(len(self.subnet_ids) >= _TWO, "subnet_ids", len(self.subnet_ids), least)
        between("cpus", self.cpus, *CPUS, "vCPUs")
        low, high = (each * self.cpus for each in GIB_A_CPU)
        between("memory_gib", self.memory_gib, low, high, f"GiB for {self.cpus} vCPUs")
        between("disk_gib", self.disk_gib, 20, 1_000_000, "GiB")
        between("idle_minutes", self.idle_minutes, *IDLE_MINUTES)
        at_least("actions", self.actions, 1, "somebody hears that a job has failed")

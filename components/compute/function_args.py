"""What a function needs, and Lambda's limits."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.checks import ArgumentError, at_least, between, need, one_of
from components.logs import check_retention
from components.permissions import Statement
from components.tags import Tags

MEMORY_MIB = (128, 10_240)
TIMEOUT_SECONDS = (1, 900)
ENVIRONMENT_BYTES = 4096
"""https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html"""
VISIBILITY_FACTOR = 6
"""Times the function's time-out that a message stays invisible, so that a batch that was throttled may be tried again.
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""
BATCH = (1, 10)
"""Messages of a batch without a window to wait for more."""
WINDOW_SECONDS, STREAM_BATCH, STREAM_ATTEMPTS = (1, 900), (1, 10_000), (1, 10_000)
"""https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html"""
GROUP_LENGTH = 200
"""https://docs.aws.amazon.com/lambda/latest/api/API_AmazonManagedKafkaEventSourceConfig.html"""
QUEUE_CONCURRENCY = (2, 1000)
"""https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html"""
RUNTIMES = (
    "python3.14", "python3.13", "python3.12", "nodejs24.x", "nodejs22.x", "java25", "java21", "java17", "dotnet10", "dotnet8",
    "ruby3.4", "ruby3.3", "provided.al2023",
)  # fmt: skip
"""Managed runtimes that aren't deprecated: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (2026-11)."""
_SNAP_START = ("python3.", "java", "dotnet")
"""Python from 3.12, Java from 11, .NET from 8; neither provisioned concurrency, EFS nor more than 512 MB of storage beside it.
https://docs.aws.amazon.com/lambda/latest/dg/snapstart.html"""
_ARCHITECTURES = ("arm64", "x86_64")


def snap_starts(runtime: str) -> bool:
    """Whether a runtime has SnapStart."""
    return runtime.startswith(_SNAP_START)


@dataclass(frozen=True, kw_only=True)
class Source:
    """A queue whose messages the function works off."""

    arn: pulumi.Input[str]
    statements: Sequence[Statement]
    """What a receiver's role needs."""
    visibility_seconds: int
    batch: int = 10
    """Messages for one invocation, 1 to 10."""
    at_once: int | None = None
    """Most invocations at one time, 2 to 1,000, so that a queue leaves others their share. None: what is free."""


@dataclass(frozen=True, kw_only=True)
class StreamSource:
    """A consumer of a Kinesis stream whose records the function takes, window by window."""

    arn: pulumi.Input[str]
    """The consumer's."""
    statements: Sequence[Statement]
    """What the consumer's role needs, and to send to `letters_arn`."""
    letters_arn: pulumi.Input[str]
    """The queue that is told of records that failed too often: where in the stream they are, not what they say."""
    window_seconds: int = 60
    """Windows that follow each other, 1 to 900."""
    batch: int = 100
    """Records for one invocation, 1 to 10,000."""
    attempts: int = 10
    """How often records that fail are tried again, in ever smaller batches, 1 to 10,000: meanwhile their shard waits."""


@dataclass(frozen=True, kw_only=True)
class TopicSource:
    """A topic of an MSK cluster that the function reads as one group, signed in with IAM."""

    arn: pulumi.Input[str]
    """The cluster's, known once the topic stands."""
    topic: str
    group: str
    """At most 200 characters; its position in the topic goes on in the other region."""
    statements: Sequence[Statement]
    """What a reader's role needs."""
    enabled: bool
    """Whether this region reads. Elsewhere the mapping stands and waits."""
    batch: int = 100
    """Messages for one invocation, 1 to 10,000."""


@dataclass(frozen=True, kw_only=True)
class FunctionArgs:
    """What a function and its alias need."""

    tags: Tags
    code: pulumi.Archive
    """A folder or zip, or files in an archive."""
    handler: str
    about: str
    key_arn: pulumi.Input[str]
    """Customer key of the log, the variables and the dead letters."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that are told of errors; at least one."""
    runtime: str = "python3.13"
    architecture: str = "arm64"
    memory_mib: int = 512
    """128 to 10,240: processors come with it."""
    timeout_seconds: int = 10
    """1 to 900."""
    reserved: int | None = None
    """Executions kept free for it, and the most that it gets. None: what the account has left."""
    provisioned: int = 0
    """Executions that are kept warm, of those reserved where some are."""
    snap_start: bool = False
    """Begin from a snapshot of the started function."""
    variables: Mapping[str, pulumi.Input[str]] = field(default_factory=dict)
    statements: Sequence[Statement] = ()
    """What its role may do, besides log and traces."""
    source: Source | StreamSource | TopicSource | None = None
    subnet_ids: Sequence[pulumi.Input[str]] = ()
    """In two zones or more, with `security_group_ids`. None: outside the VPC."""
    security_group_ids: Sequence[pulumi.Input[str]] = ()
    log_days: int = 90

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that Lambda would refuse or that undoes resilience."""
        at_least("actions", self.actions, 1, "errors that nobody hears of are none")
        one_of("runtime", self.runtime, RUNTIMES)
        one_of("architecture", self.architecture, _ARCHITECTURES)
        between("memory_mib", self.memory_mib, *MEMORY_MIB, "MB")
        between(
            "timeout_seconds",
            self.timeout_seconds,
            *TIMEOUT_SECONDS,
            "s: longer work is for Step Functions or ECS",
        )
        check_retention("log_days", self.log_days)
        self._check_concurrency()
        if isinstance(self.source, Source):
            self._check_source(self.source)
        elif isinstance(self.source, TopicSource):
            between("source.batch", self.source.batch, *STREAM_BATCH, "messages")
            fits = len(self.source.group) <= GROUP_LENGTH
            need(fits, "source.group", repr(self.source.group), f"{GROUP_LENGTH} characters at most")
        elif self.source is not None:
            between("source.window_seconds", self.source.window_seconds, *WINDOW_SECONDS, "s")
            between("source.batch", self.source.batch, *STREAM_BATCH, "records")
            between("source.attempts", self.source.attempts, *STREAM_ATTEMPTS, "times")
        both = bool(self.subnet_ids) == bool(self.security_group_ids)
        need(both, "subnet_ids", len(self.subnet_ids), "subnets with security groups, or neither")
        need(len(self.subnet_ids) != 1, "subnet_ids", 1, "none, or two or more: one a zone")

    def _check_concurrency(self) -> None:
        need(self.provisioned >= 0, "provisioned", self.provisioned, "0 or more")
        if self.reserved is not None:
            need(self.reserved >= 1, "reserved", self.reserved, "1 or more: 0 stops the function")
            fits = self.provisioned <= self.reserved
            need(fits, "provisioned", self.provisioned, f"at most the {self.reserved} reserved")
        if self.snap_start:
            having = ", ".join(each for each in RUNTIMES if snap_starts(each))
            need(
                snap_starts(self.runtime),
                "snap_start",
                f"true with {self.runtime}",
                f"false but with {having}",
            )
            if self.provisioned:
                raise ArgumentError(
                    "snap_start", "true", "false with provisioned concurrency: Lambda takes one of the two"
                )

    def _check_source(self, source: Source) -> None:
        between("source.batch", source.batch, *BATCH, "messages")
        if source.at_once is not None:
            between("source.at_once", source.at_once, *QUEUE_CONCURRENCY, "invocations")
            if self.reserved is not None:
                fits = source.at_once <= self.reserved
                need(
                    fits,
                    "source.at_once",
                    source.at_once,
                    f"at most the {self.reserved} reserved: others' messages would be sent back",
                )
        least = VISIBILITY_FACTOR * self.timeout_seconds
        words = f"{least} s or more: {VISIBILITY_FACTOR} times the function's {self.timeout_seconds} s"
        need(
            source.visibility_seconds >= least, "source.visibility_seconds", source.visibility_seconds, words
        )

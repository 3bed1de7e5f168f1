"""What the components of a system of workers are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts import tables
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.code import PROGRAM, archive, files
from architectures.parts.tasks import running
from architectures.stack import Stack
from architectures.strategies import Posture
from architectures.workers.sections import Bus, Container, Function, Stream, Worker
from components.compute import (
    ContainerServiceArgs,
    FunctionArgs,
    Scaling,
    ServiceMetric,
    Source,
    StreamSource,
)
from components.data import GlobalTableArgs, Sender, WorkQueueArgs
from components.data.queue import RETENTION_SECONDS
from components.messaging import ExistingBus, PeerBus, RecordStreamArgs, RegionBusArgs
from components.permissions import Statement
from components.tags import Tags

HASH, RANGE, EXPIRES = "pk", "sk", "expires"
UNRECEIVED_MINUTES = 5
"""Messages that wait so long while nobody takes any: no worker is there, or none may take."""
_FUNCTIONS = PROGRAM / "functions"
FUNCTION_KEYS = {
    "runtime": "function.runtime",
    "memory_mib": "function.memoryMib",
    "timeout_seconds": "function.timeoutSeconds",
    "reserved": "function.reserved",
    "source.at_once": "function.atOnce",
    "source.batch": "function.batch",
    "source.visibility_seconds": "queue.visibilitySeconds",
}
"""Argument of a function that a setting decides -> key within the worker."""
CONTAINER_KEYS = {
    "cpu": "container.cpu",
    "memory": "container.memory",
    "required": "container.requiredTasks",
    "scaling.maximum": "container.maximumTasks",
    "scaling.target": "container.backlogPerTask",
}
"""The same of a service."""
QUEUE_KEYS = {
    "visibility_seconds": "queue.visibilitySeconds",
    "receives": "queue.receives",
    "retention_seconds": "queue.retentionSeconds",
    "age_seconds": "queue.ageSeconds",
}
"""The same of a queue."""


STREAM_KEYS = {
    "retention_hours": "retentionHours",
    "shards": "shards",
    "behind_seconds": "behindSeconds",
}
"""Argument of a stream that a setting decides -> key within the stream."""
AGGREGATES_KEYS = {"source.window_seconds": "windowSeconds", "timeout_seconds": "timeoutSeconds"}
"""The same of its function."""
BUS_KEYS = {"archive_days": "bus.archiveDays"}
"""Argument of the bus that a setting decides -> key within the system."""


def sample() -> list[Path]:
    """The files of the sample worker, and what they are made with."""
    shared = (_FUNCTIONS / "serverless_api" / name for name in ("__init__.py", "idempotency.py", "retry.py"))
    return [_FUNCTIONS / "__init__.py", *shared, *sorted((_FUNCTIONS / "workers").glob("*.py"))]


def code(given: str | None) -> pulumi.Archive:
    """What is deployed: the folder or zip that is given, else the sample, with the path that its modules import each other by."""
    return archive(given) if given is not None else files(sample(), PROGRAM)


def queue(
    given: Worker,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    actions: Sequence[pulumi.Input[str]],
    senders: Sequence[Sender],
    protect: bool,
) -> WorkQueueArgs:
    """The arguments of a worker's queue."""
    return WorkQueueArgs(
        tags=tags,
        key_arn=key_arn,
        actions=actions,
        visibility_seconds=given.queue.visibility_seconds,
        receives=given.queue.receives,
        retention_seconds=given.queue.retention_seconds,
        age_seconds=given.queue.age_seconds,
        unreceived_minutes=UNRECEIVED_MINUTES,
        senders=senders,
        promises=True,
        protect=protect,
    )


def placeholder_queue(given: Worker) -> WorkQueueArgs:
    """The same for its checks."""
    return queue(
        given, tags=PLACEHOLDER_TAGS, key_arn=PLACEHOLDER, actions=[PLACEHOLDER], senders=(), protect=True
    )


def function(
    each: str,
    given: Function,
    visibility_seconds: int,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    queue_arn: pulumi.Input[str],
    receiving: Sequence[Statement],
    statements: Sequence[Statement],
    variables: Mapping[str, pulumi.Input[str]],
) -> FunctionArgs:
    """The arguments of a worker that is a function."""
    source = Source(
        arn=queue_arn,
        statements=receiving,
        visibility_seconds=visibility_seconds,
        batch=given.batch,
        at_once=given.at_once,
    )
    return FunctionArgs(
        tags=tags,
        code=code(given.code),
        handler=given.handler,
        about=f"Works off its queue: {each}",
        key_arn=key_arn,
        actions=[topic_arn],
        runtime=given.runtime,
        architecture=given.architecture,
        memory_mib=given.memory_mib,
        timeout_seconds=given.timeout_seconds,
        reserved=given.reserved,
        variables={**given.environment, **variables},
        statements=statements,
        source=source,
    )


def placeholder_function(each: str, given: Function, visibility_seconds: int) -> FunctionArgs:
    """The same for its checks."""
    return function(
        each,
        given,
        visibility_seconds,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        queue_arn=PLACEHOLDER,
        receiving=(),
        statements=(),
        variables={},
    )


def service(
    given: Container,
    stack: Stack,
    share: float,
    *,
    tags: Tags,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_id: pulumi.Input[str],
    image: pulumi.Input[str],
    repository_arn: pulumi.Input[str] | None,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    cluster_arn: pulumi.Input[str],
    queue_name: pulumi.Input[str],
    variables: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Statement],
) -> ContainerServiceArgs:
    """The arguments of a worker in containers; where none stands by the first message that waits starts some."""
    return ContainerServiceArgs(
        tags=tags,
        subnet_ids=subnet_ids,
        security_group_ids=[security_group_id],
        image=image,
        required=given.required_tasks,
        running=running(given.required_tasks, stack, share),
        key_arn=key_arn,
        repository_arn=repository_arn,
        port=None,
        scaling=Scaling(
            maximum=given.maximum_tasks,
            metric=ServiceMetric.BACKLOG,
            target=given.backlog_per_task,
            queue_name=queue_name,
        ),
        spot_above_base=given.spot_above_base,
        cpu=given.cpu,
        memory=given.memory,
        architecture=given.architecture,
        environment={**given.environment, **variables},
        statements=statements,
        read_only=given.read_only,
        # A task that is told to stop does what it has taken: what it can't, the queue gives to another one.
        stop_timeout=min(max(given.work_seconds, 2), 120),
        health_command=given.health_command,
        cluster_arn=cluster_arn,
        alarm_topic_arn=topic_arn,
    )


def placeholder_service(given: Container, stack: Stack, share: float) -> ContainerServiceArgs:
    """The same for its checks."""
    return service(
        given,
        stack,
        share,
        tags=PLACEHOLDER_TAGS,
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
        security_group_id=PLACEHOLDER,
        image=given.image or f"{PLACEHOLDER}:1",
        repository_arn=PLACEHOLDER,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        cluster_arn=PLACEHOLDER,
        queue_name=PLACEHOLDER,
        variables={},
        statements=(),
    )


def bus(
    given: Bus,
    receivers: Mapping[str, Mapping[str, Any]],
    name: str,
    stack: Stack,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    peer: PeerBus | None,
    existing: ExistingBus | None,
) -> RegionBusArgs:
    """The arguments of the bus."""
    return RegionBusArgs(
        tags=tags,
        name=stack.named(name, "events"),
        region=stack.region,
        key_arn=key_arn,
        receivers=receivers,
        archive_days=given.archive_days,
        peer=peer,
        existing=existing,
        protect=stack.protect,
    )


def placeholder_bus(
    given: Bus, receivers: Mapping[str, Mapping[str, Any]], name: str, stack: Stack
) -> RegionBusArgs:
    """The same for its checks."""
    return bus(
        given,
        receivers,
        name,
        stack,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        peer=None,
        existing=None,
    )


def stream(
    given: Stream,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    protect: bool,
) -> RecordStreamArgs:
    """The arguments of a stream."""
    return RecordStreamArgs(
        tags=tags,
        key_arn=key_arn,
        actions=[topic_arn],
        retention_hours=given.retention_hours,
        shards=given.shards,
        behind_seconds=given.behind_seconds,
        protect=protect,
    )


def placeholder_stream(given: Stream) -> RecordStreamArgs:
    """The same for its checks."""
    return stream(given, tags=PLACEHOLDER_TAGS, key_arn=PLACEHOLDER, topic_arn=PLACEHOLDER, protect=True)


def aggregates(
    each: str,
    given: Stream,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    source: StreamSource,
    statements: Sequence[Statement],
    variables: Mapping[str, pulumi.Input[str]],
) -> FunctionArgs:
    """The arguments of the function that counts and sums a stream's records."""
    return FunctionArgs(
        tags=tags,
        code=code(None),
        handler="functions.workers.aggregate.handler",
        about=f"Aggregates of {each}",
        key_arn=key_arn,
        actions=[topic_arn],
        timeout_seconds=given.timeout_seconds,
        variables=variables,
        statements=statements,
        source=source,
    )


def placeholder_aggregates(each: str, given: Stream) -> FunctionArgs:
    """The same for its checks."""
    source = StreamSource(
        arn=PLACEHOLDER, statements=(), letters_arn=PLACEHOLDER, window_seconds=given.window_seconds
    )
    return aggregates(
        each,
        given,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        source=source,
        statements=(),
        variables={},
    )


def kept_seconds(archive_days: int) -> int:
    """How long is known what was done: as long as it may come again, out of the dead letters or out of an archive, and a day."""
    return max(RETENTION_SECONDS[1], archive_days * 86_400) + 86_400


def table(stack: Stack, stands: Posture, **ground: Any) -> GlobalTableArgs:
    """The arguments of the table of what is done; `ground` as in `parts.tables.table`."""
    own: dict[str, Any] = {"range_key": RANGE, "ttl_attribute": EXPIRES}
    return tables.table({HASH: "S", RANGE: "S"}, stack, stands, **own, **ground)

"""What a worker in containers is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.tasks import running
from architectures.stack import Stack
from architectures.workers.sections import Container
from components.compute import ContainerServiceArgs, Scaling, ServiceMetric
from components.permissions import Statement
from components.tags import Tags

CONTAINER_KEYS = {
    "cpu": "container.cpu",
    "memory": "container.memory",
    "required": "container.requiredTasks",
    "scaling.maximum": "container.maximumTasks",
    "scaling.target": "container.backlogPerTask",
}
"""Argument of a service that a setting decides -> key within the worker."""


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

"""What a worker in containers is given."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts import tasks
from architectures.stack import Stack
from architectures.workers.sections import Container
from components.compute import ContainerServiceArgs, Scaling, ServiceMetric
from components.permissions import Statement

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
    around: tasks.Around,
    *,
    queue_name: pulumi.Input[str],
    variables: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Statement],
) -> ContainerServiceArgs:
    """The arguments of a worker in containers; where none stands by the first message that waits starts some."""
    made = tasks.service(given, stack, share, around, environment=variables, statements=statements)
    return replace(
        made,
        scaling=Scaling(
            maximum=given.maximum_tasks,
            metric=ServiceMetric.BACKLOG,
            target=given.backlog_per_task,
            queue_name=queue_name,
        ),
        spot_above_base=given.spot_above_base,
        # A task that is told to stop does what it has taken: what it can't, the queue gives to another one.
        stop_timeout=min(max(given.work_seconds, 2), 120),
        health_command=given.health_command,
    )


def placeholder_service(given: Container, stack: Stack, share: float) -> ContainerServiceArgs:
    """The same for its checks."""
    around = tasks.Around.placeholder(given, stack)
    return service(given, stack, share, around, queue_name=PLACEHOLDER, variables={}, statements=())

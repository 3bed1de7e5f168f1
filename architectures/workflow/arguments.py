"""What the components of a workflow are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts import tables
from architectures.parts.arguments import placeholder_tags
from architectures.stack import Stack
from architectures.strategies import Posture
from architectures.workflow import sections
from components.data import GlobalTableArgs, TableIndex
from components.operations import TopicArgs
from components.tags import Tags
from components.workflow import Approval, Queue, Step, WorkflowArgs
from functions.workflow.orders import KEY, OPEN

TOPIC_KEYS = {"emails": "approval.emails"}
"""Argument of the approvals' topic that a setting decides -> key within the workflow."""
TABLE_KEYS = {"consistency": "objectives.rpoMinutes"}
"""The same of the table."""
KEYS = {
    "kind": "type",
    "steps": "steps",
    "steps.name": "steps",
    "approval": "approval",
    "approval.before": "approval.before",
    "approval.timeout_seconds": "approval.timeoutHours",
    "prefix": "",
}
"""The same of the workflow; those of a step are below."""
STEP_KEYS = {
    "queue": "queue",
    "timeout_seconds": "timeoutSeconds",
    "heartbeat_seconds": "heartbeatSeconds",
    "attempts": "attempts",
    "undo_attempts": "undoAttempts",
}


def keys(steps: Sequence[sections.Step]) -> dict[str, str]:
    """Every argument of the workflow that a setting decides -> key within the system."""
    of_steps = {
        f"steps[{place}].{argument}": f"steps[{place}].{key}"
        for place in range(len(steps))
        for argument, key in STEP_KEYS.items()
    }
    return {**KEYS, **of_steps}


def step(given: sections.Step, queue: Queue | None) -> Step:
    """A step's arguments."""
    return Step(
        name=given.name,
        queue=queue,
        function_arn=given.function,
        timeout_seconds=given.timeout_seconds,
        heartbeat_seconds=given.heartbeat_seconds,
        attempts=given.attempts,
        undo=given.undo,
        undo_attempts=given.undo_attempts,
    )


def approval(given: sections.Approval | None, topic_arn: pulumi.Input[str] | None) -> Approval | None:
    """The approval's."""
    if given is None or topic_arn is None:
        return None
    return Approval(before=given.before, timeout_seconds=int(given.timeout_hours * 3600), topic_arn=topic_arn)


def workflow(
    kind: str,
    steps: Sequence[sections.Step],
    asked: sections.Approval | None,
    name: str,
    stack: Stack,
    *,
    queues: Mapping[str, Queue],
    topic_arn: pulumi.Input[str] | None,
    table_name: pulumi.Input[str],
    table_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    actions: Sequence[pulumi.Input[str]],
    tags: Tags,
) -> WorkflowArgs:
    """The workflow's arguments."""
    return WorkflowArgs(
        prefix=stack.named(name),
        region=stack.region,
        kind=kind,
        steps=[step(each, queues.get(each.name)) for each in steps],
        approval=approval(asked, topic_arn),
        table_name=table_name,
        table_arn=table_arn,
        key_arn=key_arn,
        actions=actions,
        tags=tags,
    )


def placeholder_workflow(
    kind: str, steps: Sequence[sections.Step], asked: sections.Approval | None, name: str, stack: Stack
) -> WorkflowArgs:
    """The same for its checks."""
    return workflow(
        kind,
        steps,
        asked,
        name,
        stack,
        queues={each.name: Queue(url=PLACEHOLDER, arn=PLACEHOLDER) for each in steps if each.queue},
        topic_arn=PLACEHOLDER,
        table_name=PLACEHOLDER,
        table_arn=PLACEHOLDER,
        key_arn=PLACEHOLDER,
        actions=[PLACEHOLDER],
        tags=placeholder_tags(rto_hours=stack.rto_hours),
    )


def topic(given: sections.Approval, *, tags: Tags, key_arn: pulumi.Input[str]) -> TopicArgs:
    """The arguments of the topic of approvals: the state machine alone publishes, by its role."""
    return TopicArgs(key_arn=key_arn, tags=tags, emails=given.emails, publishers=())


def table(stack: Stack, stands: Posture, **ground: Any) -> GlobalTableArgs:
    """The arguments of the table of orders; `ground` as in `parts.tables.table`."""
    open_orders = TableIndex(name=OPEN, hash_key=OPEN, projected=())
    return tables.table({KEY: "S", OPEN: "S"}, stack, stands, indexes=[open_orders], **ground)

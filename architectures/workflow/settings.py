"""The keys of a workflow, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Literal

from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.keys import SystemSettings
from architectures.parts.arguments import PLACEHOLDER_TAGS, placeholder_tags, queue_faults
from architectures.stack import Stack
from architectures.strategies import Posture, Strategy, posture
from architectures.workflow import arguments, names
from architectures.workflow.sections import Approval, Step
from components.operations.topic import validate_topic


class WorkflowSettings(SystemSettings):
    """One workflow."""

    kind: Literal["workflow"]
    type: Literal["standard", "express"] = "standard"
    """What executions are; Express lasts five minutes at most and has no task tokens."""
    steps: tuple[Step, ...]
    """In the order in which they are done."""
    approval: Approval | None = None
    """None: nobody is asked."""
    rebuild: bool = False
    """With backup-and-restore, in the joining stack: build the workflow there, the other region being lost."""

    @property
    def in_subnets(self) -> bool:
        """Its steps are calls to services of the region."""
        return False

    def posture(self, stack: Stack) -> Posture:
        """How the workflow stands in that stack's region: nothing of it costs by standing, so all of it is there, or none."""
        rebuilt = self.rebuild and not stack.founder
        return posture(
            self.followed(stack), active=stack.active, share=1, rebuilt=rebuilt, kept=stack.founder
        )

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        if self.rebuild and (stack.founder or self.followed(stack) is not Strategy.BACKUP_AND_RESTORE):
            allowed = f"false but in the joining stack with {Strategy.BACKUP_AND_RESTORE}: elsewhere all of it stands"
            yield fault("rebuild", "true", allowed)
        for place, each in enumerate(self.steps):
            for key, said in self._step_faults(each, stack):
                yield f"steps[{place}].{key}", said
        args = arguments.placeholder_workflow(self.type, self.steps, self.approval, name, stack)
        yield from refusals(args.check, arguments.keys(self.steps))
        if self.approval is not None:
            topic = arguments.topic(self.approval, tags=PLACEHOLDER_TAGS, key_arn=PLACEHOLDER)
            yield from refusals(lambda: validate_topic(topic), arguments.TOPIC_KEYS)
        yield from self._table_faults(stack)

    def _step_faults(self, each: Step, stack: Stack) -> Iterator[Fault]:
        if each.function is not None and (region := each.function.split(":")[3]) != stack.region:
            allowed = f"one of {stack.region}: {region} may be lost when the step is done"
            yield fault("function", repr(each.function), allowed)
        if each.queue is not None:
            yield from queue_faults(each.queue, stack)

    def _table_faults(self, stack: Stack) -> Iterator[Fault]:
        promised = self.objectives.rpo_minutes if self.objectives else stack.rpo_minutes
        table = arguments.table(
            stack,
            self.posture(stack),
            tags=replace(placeholder_tags(rto_hours=stack.rto_hours), rpo_minutes=promised),
            key_arn=PLACEHOLDER,
            peer_key_arn=PLACEHOLDER,
            topic_arn=PLACEHOLDER,
        )
        yield from refusals(table.check, arguments.TABLE_KEYS)

    def looks_back(self, _stack: Stack) -> bool:
        """Whether the program asks what its last run left: it doesn't."""
        return False

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return {"DynamoDB"}

    def hosts(self, _name: str, _stack: Stack) -> list[str]:
        """DNS names that it takes: none, it is called by the name of a function."""
        return []

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        return [names.queue(name, each.name) for each in self.steps if each.queue]

    def agreement(self, _stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        return {
            "kind": self.kind,
            "leaving": self.leaving,
            "type": self.type,
            "steps": [f"{each.name}{' with undo' if each.undo else ''}" for each in self.steps],
            "approval.before": self.approval.before if self.approval else None,
        }

"""What a workflow's region needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.checks import at_least
from components.logs import check_retention
from components.tags import Tags
from components.workflow.steps import EXPRESS, STANDARD, Approval, Step, check_steps


@dataclass(frozen=True, kw_only=True)
class WorkflowArgs:
    """What a workflow's region needs."""

    prefix: str
    """How its machines are called: unique in the account's region, 70 characters at most."""
    region: str
    kind: str = STANDARD
    """"standard" or "express": `steps.py` has what either allows."""
    steps: Sequence[Step]
    """In the order in which they are done; 1 or more."""
    approval: Approval | None = None
    table_name: pulumi.Input[str]
    """The table of orders, in this region."""
    table_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    """Key of table, queues, topic and logs."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that are told of what fails; at least one."""
    log_days: int = 365
    tags: Tags

    @property
    def express(self) -> bool:
        """Whether executions are Express."""
        return self.kind == EXPRESS

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that can't be."""
        at_least("actions", self.actions, 1, "an order that nobody hears of is lost")
        check_retention("log_days", self.log_days)
        check_steps(self.kind, self.steps, self.approval)

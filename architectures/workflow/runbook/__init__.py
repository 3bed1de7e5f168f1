"""The runbook of a workflow: what to look at and what to call to take orders up in a region, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.parts.runbook import filled, told
from architectures.system import Place
from architectures.workflow.settings import WorkflowSettings
from components.data import GlobalTable, JoinedTable
from components.workflow import Workflow

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, `take` or `restore`, in Markdown. Raises KeyError for a name it lacks."""
    return filled([HERE / f"{kind}.md"], values)


def written(
    name: str,
    settings: WorkflowSettings,
    place: Place,
    workflow: Workflow | None,
    table: GlobalTable | JoinedTable | None,
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if workflow is None or table is None or not settings.posture(stack).replicated:
        own |= {"VAULT": place.ground.backups.vault_name}
        return {stack.region: told(text, "restore", own)}
    own |= {
        "TABLE": table.table_name,
        "ACCEPT": workflow.accept_arn,
        "MACHINE": workflow.machine_arn,
        "RESUME": workflow.resume_arn,
        "RECOVERY": workflow.recovery_arn,
        "LETTERS": workflow.letters_url,
        "ALARM": workflow.failed_alarm,
    }
    return {stack.region: told(text, "take", own)}

"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any

from tests.architectures.test_wiring import places
from tests.architectures.wired import EdgeTable
from tests.architectures.wiring import named, table
from tests.architectures.workflow.conftest import configured

STEPS = ["charge", "reserve", "ship", "notify"]


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = {**places(config), "step": STEPS}
    found["endpoint"] = [name.replace(".", "-") for name in found["endpoint"]]
    each = table("workflow", stack, found)
    # No database: it is a table whose restores are rehearsed.
    ground = {row for row in table("foundation", stack, found) if "base-backup-test-aurora" not in row}
    return ground | each | named(each, "orders", "documents") | table("workflow_steps", stack, found)


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)

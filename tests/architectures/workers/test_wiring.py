"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.architectures.test_wiring import places
from tests.architectures.wired import IMAGES, VOLUMES, EdgeTable
from tests.architectures.wiring import table
from tests.architectures.workers.conftest import configured


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = places(config)
    found["endpoint"] = [name.replace(".", "-") for name in found["endpoint"]]
    # No database: it is a table whose restores are rehearsed.
    ground = {row for row in table("foundation", stack, found) if "base-backup-test-aurora" not in row}
    return ground | table("workers", stack, found) | table("kafka", stack, found)


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)
    alone: ClassVar = {VOLUMES, IMAGES}

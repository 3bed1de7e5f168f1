"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.architectures.apex.conftest import configured
from tests.architectures.test_wiring import places
from tests.architectures.wired import IMAGES, VOLUMES, EdgeTable
from tests.architectures.wiring import table


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = places(config)
    found["endpoint"] = [name.replace(".", "-") for name in found["endpoint"]]
    found["bucket"] = BUCKETS
    # Restores of instances are rehearsed, not those of Aurora's clusters.
    ground = {
        edge.replace("base-backup-test-aurora.", "base-backup-test-rds.")
        for edge in table("foundation", stack, found)
    }
    return ground | table("apex", stack, found)


BUCKETS = [f"content-{what}" for what in ("logs", "sorry", "sorry-copy", "static", "static-copy")] + [
    "runbooks",
    "runbooks-copy",
]


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)
    alone: ClassVar = {VOLUMES, IMAGES}

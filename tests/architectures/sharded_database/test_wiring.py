"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.architectures.sharded_database.conftest import configured
from tests.architectures.test_wiring import places
from tests.architectures.wired import VOLUMES, EdgeTable
from tests.architectures.wiring import table


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = places(config)
    found["shard"] = sorted(config["holdfast:systems"]["orders"]["shards"])
    # Restores of instances are rehearsed, not those of Aurora's clusters.
    ground = {
        edge.replace("base-backup-test-aurora.", "base-backup-test-rds.")
        for edge in table("foundation", stack, found)
    }
    return ground | table("sharded_database", stack, found)


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)
    alone: ClassVar = {VOLUMES, "Parameter orders-map-told"}

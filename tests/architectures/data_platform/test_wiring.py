"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.architectures.data_platform.conftest import configured
from tests.architectures.test_wiring import places
from tests.architectures.wired import VOLUMES, EdgeTable
from tests.architectures.wiring import table


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = places(config)
    found["network"] = [config["holdfast:network"]["cidr"].replace("/", "-")]
    parts = ("foundation", "data_platform", "data_platform_batch")
    return set[str]().union(*(table(each, stack, found) for each in parts))


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)
    alone: ClassVar = {VOLUMES, "Policy data-ingestion-policy"}

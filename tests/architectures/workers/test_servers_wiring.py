"""What workers on servers are put together of: instances reach the queue and the table, and nothing reaches them."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from tests.architectures.test_wiring import places
from tests.architectures.wired import VOLUMES, EdgeTable
from tests.architectures.wiring import table
from tests.architectures.workers.servers_example import configured, pair
from tests.pulumi_mocks import Deployment


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = places(config)
    ground = {row for row in table("foundation", stack, found) if "base-backup-test-aurora" not in row}
    return ground | table("workers_servers", stack, found)


@pytest.fixture(scope="module")
def example() -> dict[str, Deployment]:
    return pair()


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)
    alone: ClassVar = {VOLUMES}

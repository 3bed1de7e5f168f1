"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any

from tests.architectures.content.conftest import configured
from tests.architectures.test_wiring import places
from tests.architectures.wired import EdgeTable
from tests.architectures.wiring import table


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    network = {**config["holdfast:network"], "interfaceEndpoints": []}
    found = places({**config, "holdfast:network": network})
    # Neither a database nor endpoints: tables and buckets are what is restored, and nothing stands in the network.
    none = ("base-backup-test-aurora", "base-net-endpoints")
    ground = {row for row in table("foundation", stack, found) if not any(each in row for each in none)}
    parts = ("content", "content_identities", "content_mail", "content_video")
    return ground.union(*(table(each, stack, found) for each in parts))


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)

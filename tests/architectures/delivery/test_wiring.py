"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.architectures.delivery.conftest import configured
from tests.architectures.test_wiring import places
from tests.architectures.wired import IMAGES, VOLUMES, EdgeTable
from tests.architectures.wiring import table

PLACES = {
    "project": ["verify", "shift"],
    "alarm": ["greeting-errors"],
    "original": ["artifacts", "runbooks"],
    "copied": ["artifacts-copy", "runbooks-copy"],
    "bucket": ["artifacts", "runbooks", "artifacts-copy", "runbooks-copy"],
}


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    given = {**config, "holdfast:network": {"interfaceEndpoints": [], **config["holdfast:network"]}}
    found = {**places(given), **PLACES}
    edges = set().union(*(table(part, stack, found) for part in ("foundation", "delivery")))
    return {
        each for each in edges if " base-net-endpoints" not in each
    }  # the example has none of an interface


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)
    alone: ClassVar = {VOLUMES, IMAGES}

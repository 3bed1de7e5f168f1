"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any, ClassVar

from tests.architectures.containers.conftest import configured
from tests.architectures.test_wiring import places
from tests.architectures.wired import IMAGES, VOLUMES, EdgeTable
from tests.architectures.wiring import table

PLACES = {
    "service": ["web", "orders", "mailer"],
    "outside": ["web", "orders"],
    "group": ["load-balancer", "web", "orders", "mailer"],
    "alarm": [
        *("health-errors", "health-latency", "mailer-age", "mailer-dead-letters", "takeover-failed"),
        *(f"{name}-{what}" for name in ("web", "orders") for what in ("errors", "hosts")),
        *(f"{name}-running" for name in ("web", "orders", "mailer")),
    ],
    "original": ["content-sorry", "content-static", "runbooks"],
    "copied": ["content-sorry-copy", "content-static-copy", "runbooks-copy"],
}
PLACES["bucket"] = [*PLACES["original"], *PLACES["copied"], "content-logs"]


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = {**places(config), **PLACES}
    found["endpoint"] = [name.replace(".", "-") for name in found["endpoint"]]
    return set().union(*(table(part, stack, found) for part in ("foundation", "containers")))


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)
    alone: ClassVar = {VOLUMES, IMAGES}

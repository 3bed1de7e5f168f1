"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any

from tests.architectures.serverless_api.conftest import configured
from tests.architectures.test_wiring import places
from tests.architectures.wired import EdgeTable
from tests.architectures.wiring import table

PLACES = {
    "function": ["items", "events", "jobs", "worker"],
    "routed": ["items", "events", "jobs"],
    "items route": ["create", "read", "replace", "remove", "health", "deep-health"],
    "event route": ["add-event", "newest-events"],
    "job route": ["accept-job", "job"],
    "route": [
        *("create", "read", "replace", "remove", "health", "deep-health", "add-event", "newest-events"),
        *("accept-job", "job", "prices"),
    ],
    "user route": ["create", "read", "replace", "add-event", "newest-events", "prices"],
    "alarm": [
        *("http-errors", "http-latency", "worker-age", "worker-dead-letters"),
        *(
            f"{name}-{what}"
            for name in ("items", "events", "jobs", "worker")
            for what in ("errors", "throttles")
        ),
        *(f"{name}-letters" for name in ("items", "events", "jobs")),
    ],
    "original": ["content-sorry", "content-static", "runbooks"],
    "copied": ["content-sorry-copy", "content-static-copy", "runbooks-copy"],
}
PLACES["bucket"] = [*PLACES["original"], *PLACES["copied"], "content-logs"]
OTHERS = "base-backup-test-aurora."
"""A restore test that the foundation has for other kinds."""


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = {**places(config), **PLACES}
    host = "orders.holdfast.example"
    found["host"] = [host, f"{config['aws:region']}.{host}"]
    ground = {each for each in table("foundation", stack, found) if OTHERS not in each}
    return ground | table("serverless_api", stack, found)


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)

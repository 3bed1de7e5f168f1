"""What a REST API is put together of: a deployment of all that it copies, a stage of that, and names that lead to the stage."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures.serverless_api.rest_example import configured, pair
from tests.architectures.test_wiring import places
from tests.architectures.wired import EdgeTable
from tests.architectures.wiring import table
from tests.pulumi_mocks import Deployment

PLACES = {
    "function": ["items", "jobs", "worker"],
    "routed": ["items", "jobs"],
    "route": ["create", "read", "remove", "accept-job", "job", "tariffs", "health", "deep-health"],
    "items route": ["create", "read", "remove", "health", "deep-health"],
    "job route": ["accept-job", "job"],
    "user route": ["create", "read", "accept-job", "job", "tariffs"],
    "plain route": ["accept-job", "tariffs"],
    "path": [
        *("health", "health/deep", "items", "items/()", "jobs", "jobs/()", "tariffs", "tariffs/()"),
    ],
    "top": ["health", "items", "jobs", "tariffs"],
    "limits": ["limits", "accept-job-limits"],
    "alarm": [
        *(
            "rest-errors",
            "rest-latency",
            "worker-age",
            "worker-dead-letters",
            "items-letters",
            "jobs-letters",
        ),
        *(f"{name}-{what}" for name in ("items", "jobs", "worker") for what in ("errors", "throttles")),
    ],
    "original": ["content-sorry", "content-static", "runbooks"],
    "copied": ["content-sorry-copy", "content-static-copy", "runbooks-copy"],
}
PLACES["bucket"] = [*PLACES["original"], *PLACES["copied"], "content-logs"]
OTHERS = "base-backup-test-aurora."
"""A restore test that the foundation has for other kinds."""


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    host = "claims.holdfast.example"
    found = {**places(config), **PLACES, "host": [host, f"{config['aws:region']}.{host}"]}
    ground = {each for each in table("foundation", stack, found) if OTHERS not in each}
    return ground | table("serverless_api_rest", stack, found)


@pytest.fixture(scope="module")
def example() -> dict[str, Deployment]:
    return pair()


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)

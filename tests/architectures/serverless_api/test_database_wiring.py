"""What the database is put together of: functions reach the proxy, the proxy alone the database, and nobody else either of them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures.serverless_api.database_example import configured, pair
from tests.architectures.test_wiring import places
from tests.architectures.wired import EdgeTable
from tests.architectures.wiring import table
from tests.pulumi_mocks import Deployment

PLACES = {
    "function": ["items", "state"],
    "route": ["create", "read", "state", "health", "deep-health"],
    "alarm": [
        *("http-errors", "http-latency", "db-cpu", "db-connections", "db-lag", "takeover-failed"),
        *(f"{name}-{what}" for name in ("items", "state") for what in ("errors", "throttles", "letters")),
    ],
    "original": ["content-sorry", "content-static", "runbooks"],
    "copied": ["content-sorry-copy", "content-static-copy", "runbooks-copy"],
}
PLACES["bucket"] = [*PLACES["original"], *PLACES["copied"], "content-logs"]


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    host = "bills.holdfast.example"
    found = {**places(config), **PLACES, "host": [host, f"{config['aws:region']}.{host}"]}
    return table("foundation", stack, found) | table("serverless_api_database", stack, found)


@pytest.fixture(scope="module")
def example() -> dict[str, Deployment]:
    return pair()


class TestEdges(EdgeTable):
    configured = staticmethod(configured)
    wanted = staticmethod(wanted)

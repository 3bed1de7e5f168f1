"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures.serverless_api.conftest import configured
from tests.architectures.test_wiring import check, places, read
from tests.architectures.wiring import exported, label, seen, table
from tests.pulumi_mocks import Deployment

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
ALONE = {"EncryptionByDefault base-defaults-volumes"}
"""Resources that no edge of the table begins or ends in."""


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = {**places(config), **PLACES}
    host = "orders.holdfast.example"
    found["host"] = [host, f"{config['aws:region']}.{host}"]
    ground = {each for each in table("foundation", stack, found) if OTHERS not in each}
    return ground | table("serverless_api", stack, found)


@pytest.fixture(params=["founder", "joiner"])
def edges(request: pytest.FixtureRequest, example: dict[str, Deployment]) -> tuple[str, Deployment, set[str]]:
    if request.param == "founder":
        stack, peer = example["prod"], {}
    else:
        stack, peer = example["dr"], read(example["prod"])
    return request.param, stack, seen(stack, peer) | exported(stack, read(stack))


def test_every_edge_is_in_the_table(edges: tuple[str, Deployment, set[str]]) -> None:
    which, _, found = edges
    check(found, wanted(which, configured("prod" if which == "founder" else "dr")))


def test_what_no_edge_joins_is_there_too(edges: tuple[str, Deployment, set[str]]) -> None:
    _, stack, found = edges
    labels = {label(r) for r in stack.resources if r.type.startswith("aws:")}
    joined = {name for name in labels if any(f"{name}." in each or f"{name} " in each for each in found)}
    assert labels - joined == ALONE

"""What is put together: each property of each resource comes from the output that the table names, and no other one does."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.architectures.cells.conftest import configured
from tests.architectures.test_wiring import check, places, read
from tests.architectures.wiring import exported, seen, table
from tests.pulumi_mocks import Deployment

ROUTES = ["root", "rest", "lookup", "health", "deep-health"]
PLACES = {
    "route": ROUTES,
    "user route": ROUTES[:3],
    "alarm": ["http-errors", "http-latency", "router-errors", "router-throttles", "router-letters"],
    "original": ["content-sorry", "content-static", "runbooks"],
    "copied": ["content-sorry-copy", "content-static-copy", "runbooks-copy"],
}
PLACES["bucket"] = [*PLACES["original"], *PLACES["copied"], "content-logs"]
ITS = re.compile(r"(\w+ |stack outputs\.systems\.)shop[-.](?!c\d[-.])")
"""Edges that end in the router or what belongs to it; those of its cells stand in another kind's table."""


def wanted(stack: str, config: dict[str, Any]) -> set[str]:
    found = {**places(config), **PLACES}
    host = "shop.holdfast.example"
    found["host"] = [host, f"{config['aws:region']}.{host}"]
    return table("cells", stack, found)


@pytest.mark.parametrize("which", ["founder", "joiner"])
def test_every_edge_is_in_the_table(which: str, example: dict[str, Deployment]) -> None:
    name, peer = ("prod", {}) if which == "founder" else ("dr", read(example["prod"]))
    found = seen(example[name], peer) | exported(example[name], read(example[name]))
    check({each for each in found if ITS.match(each)}, wanted(which, configured(name)))

"""What is put together of a pair: each property of each resource comes from the output that the table names, and no other one does.

What every site has is in the table of three tiers, and holds here alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.architectures.active_standby.conftest import EXAMPLE, Stacks
from tests.architectures.test_wiring import check, ours, places, read
from tests.architectures.wiring import named, table
from tests.test_examples import config

SITE = re.compile(r"^\w+ web-(?:check|content|firewall|health|lb|runbooks?|site|switch|tls)-")
"""What edges of the other table hold for every system with a site."""
NOT_OURS = re.compile(
    r" web-(?:app|db|facts|zonal|health-(?:cpu|connections|lag|hosts))|web-runbook-\S+\.content"
)
OURS = re.compile(r"^\w+ (?:desk|ledger)-|^stack outputs\.systems\.")


def pair_places(which: str, said: Mapping[str, Any]) -> dict[str, list[str]]:
    """What stands for the places of the pair's table, besides those of every table."""
    zones = said["holdfast:network"]["zones"]
    return {
        **places(said),
        "pair zone": zones[:2],
        "first zone": zones[:1],
        "second zone": zones[1:2],
        "pair": ["desk", "ledger"] if which == "founder" else ["desk"],
        "network": [said["holdfast:network"]["cidr"].replace("/", "-")],
        "symptom": ["hosts", "errors", "latency"],
    }


def of_the_site(which: str, said: Mapping[str, Any]) -> set[str]:
    every = table("three_tier", which, places(said))
    return named((edge for edge in every if SITE.match(edge) and not NOT_OURS.search(edge)), "web", "desk")


@pytest.mark.parametrize("which", ["founder", "joiner"])
def test_every_edge_is_in_the_table(which: str, stacks: Stacks) -> None:
    stack, peer = ("prod", {}) if which == "founder" else ("dr", read(stacks["prod"]))
    said = config(EXAMPLE, stack)
    wanted = table("active_standby", which, pair_places(which, said)) | of_the_site(which, said)
    check(ours(stacks[stack], peer, OURS), wanted)


def test_the_site_has_many_edges_and_all_of_them_hold() -> None:
    assert len(of_the_site("founder", config(EXAMPLE, "prod"))) > 150

"""What is put together of the tiers: each property comes from the output that the table names, and no other one does.

What every system with a site or an Aurora database has is in the table of three tiers, and holds here alike, with an instance in each zone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

import pytest

from tests.architectures.test_wiring import check, ours, places, read
from tests.architectures.wiring import named, table
from tests.architectures.zone_affinity.conftest import EXAMPLE, Stacks
from tests.test_examples import config

SHARED = re.compile(
    r"^\w+ web-(?:check|content|db|firewall|health|lb|runbooks?|site|switch|takeover|tls|zonal)-"
    r"|^stack outputs\.systems\.web\.database"
)
"""What edges of the other table hold here too."""
NOT_OURS = re.compile(
    r" web-(?:app|facts|sg-app)|web-runbook-\S+\.content <- Listener|web-zonal-autoshift\.outcomeAlarms|unhealthy\.alarmRule"
)
OURS = re.compile(r"^\w+ shop-|^stack outputs\.systems\.")


def zonal_places(said: Mapping[str, Any]) -> dict[str, list[str]]:
    """What stands for the places of the table, besides those of every table."""
    zones = said["holdfast:network"]["zones"]
    return {
        **places(said),
        "database zone": zones,
        "tier": ["web", "app"],
        "symptom": ["hosts", "errors", "latency"],
    }


def shared(which: str, said: Mapping[str, Any]) -> set[str]:
    every = table("three_tier", which, zonal_places(said))
    return named((edge for edge in every if SHARED.match(edge) and not NOT_OURS.search(edge)), "web", "shop")


@pytest.mark.parametrize("which", ["founder", "joiner"])
def test_every_edge_is_in_the_table(which: str, stacks: Stacks) -> None:
    stack, peer = ("prod", {}) if which == "founder" else ("dr", read(stacks["prod"]))
    said = config(EXAMPLE, stack)
    wanted = table("zone_affinity", which, zonal_places(said)) | shared(which, said)
    check(ours(stacks[stack], peer, OURS), wanted)


def test_much_is_shared_and_all_of_it_holds() -> None:
    assert len(shared("founder", config(EXAMPLE, "prod"))) > 200

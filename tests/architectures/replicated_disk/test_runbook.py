"""What the runbooks of a mirrored disk say."""

from __future__ import annotations

import re

import pytest

from architectures.replicated_disk.runbook import HERE, text
from functions.active_standby.configuration import ACTIONS
from tests.architectures.replicated_disk.conftest import Stacks
from tests.architectures.runbooks import all_is_filled_in


@pytest.mark.parametrize("kind", ["serving", "restore"])
def test_every_name_in_a_text_is_filled_in(kind: str) -> None:
    all_is_filled_in(text, kind, HERE.glob("*.md"))


def test_it_has_the_real_names(stacks: Stacks) -> None:
    prod = stacks["prod"]
    content = prod.one("BucketObjectv2", "ledger-runbook-us-east-1").inputs["content"]
    table = prod.made[prod.one("Table", "ledger-lease-table").urn]["name"]
    assert f'--table-name {table} --key \'{{"pair": {{"S": "example-production-ledger"}}}}\'' in content
    for zone in ("use1-az1", "use1-az2"):
        assert prod.made[prod.one("NetworkInterface", f"ledger-link-{zone}").urn]["id"] in content
    assert (
        {*re.findall(r'"action": "(\w+)"', content)} == {"status", "swap", "pause", "resume"} <= set(ACTIONS)
    )


def test_where_nothing_stands_it_tells_how_to_rebuild(stacks: Stacks) -> None:
    content = stacks["dr"].one("BucketObjectv2", "ledger-runbook-us-west-2").inputs["content"]
    assert "Name=tag:workload,Values=ledger" in content
    assert "`holdfast:systems.ledger.rebuild`" in content

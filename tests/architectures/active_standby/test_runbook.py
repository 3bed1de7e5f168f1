"""What a pair's runbooks say, and where they are put."""

from __future__ import annotations

import re
from typing import Any

import pytest

from architectures.active_standby.runbook import HERE, text
from functions.active_standby.configuration import ACTIONS
from tests.architectures.active_standby.conftest import Stacks, both
from tests.architectures.conftest import outputs
from tests.architectures.runbooks import all_is_filled_in

EAST, WEST = "us-east-1", "us-west-2"


def written(stacks: Stacks, stack: str, name: str) -> dict[str, Any]:
    region = EAST if stack == "prod" else WEST
    return stacks[stack].one("BucketObjectv2", f"{name}-runbook-{region}").inputs


@pytest.mark.parametrize("kind", ["data-plane", "none", "restore"])
def test_every_name_in_a_text_is_filled_in(kind: str) -> None:
    all_is_filled_in(text, kind, HERE.glob("*.md"))


def test_each_stack_writes_its_own_regions_into_that_region(stacks: Stacks) -> None:
    dr, told = stacks["dr"], outputs(stacks["prod"])["systems"]["desk"]
    west = written(stacks, "dr", "desk")
    assert (west["region"], west["bucket"], west["key"]) == (WEST, told["peerRunbooks"], f"{WEST}.md")
    groups = [
        dr.made[dr.one("aws:autoscaling/group:Group", f"desk-pair-{z}").urn]["name"]
        for z in ("usw2-az1", "usw2-az2")
    ]
    assert f"--region {WEST} --auto-scaling-group-names {' '.join(groups)}" in west["content"]
    machine = dr.made[dr.one("StateMachine", "desk-takeover-machine").urn]["arn"]
    assert f"--region {WEST} --state-machine-arn {machine} --input" in west["content"]
    assert f"--region {EAST} --state-machine-arn {told['takeover']} --input" in west["content"]
    watcher = dr.made[dr.one("Function", "desk-watcher-function").urn]["name"]
    assert f"--function-name {watcher} " in west["content"]


def test_what_it_asks_of_the_watcher_is_what_that_understands(stacks: Stacks) -> None:
    asked = re.findall(r'"action": "(\w+)"', written(stacks, "prod", "desk")["content"])
    assert set(asked) - {"take", "release"} == {"status", "pause", "swap", "resume"} <= set(ACTIONS)


def test_by_health_checks_alone_both_are_started_by_hand() -> None:
    found = both(switch={"by": "none"})
    content = written(found, "dr", "desk")["content"]
    assert content.count("aws autoscaling update-auto-scaling-group") == 2
    assert "state-machine" not in content


def test_what_is_only_backed_up_is_rebuilt(stacks: Stacks) -> None:
    for stack in ("prod", "dr"):
        content = written(stacks, stack, "ledger")["content"]
        assert "`holdfast:systems.ledger.rebuild`" in content
        vault = outputs(stacks[stack])["foundation"]["vaultName"]
        assert f"--backup-vault-name {vault} --by-resource-type EBS" in content

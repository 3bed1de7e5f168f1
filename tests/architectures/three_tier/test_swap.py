"""Swapping roles, step by step: one region answers throughout, and it runs what the load needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from architectures.strategies import Strategy
from tests.architectures.conftest import PEER, outputs, run
from tests.architectures.strategy_table import changes
from tests.pulumi_mocks import Deployment

REGIONS = {"prod": "us-east-1", "dr": "us-west-2"}
FULL = 6
ROLES = {"PRIMARY": "SECONDARY", "SECONDARY": "PRIMARY"}


def placed(
    stack: str, strategy: Strategy, active: str, *, withdrawn: bool, peer: Mapping[str, Any]
) -> Deployment:
    given = changes(stack, strategy)
    given["systems"]["web"]["withdrawn"] = withdrawn
    other = "us-west-2" if stack == "prod" else "us-east-1"
    given["recovery"] = {"activeRegion": active, "peerRegion": other}
    if stack == "dr":
        given["recovery"]["peerStack"] = PEER
    return run(stack, dict(peer), **given)


def group(stack: Deployment) -> Any:
    return stack.one("aws:autoscaling/group:Group")


def role(stack: Deployment) -> str | None:
    """What the stack's record of the site's own name is; None: it has none."""
    found = [r.inputs for r in stack.all("Record") if r.inputs["name"] == "www.holdfast.example"]
    return found[0]["failoverRoutingPolicies"][0]["type"] if found else None


@pytest.mark.parametrize("strategy", [Strategy.PILOT_LIGHT, Strategy.WARM_STANDBY], ids=str)
def test_the_region_that_answers_runs_everything_and_no_record_is_there_twice(strategy: Strategy) -> None:
    before = placed("prod", strategy, "us-east-1", withdrawn=False, peer={})
    leaving = placed("dr", strategy, "us-east-1", withdrawn=True, peer={PEER: outputs(before)})
    # First the one that stands by makes room and grows; the other answers alone.
    assert (role(before), role(leaving)) == ("PRIMARY", None)
    assert group(before).inputs["minSize"] == group(leaving).inputs["minSize"] == FULL
    # Then the other's record becomes SECONDARY, alone. Its minimum falls, but nobody takes away what runs.
    after = placed("prod", strategy, "us-west-2", withdrawn=False, peer={})
    assert role(after) == "SECONDARY"
    assert group(after).inputs["minSize"] < FULL
    assert "desiredCapacity" in group(after).ignore_changes
    # Last, the new one takes the traffic with what it has run since the first step.
    taken = placed("dr", strategy, "us-west-2", withdrawn=False, peer={PEER: outputs(after)})
    assert (role(after), role(taken)) == ("SECONDARY", "PRIMARY")
    assert group(taken).inputs["minSize"] == FULL
    own = taken.one("Record", "web-site-us-west-2-record")
    assert own.urn in taken.one("Record", "web-site-site-record").dependencies
    assert group(taken).urn in own.dependencies


@pytest.mark.parametrize("strategy", [Strategy.PILOT_LIGHT, Strategy.WARM_STANDBY], ids=str)
def test_nothing_that_keeps_data_changes_on_the_way(strategy: Strategy) -> None:
    def kept(stack: Deployment) -> dict[str, Any]:
        # A write-only password is another one in each run, and written by its version alone.
        return {
            r.urn: {key: value for key, value in r.inputs.items() if key != "masterPasswordWo"}
            for r in stack.resources
            if r.protect
        }

    before = placed("prod", strategy, "us-east-1", withdrawn=False, peer={})
    after = placed("prod", strategy, "us-west-2", withdrawn=False, peer={})
    assert kept(before) == kept(after)
    steps = [
        placed("dr", strategy, active, withdrawn=withdrawn, peer={PEER: outputs(stack)})
        for active, withdrawn, stack in (
            ("us-east-1", False, before),
            ("us-east-1", True, before),
            ("us-west-2", False, after),
        )
    ]
    assert kept(steps[0]) == kept(steps[1]) == kept(steps[2])

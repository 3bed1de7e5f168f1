"""Swapping roles, step by step: one region answers throughout, and it runs what the load needs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from architectures.strategies import Strategy
from tests.architectures.conftest import PEER, outputs, run
from tests.architectures.strategy_table import changes
from tests.pulumi_mocks import Deployment

FULL = 6


def placed(
    stack: str,
    strategy: Strategy,
    active: str,
    *,
    by: str = "none",
    withdrawn: bool = False,
    peer: Mapping[str, Any],
) -> Deployment:
    given = changes(stack, strategy)
    given["systems"]["web"] |= {"withdrawn": withdrawn, "switch": {"by": by}}
    if by == "region-switch":
        given["objectives"] = {**given["objectives"], "rtoHours": 4}
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


def records(stack: Deployment) -> dict[str, Any]:
    return {r.urn: r.inputs for r in stack.all("Record")}


@pytest.mark.parametrize("by", ["data-plane", "region-switch"])
@pytest.mark.parametrize(
    "strategy", [Strategy.PILOT_LIGHT, Strategy.WARM_STANDBY, Strategy.ACTIVE_ACTIVE], ids=str
)
def test_what_a_switch_moved_serves_for_good_after_two_runs(strategy: Strategy, by: str) -> None:
    """The switch has moved clients and the writer, and its region runs everything; records follow its check, before and after."""
    before = placed("prod", strategy, "us-east-1", by=by, peer={})
    behind = placed("dr", strategy, "us-east-1", by=by, peer={PEER: outputs(before)})
    after = placed("prod", strategy, "us-west-2", by=by, peer={})
    taken = placed("dr", strategy, "us-west-2", by=by, peer={PEER: outputs(after)})
    assert records(before) == records(after)
    assert records(behind) == records(taken)
    sizes = [group(each).inputs["minSize"] for each in (before, behind, after, taken)]
    standby = {Strategy.PILOT_LIGHT: 0, Strategy.WARM_STANDBY: 3, Strategy.ACTIVE_ACTIVE: FULL}[strategy]
    assert sizes == [FULL, standby, standby, FULL]
    # What runs in the region that no longer serves, scaling takes away, not the run.
    assert "desiredCapacity" in group(after).ignore_changes
    assert {r.urn for r in before.resources if r.protect} == {r.urn for r in after.resources if r.protect}
    assert {r.urn for r in behind.resources if r.protect} == {r.urn for r in taken.resources if r.protect}


@pytest.mark.parametrize("strategy", [Strategy.PILOT_LIGHT, Strategy.WARM_STANDBY], ids=str)
def test_the_region_that_answers_runs_everything_and_no_record_is_there_twice(strategy: Strategy) -> None:
    before = placed("prod", strategy, "us-east-1", peer={})
    leaving = placed("dr", strategy, "us-east-1", withdrawn=True, peer={PEER: outputs(before)})
    # First the one that stands by makes room and grows; the other answers alone.
    assert (role(before), role(leaving)) == ("PRIMARY", None)
    assert group(before).inputs["minSize"] == group(leaving).inputs["minSize"] == FULL
    # Then the other's record becomes SECONDARY, alone. Its minimum falls, but nobody takes away what runs.
    after = placed("prod", strategy, "us-west-2", peer={})
    assert role(after) == "SECONDARY"
    assert group(after).inputs["minSize"] < FULL
    assert "desiredCapacity" in group(after).ignore_changes
    # Last, the new one takes the traffic with what it has run since the first step.
    taken = placed("dr", strategy, "us-west-2", peer={PEER: outputs(after)})
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

    before = placed("prod", strategy, "us-east-1", peer={})
    after = placed("prod", strategy, "us-west-2", peer={})
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

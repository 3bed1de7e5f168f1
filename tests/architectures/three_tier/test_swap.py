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
    peer: Mapping[str, Any],
) -> Deployment:
    given = changes(stack, strategy)
    if by != "data-plane":  # The default: so it is the run that others look at too.
        given["systems"]["web"] |= {"switch": {"by": by}}
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
def test_without_a_switch_it_is_two_runs_too_and_no_record_is_there_twice(strategy: Strategy) -> None:
    before = placed("prod", strategy, "us-east-1", peer={})
    behind = placed("dr", strategy, "us-east-1", peer={PEER: outputs(before)})
    after = placed("prod", strategy, "us-west-2", peer={})
    taken = placed("dr", strategy, "us-west-2", peer={PEER: outputs(after)})
    assert [role(each) for each in (before, behind, after, taken)] == ["PRIMARY", "SECONDARY"] * 2
    assert records(behind) == records(taken)
    # One run of the founding stack moves the clients: its record's check, which the other region's health turns.
    (changed,) = [urn for urn, inputs in records(before).items() if records(after)[urn] != inputs]
    check = "web-site-behind"
    assert records(after)[changed] == {**records(before)[changed], "healthCheckId": f"{check}-id"}
    assert (
        after.one("HealthCheck", "web-site-us-west-2-lost").inputs["fqdn"] == "us-west-2.www.holdfast.example"
    )
    # Nobody takes away what runs where clients were, or what a person has started where they go.
    assert group(after).inputs["minSize"] < FULL
    assert group(taken).inputs["minSize"] == FULL
    assert "desiredCapacity" in group(after).ignore_changes
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
        placed("dr", strategy, active, peer={PEER: outputs(stack)})
        for active, stack in (("us-east-1", before), ("us-west-2", after))
    ]
    assert kept(steps[0]) == kept(steps[1])

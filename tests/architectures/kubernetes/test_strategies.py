"""What stands in the region that isn't active under each strategy, and what recovery it keeps."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.strategies import Strategy
from policies.recovery import judge
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.kubernetes.conftest import REGIONS, Stacks, named, said
from tests.architectures.strategies import assert_facts_as_read, assert_leads_here
from tests.architectures.strategy_table import CORRUPTION, OBJECTIVES
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import KEPT, resources
from tests.pulumi_mocks import Deployment

NODES, ADDON = "aws:eks/nodeGroup:NodeGroup", "aws:eks/addon:Addon"
STANDBY: dict[Strategy, int | None] = {
    Strategy.BACKUP_AND_RESTORE: None,
    Strategy.PILOT_LIGHT: 0,
    Strategy.WARM_STANDBY: 3,
    Strategy.ACTIVE_ACTIVE: 6,
}
"""Nodes; None: there is no cluster."""
# Nobody but who takes over starts nodes: a warm standby is as late as a person decides.
PROMISED = {**OBJECTIVES, Strategy.WARM_STANDBY: {"drTier": 1, "rtoHours": 0.75, "rpoMinutes": 15}}


def following(stack: str, strategy: Strategy, **changes: Any) -> dict[str, Any]:
    found = said(stack, strategy=str(strategy), **changes)
    found["holdfast:objectives"] = {**PROMISED[strategy], "corruption": CORRUPTION}
    return found


@pytest.fixture(scope="module", params=list(Strategy), ids=str)
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return Strategy(request.param)


@pytest.fixture(scope="module")
def pair(strategy: Strategy) -> dict[str, Deployment]:
    prod = deployed("prod", following("prod", strategy), {})
    return {"prod": prod, "dr": deployed("dr", following("dr", strategy), {PEER: outputs(prod)})}


def counts(stack: Deployment) -> list[int]:
    sizes = [each.inputs["scalingConfig"] for each in stack.all(NODES)]
    assert all(each["minSize"] == each["desiredSize"] for each in sizes)
    return [int(each["desiredSize"]) for each in sizes]


def test_what_stands_by(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    standby, dr = STANDBY[strategy], pair["dr"]
    assert counts(pair["prod"]) == [6]
    assert counts(dr) == ([] if standby is None else [standby])
    there = 0 if standby is None else 1
    for kind in ("aws:eks/cluster:Cluster", "aws:eks/capability:Capability", "StateMachine"):
        assert len(dr.all(kind)) == there, kind
    assert len(dr.all("ZonalAutoshiftConfiguration")) == bool(standby)
    # Pods of a Deployment would wait for nodes, and `up` for them: EKS's own CoreDNS waits without it.
    waiting = {each.name for each in dr.all(ADDON)} & {"shop-addons-coredns", "shop-addons-metrics-server"}
    assert len(waiting) == (2 if standby else 0)
    assert len(dr.all(ADDON)) == {None: 0, 0: 5}.get(standby, 7)


def test_nodes_that_are_switched_off_say_so(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    if not pair["dr"].all(NODES):
        return
    off = pair["dr"].one(NODES).inputs["tags"].get("dr:switched-off")
    alarm = named(pair["dr"], "MetricAlarm", "shop-health-hosts").inputs
    assert off == ("true" if strategy is Strategy.PILOT_LIGHT else None)
    if strategy is Strategy.PILOT_LIGHT:
        (wanted,) = [each["metric"] for each in alarm["metricQueries"] if each["id"] == "wanted"]
        assert wanted["dimensions"] == {"AutoScalingGroupName": "eks-of-shop-general-nodes"}


def test_what_sends_clients_there(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    for stack, region in REGIONS.items():
        record = named(pair[stack], "Record", "shop-site-site-record").inputs
        assert_leads_here(strategy, record, stack, region)


def test_it_keeps_its_own_objectives(pair: dict[str, Deployment]) -> None:
    report = judge([r for stack, region in REGIONS.items() for r in resources(pair[stack], region)])
    verdicts = {failure: found.verdict for failure, found in report.failures.items()}
    assert set(verdicts.values()) <= set(KEPT), verdicts


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_what_it_tells_is_what_the_estimator_reads(pair: dict[str, Deployment], stack: str) -> None:
    assert_facts_as_read(pair[stack], stack, REGIONS[stack], (*COMPARED, "tracked"))


def test_nobody_but_who_takes_over_starts_nodes(stacks: Stacks) -> None:
    report = judge([r for stack, region in REGIONS.items() for r in resources(stacks[stack], region)])
    [nodes] = [
        node
        for failure, found in report.failures.items()
        if str(failure) == "region"
        for node in found.nodes
        if node.unit.kind == "compute" and node.unit.region == "us-east-1"
    ]
    assert nodes.option == "members in us-west-2, made to grow"
    assert "target tracking" not in " ".join(each.why for each in nodes.terms)


def test_the_active_region_is_built_again_where_nothing_stood_by() -> None:
    founder = deployed("prod", following("prod", Strategy.BACKUP_AND_RESTORE), {})
    config = following("dr", Strategy.BACKUP_AND_RESTORE, rebuild=True)
    dr = deployed("dr", config, {PEER: outputs(founder)})
    assert counts(dr) == [6]
    record = named(dr, "Record", "shop-site-site-record").inputs
    assert record["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]


def test_roles_swap_and_nothing_is_called_otherwise(stacks: Stacks) -> None:
    config = said("prod")
    config["holdfast:recovery"] = {"activeRegion": "us-west-2", "peerRegion": "us-west-2"}
    prod = deployed("prod", config, {})
    assert {r.urn for r in stacks["prod"].resources} - {r.urn for r in prod.resources} == set()
    assert counts(prod) == [3]

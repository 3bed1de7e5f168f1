"""What stands in the region that isn't active under each strategy, and what recovery it keeps."""

from __future__ import annotations

from typing import Any

import pulumi
import pytest

from architectures.strategies import Strategy
from policies.recovery import judge
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.elastic_beanstalk.conftest import (
    ENVIRONMENT,
    REGIONS,
    configured,
    named,
    option,
)
from tests.architectures.strategies import assert_facts_as_read, assert_leads_here
from tests.architectures.strategy_table import CORRUPTION, OBJECTIVES
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import KEPT, resources
from tests.pulumi_mocks import Deployment

STANDBY: dict[Strategy, str | None] = {
    Strategy.BACKUP_AND_RESTORE: None,
    Strategy.WARM_STANDBY: "3",
    Strategy.ACTIVE_ACTIVE: "6",
}
"""Instances; None: there is no environment. A pilot light is refused."""
# A bundle follows within 15 minutes.
PROMISED = {
    **OBJECTIVES,
    Strategy.ACTIVE_ACTIVE: {"drTier": 1, "rtoHours": 2 / 60, "rpoMinutes": 15},
}


def following(stack: str, strategy: Strategy, **changes: Any) -> dict[str, Any]:
    found = configured(stack, strategy=str(strategy), **changes)
    found["holdfast:objectives"] = {**PROMISED[strategy], "corruption": CORRUPTION}
    return found


def standing(strategy: Strategy) -> dict[str, Deployment]:
    """Both stacks under it, with objectives that it keeps. The example follows a warm standby."""
    prod = deployed("prod", following("prod", strategy), {})
    return {"prod": prod, "dr": deployed("dr", following("dr", strategy), {PEER: outputs(prod)})}


@pytest.fixture(scope="module", params=list(STANDBY), ids=str)
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return Strategy(request.param)


@pytest.fixture(scope="module")
def pair(strategy: Strategy, example: dict[str, Deployment]) -> dict[str, Deployment]:
    return example if strategy is Strategy.WARM_STANDBY else standing(strategy)


def test_what_stands_by(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    standby, dr = STANDBY[strategy], pair["dr"]
    assert option(pair["prod"], "aws:autoscaling:asg", "MinSize") == "6"
    there = 0 if standby is None else 1
    for kind in (ENVIRONMENT, "StateMachine", "WebAclAssociation"):
        assert len(dr.all(kind)) == there, kind
    if standby is not None:
        assert option(dr, "aws:autoscaling:asg", "MinSize") == standby
    # What an environment is made of is there under every strategy.
    assert dr.one("ApplicationVersion").inputs["bucket"] == "greet-bundles-copy-bucket-1234567"
    assert len(dr.all("aws:elasticbeanstalk/application:Application")) == 1


def test_what_sends_clients_there(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    for stack, region in REGIONS.items():
        record = named(pair[stack], "Record", "greet-site-site-record").inputs
        assert_leads_here(strategy, record, stack, region)


def test_it_keeps_its_own_objectives(pair: dict[str, Deployment]) -> None:
    report = judge([r for stack, region in REGIONS.items() for r in resources(pair[stack], region)])
    verdicts = {failure: found.verdict for failure, found in report.failures.items()}
    assert set(verdicts.values()) <= set(KEPT), verdicts


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_what_it_tells_is_what_the_estimator_reads(pair: dict[str, Deployment], stack: str) -> None:
    assert_facts_as_read(pair[stack], stack, REGIONS[stack], (*COMPARED, "tracked"))


def test_nobody_but_who_takes_over_has_more_instances_run(example: dict[str, Deployment]) -> None:
    report = judge([r for stack, region in REGIONS.items() for r in resources(example[stack], region)])
    [found] = [
        node
        for failure, lost in report.failures.items()
        if str(failure) == "region"
        for node in lost.nodes
        if node.unit.kind == "compute" and node.unit.region == "us-east-1"
    ]
    assert found.option == "members in us-west-2, made to grow"
    assert "target tracking" not in " ".join(each.why for each in found.terms)


def test_the_environment_is_built_where_only_its_version_was() -> None:
    founder = deployed("prod", following("prod", Strategy.BACKUP_AND_RESTORE), {})
    config = following("dr", Strategy.BACKUP_AND_RESTORE, rebuild=True)
    dr = deployed("dr", config, {PEER: outputs(founder)})
    assert option(dr, "aws:autoscaling:asg", "MinSize") == "6"
    record = named(dr, "Record", "greet-site-site-record").inputs
    assert record["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]


def test_roles_swap_and_nothing_is_called_otherwise(example: dict[str, Deployment]) -> None:
    config = configured("prod")
    config["holdfast:recovery"] = {"activeRegion": "us-west-2", "peerRegion": "us-west-2"}
    prod = deployed("prod", config, {})
    assert {r.urn for r in example["prod"].resources} - {r.urn for r in prod.resources} == set()
    assert option(prod, "aws:autoscaling:asg", "MinSize") == "3"


def test_both_regions_run_the_same(example: dict[str, Deployment]) -> None:
    said = r"^holdfast:systems\.greet\.runtime: got 'Corretto 21', allowed is 'Python 3\.13', which .* says$"
    with pytest.raises(pulumi.RunError, match=said):
        deployed("dr", configured("dr", runtime="Corretto 21"), {PEER: outputs(example["prod"])})

"""What stands of a router in the region that isn't active under each strategy, and what recovery it keeps."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.cells.settings import CellsSettings
from architectures.parts.api import arguments
from architectures.strategies import Strategy
from policies.recovery import judge
from policies.recovery.model import Failure
from tests.architectures.cells.conftest import REGIONS, configured
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.serverless_api.test_strategies import KEPT, LESS
from tests.architectures.strategies import assert_facts_as_read, assert_leads_here
from tests.architectures.strategy_table import CORRUPTION, OBJECTIVES
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment
from tests.test_settings import load

FUNCTION, TABLE = "aws:lambda/function:Function", "aws:dynamodb/table:Table"
ROUTER = "shop-router-function"
WARM: dict[Strategy, int] = {Strategy.WARM_STANDBY: 2, Strategy.ACTIVE_ACTIVE: 5}
"""Executions that are kept warm where the system stands by, of 5."""
RESTORED = "arn:aws:dynamodb:us-west-2:123456789012:table/shop-restored"


ONE = {"cells": {"c2": None}, "others": {"shop-c2": None}}
"""The router before one cell."""


def following(stack: str, strategy: Strategy, **changes: Any) -> dict[str, Any]:
    found = configured(stack, **ONE, **changes)
    found["holdfast:strategy"] = str(strategy)
    found["holdfast:objectives"] = {
        **OBJECTIVES[strategy],
        **LESS.get(strategy, {}),
        "corruption": CORRUPTION,
    }
    return found


@pytest.fixture(
    scope="module",
    params=[Strategy.WARM_STANDBY, Strategy.BACKUP_AND_RESTORE, Strategy.ACTIVE_ACTIVE],
    ids=str,
)
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return Strategy(request.param)


@pytest.fixture(scope="module")
def pair(strategy: Strategy, example: dict[str, Deployment]) -> dict[str, Deployment]:
    if strategy is Strategy.WARM_STANDBY:
        return example
    prod = deployed("prod", following("prod", strategy), {})
    return {"prod": prod, "dr": deployed("dr", following("dr", strategy), {PEER: outputs(prod)})}


def warm(stack: Deployment) -> int:
    found = stack.all("ProvisionedConcurrencyConfig")
    return sum(int(each.inputs["provisionedConcurrentExecutions"]) for each in found)


def test_what_stands_by(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    there = strategy is not Strategy.BACKUP_AND_RESTORE
    assert warm(pair["prod"]) == 5
    replicas = pair["prod"].one(TABLE, "shop-places-table").inputs.get("replicas", [])
    assert [each["regionName"] for each in replicas] == (["us-west-2"] if there else [])
    assert (ROUTER in {each.name for each in pair["dr"].all(FUNCTION)}) is there
    assert warm(pair["dr"]) == WARM.get(strategy, 0)
    for stack, region in REGIONS.items():
        record = pair[stack].one("Record", "shop-site-site-record").inputs
        assert_leads_here(strategy, record, stack, region)


def test_a_pilot_light_keeps_no_execution_warm() -> None:
    stack = load(following("dr", Strategy.PILOT_LIGHT))
    settings = stack.systems["shop"]
    assert isinstance(settings, CellsSettings)
    assert settings.router.provisioned == 5
    assert arguments.warm(settings.router.provisioned, settings.posture(stack.stack).share) == 0


def test_it_keeps_its_own_objectives(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    report = judge([r for stack, region in REGIONS.items() for r in resources(pair[stack], region)])
    verdicts = {failure: report.failures[failure].verdict for failure in Failure}
    assert set(verdicts.values()) <= set(KEPT), verdicts


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_what_it_tells_is_what_the_estimator_reads(pair: dict[str, Deployment], stack: str) -> None:
    assert_facts_as_read(pair[stack], stack, REGIONS[stack], COMPARED)


def test_a_router_is_rebuilt_on_the_table_that_was_restored() -> None:
    founder = deployed("prod", following("prod", Strategy.BACKUP_AND_RESTORE), {})
    config = following("dr", Strategy.BACKUP_AND_RESTORE, rebuild=True, table={"restored": RESTORED})
    dr = deployed("dr", config, {PEER: outputs(founder)})
    assert warm(dr) == 5
    function = dr.one(FUNCTION, ROUTER)
    assert function.inputs["environment"]["variables"]["TABLE"] == "shop-restored"
    assert RESTORED in dr.one("RolePolicy", "shop-router-policy").inputs["policy"]
    runbook = dr.one("BucketObjectv2", "shop-runbook-us-west-2").inputs["content"]
    assert "--table-name shop-restored --key" in runbook, "its keys can be moved"


def test_roles_swap_and_nothing_is_called_otherwise(example: dict[str, Deployment]) -> None:
    config = configured("prod")
    config["holdfast:recovery"] = {"activeRegion": "us-west-2", "peerRegion": "us-west-2"}
    prod = deployed("prod", config, {})
    assert {r.urn for r in example["prod"].resources} - {r.urn for r in prod.resources} == set()
    assert warm(prod) == 2

"""What stands in the region that isn't active under each strategy, and what recovery it keeps."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.strategies import Strategy
from policies.recovery import judge
from policies.recovery.model import Failure, Verdict
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.serverless_api.conftest import REGIONS, configured
from tests.architectures.strategies import assert_facts_as_read, assert_leads_here
from tests.architectures.strategy_table import CORRUPTION, OBJECTIVES
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment

FUNCTION, TABLE = "aws:lambda/function:Function", "aws:dynamodb/table:Table"
WARM: dict[Strategy, int] = {Strategy.PILOT_LIGHT: 0, Strategy.WARM_STANDBY: 4, Strategy.ACTIVE_ACTIVE: 10}
"""Executions that are kept warm where the system stands by, of 10."""
LESS = {Strategy.ACTIVE_ACTIVE: {"rpoMinutes": 0.1}}
"""A replica is up to 5 s behind, which a twelfth of a minute isn't once a tag has rounded it."""
KEPT = (Verdict.MET, Verdict.MET_IF)
RESTORED = "arn:aws:dynamodb:us-west-2:123456789012:table/orders-restored"


def following(stack: str, strategy: Strategy, **changes: Any) -> dict[str, Any]:
    found = configured(stack, **changes)
    found["holdfast:strategy"] = str(strategy)
    promised = {**OBJECTIVES[strategy], **LESS.get(strategy, {}), "corruption": CORRUPTION}
    if found["holdfast:objectives"] != promised:  # the example's own is run once
        found["holdfast:objectives"] = promised
    return found


@pytest.fixture(scope="module", params=list(Strategy), ids=str)
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return Strategy(request.param)


@pytest.fixture(scope="module")
def pair(strategy: Strategy) -> dict[str, Deployment]:
    prod = deployed("prod", following("prod", strategy), {})
    return {"prod": prod, "dr": deployed("dr", following("dr", strategy), {PEER: outputs(prod)})}


def warm(stack: Deployment) -> int:
    return sum(
        int(each.inputs["provisionedConcurrentExecutions"])
        for each in stack.all("ProvisionedConcurrencyConfig")
    )


def test_what_stands_by(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    assert warm(pair["prod"]) == 10
    replicas = pair["prod"].one(TABLE, "orders-data-table").inputs.get("replicas", [])
    assert [each["regionName"] for each in replicas] == (
        [] if strategy is Strategy.BACKUP_AND_RESTORE else ["us-west-2"]
    )
    there = strategy is not Strategy.BACKUP_AND_RESTORE
    assert len(pair["dr"].all(FUNCTION)) == (4 if there else 0)
    assert len(pair["dr"].all("aws:apigatewayv2/api:Api")) == there
    assert warm(pair["dr"]) == WARM.get(strategy, 0)
    assert pair["dr"].all(TABLE) == [], "replicas are the founder's"


def test_what_sends_clients_there(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    for stack, region in REGIONS.items():
        record = pair[stack].one("Record", "orders-site-site-record").inputs
        assert_leads_here(strategy, record, stack, region)


def test_it_keeps_its_own_objectives(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    report = judge([r for stack, region in REGIONS.items() for r in resources(pair[stack], region)])
    verdicts = {failure: report.failures[failure].verdict for failure in Failure}
    assert set(verdicts.values()) <= set(KEPT), verdicts


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_what_it_tells_is_what_the_estimator_reads(pair: dict[str, Deployment], stack: str) -> None:
    assert_facts_as_read(pair[stack], stack, REGIONS[stack], COMPARED)


def test_a_region_is_rebuilt_on_the_table_that_was_restored() -> None:
    founder = deployed("prod", following("prod", Strategy.BACKUP_AND_RESTORE), {})
    config = following("dr", Strategy.BACKUP_AND_RESTORE, rebuild=True, table={"restored": RESTORED})
    dr = deployed("dr", config, {PEER: outputs(founder)})
    assert warm(dr) == 10
    record = dr.one("Record", "orders-site-site-record").inputs
    assert record["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert record["aliases"][0]["name"] == "site.us-west-2.orders.holdfast.example"
    for name in ("items", "events", "jobs", "worker"):
        function = dr.one(FUNCTION, f"orders-{name}-function")
        assert function.inputs["environment"]["variables"]["TABLE"] == "orders-restored"
        assert RESTORED in dr.one("RolePolicy", f"orders-{name}-policy").inputs["policy"]


def test_roles_swap_and_nothing_is_called_otherwise(example: dict[str, Deployment]) -> None:
    config = configured("prod")
    config["holdfast:recovery"] = {"activeRegion": "us-west-2", "peerRegion": "us-west-2"}
    prod = deployed("prod", config, {})
    kept = {r.urn for r in example["prod"].resources if r.protect}
    assert {r.urn for r in prod.resources if r.protect} == kept
    gone = {r.urn for r in example["prod"].resources} - {r.urn for r in prod.resources}
    assert gone == set()
    assert warm(prod) == 4
    behind = prod.one("HealthCheck", "orders-site-behind")
    assert prod.one("Record", "orders-site-site-record").inputs["healthCheckId"] == f"{behind.name}-id"

"""What stands in the region that isn't active under each strategy, and what recovery it keeps."""

from __future__ import annotations

from typing import Any

import pytest

from architectures.strategies import Strategy
from policies.recovery import facts, judge
from policies.recovery.model import Failure, Verdict
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.containers.conftest import REGIONS, configured
from tests.architectures.strategies import assert_facts_as_read, assert_leads_here
from tests.architectures.strategy_table import CORRUPTION, OBJECTIVES
from tests.architectures.test_recovery_facts import COMPARED
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment

SERVICE = "aws:ecs/service:Service"
STANDBY: dict[Strategy, dict[str, int] | None] = {
    Strategy.BACKUP_AND_RESTORE: None,
    Strategy.PILOT_LIGHT: {"web": 0, "orders": 0, "mailer": 0},
    Strategy.WARM_STANDBY: {"web": 3, "orders": 3, "mailer": 3},
    Strategy.ACTIVE_ACTIVE: {"web": 6, "orders": 3, "mailer": 3},
}
"""Tasks of each service; None: there is no service."""
KEPT = (Verdict.MET, Verdict.MET_IF)


def following(stack: str, strategy: Strategy, **changes: Any) -> dict[str, Any]:
    found = configured(stack, strategy=str(strategy), **changes)
    found["holdfast:objectives"] = {**OBJECTIVES[strategy], "corruption": CORRUPTION}
    return found


@pytest.fixture(scope="module", params=list(Strategy), ids=str)
def strategy(request: pytest.FixtureRequest) -> Strategy:
    return Strategy(request.param)


@pytest.fixture(scope="module")
def pair(strategy: Strategy) -> dict[str, Deployment]:
    prod = deployed("prod", following("prod", strategy), {})
    return {"prod": prod, "dr": deployed("dr", following("dr", strategy), {PEER: outputs(prod)})}


def counts(stack: Deployment) -> dict[str, int]:
    return {
        each.name.removeprefix("shop-").removesuffix("-service"): int(each.inputs["desiredCount"])
        for each in stack.all(SERVICE)
    }


def test_what_stands_by(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    assert counts(pair["prod"]) == {"web": 6, "orders": 3, "mailer": 3}
    assert counts(pair["dr"]) == (STANDBY[strategy] or {})
    least = {
        t.name.removeprefix("shop-").removesuffix("-tasks"): t.inputs["minCapacity"]
        for t in pair["dr"].all("aws:appautoscaling/target:Target")
    }
    assert least == (STANDBY[strategy] or {})
    there = 0 if STANDBY[strategy] is None else 1
    assert len(pair["dr"].all("aws:lb/loadBalancer:LoadBalancer")) == there
    assert len(pair["dr"].all("StateMachine")) == there
    shifts = strategy in (Strategy.WARM_STANDBY, Strategy.ACTIVE_ACTIVE)
    assert len(pair["dr"].all("ZonalAutoshiftConfiguration")) == shifts


def test_tasks_are_missed_where_any_is_wanted(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    running = [alarm.name for alarm in pair["dr"].all("MetricAlarm") if alarm.name.endswith("-running")]
    assert len(running) == (3 if any((STANDBY[strategy] or {}).values()) else 0)
    if strategy is Strategy.PILOT_LIGHT:
        hosts = pair["dr"].one("MetricAlarm", "shop-web-hosts").inputs["metricQueries"]
        assert hosts[0]["expression"] == "IF(FILL(wanted, 0) > 0, FILL(healthy0, 0) + FILL(healthy1, 0), 1)"
        (wanted,) = [query["metric"] for query in hosts if query["id"] == "wanted"]
        service = pair["dr"].made[pair["dr"].one(SERVICE, "shop-web-service").urn]["name"]
        assert wanted["dimensions"] == {"ClusterName": "example-production-shop", "ServiceName": service}


def test_what_sends_clients_there(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    for stack, region in REGIONS.items():
        record = pair[stack].one("Record", "shop-site-site-record").inputs
        assert_leads_here(strategy, record, stack, region)


def test_it_keeps_its_own_objectives(strategy: Strategy, pair: dict[str, Deployment]) -> None:
    report = judge([r for stack, region in REGIONS.items() for r in resources(pair[stack], region)])
    verdicts = {failure: report.failures[failure].verdict for failure in Failure}
    assert set(verdicts.values()) <= set(KEPT), verdicts


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_what_it_tells_is_what_the_estimator_reads(pair: dict[str, Deployment], stack: str) -> None:
    told = assert_facts_as_read(pair[stack], stack, REGIONS[stack], COMPARED)
    read = facts(resources(pair[stack], REGIONS[stack]), stack=stack, region=REGIONS[stack])["members"]
    tags = {member["name"]: member["tags"] for member in read if member["kind"] == "compute"}
    for name, found in tags.items():
        assert told[name]["required"] == float(found["dr:required-capacity"])


def test_the_active_region_is_built_again_where_nothing_stood_by() -> None:
    founder = deployed("prod", following("prod", Strategy.BACKUP_AND_RESTORE), {})
    config = following("dr", Strategy.BACKUP_AND_RESTORE, rebuild=True)
    dr = deployed("dr", config, {PEER: outputs(founder)})
    assert counts(dr) == {"web": 6, "orders": 3, "mailer": 3}
    record = dr.one("Record", "shop-site-site-record").inputs
    assert record["failoverRoutingPolicies"] == [{"type": "SECONDARY"}]
    assert record["aliases"][0]["name"] == "us-west-2.shop.holdfast.example"


def test_roles_swap_and_nothing_is_called_otherwise(example: dict[str, Deployment]) -> None:
    swapped = {"activeRegion": "us-west-2", "peerRegion": "us-west-2"}
    config = configured("prod")
    config["holdfast:recovery"] = swapped
    prod = deployed("prod", config, {})
    assert {r.urn for r in prod.resources if r.protect} == {
        r.urn for r in example["prod"].resources if r.protect
    }
    gone = {r.urn for r in example["prod"].resources} - {r.urn for r in prod.resources}
    assert gone == set()
    assert counts(prod) == {"web": 3, "orders": 3, "mailer": 3}

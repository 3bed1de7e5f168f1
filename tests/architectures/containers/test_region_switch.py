"""A system of containers that Region switch plans move: what is in them, what follows them, and what people are told."""

from __future__ import annotations

import re
from typing import Any

import pytest

from policies.recovery import facts, judge
from policies.recovery.model import Failure
from tests.architectures.conftest import PEER, deployed, outputs
from tests.architectures.containers.conftest import REGIONS, configured, pair
from tests.architectures.containers.test_strategies import KEPT
from tests.architectures.containers.test_system import SERVICE
from tests.architectures.test_wiring import check as edges
from tests.architectures.test_wiring import ours, places, read
from tests.architectures.wiring import table
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment

EAST, WEST = "us-east-1", "us-west-2"
PLAN, CLUSTER = "aws:arcregionswitch/plan:Plan", "aws:ecs/cluster:Cluster"
NAMES = ("web", "orders", "mailer")
APPROVER = "arn:aws:iam::123456789012:role/approver"
LOST = f"arn:aws:cloudwatch:{WEST}:123456789012:alarm:east-is-lost"
OWN = re.compile(
    r"\w+ shop-(switch-reports|region|traffic|runbook-|site-site)|stack outputs.systems.shop.switch|.*<- Plan shop"
)


@pytest.fixture(scope="module")
def stacks() -> dict[str, Deployment]:
    return pair(switch={"by": "region-switch"})


def steps(stack: Deployment) -> list[list[dict[str, Any]]]:
    return [workflow["steps"] for workflow in stack.one(PLAN).inputs["workflows"]]


def arn(stack: Deployment, kind: str, name: str) -> str:
    return str(stack.made[stack.one(kind, name).urn]["arn"])


def test_the_joining_stacks_plan_starts_each_service_then_runs_the_founders(
    stacks: dict[str, Deployment],
) -> None:
    for move, last in steps(stacks["dr"]):
        begun = move["parallelConfigs"][0]["steps"]
        assert [step["name"] for step in begun] == [f"start-{name}" for name in NAMES]
        for name, step in zip(NAMES, begun, strict=True):
            (config,) = step["ecsCapacityIncreaseConfigs"]
            assert config["services"] == [
                {
                    "clusterArn": arn(stacks[stack], CLUSTER, "shop-apps-cluster"),
                    "serviceArn": arn(stacks[stack], SERVICE, f"shop-{name}-service"),
                }
                for stack in REGIONS
            ]
        assert last["regionSwitchPlanConfigs"] == [{"arn": arn(stacks["prod"], PLAN, "shop-traffic-plan")}]
    for (only,) in steps(stacks["prod"]):
        assert only["route53HealthCheckConfigs"][0]["recordName"] == "shop.holdfast.example"


def test_the_site_follows_the_plans_checks_and_no_machine_stands(stacks: dict[str, Deployment]) -> None:
    ids = outputs(stacks["prod"])["systems"]["shop"]["switch"]["checkIds"]
    for name, stack in stacks.items():
        site = stack.one("Record", f"shop-site-{REGIONS[name]}-record").inputs
        followed = [
            r.inputs.get("healthCheckId") for r in stack.all("Record") if r.name == "shop-site-site-record"
        ]
        assert followed == [ids[REGIONS[name]]], site
        assert not stack.all("StateMachine")
        assert "takeover" not in outputs(stack)["systems"]["shop"]


def test_both_runbooks_stand_in_the_joining_stack_with_its_plan(stacks: dict[str, Deployment]) -> None:
    assert outputs(stacks["prod"])["systems"]["shop"]["runbook"] == {}
    plan = arn(stacks["dr"], PLAN, "shop-region-plan")
    for name, region in REGIONS.items():
        content = stacks["dr"].one("BucketObjectv2", f"shop-runbook-{region}").inputs["content"]
        there = stacks[name]
        assert f"--region {region} --plan-arn {plan} --target-region {region} --action activate" in content
        assert there.made[there.one("CompositeAlarm").urn]["alarmName"] in content
        for each in ("web", "orders"):
            assert arn(there, "TargetGroup", f"shop-{each}-tg") in content
        for each in NAMES:
            assert there.made[there.one(SERVICE, f"shop-{each}-service").urn]["name"] in content
        assert "@" not in content


def test_where_both_regions_serve_the_one_that_is_lost_is_taken_out() -> None:
    made = pair(switch={"by": "region-switch"}, strategy="active-active")["dr"]
    for region, other in ((EAST, WEST), (WEST, EAST)):
        content = made.one("BucketObjectv2", f"shop-runbook-{region}").inputs["content"]
        calls = re.findall(r"--region (\S+) --plan-arn \S+ --target-region (\S+) --action (\w+)", content)
        assert calls == [*[(region, other, "deactivate")] * 2, (other, other, "activate")]


def test_who_approves_what_starts_it_and_how_long_it_takes_are_the_settings() -> None:
    minutes = {"capacity": 3, "traffic": 1, "approval": 2}
    switch = {"by": "region-switch", "approvalRole": APPROVER, "minutes": minutes}
    prod = deployed("prod", configured("prod", switch=switch), {})
    joining = {**switch, "startedBy": [LOST], "automatic": True}
    dr = deployed("dr", configured("dr", switch=joining, healthPath="/up"), {PEER: outputs(prod)})
    for approve, move, _ in steps(dr):
        assert approve["executionApprovalConfigs"] == [{"approvalRole": APPROVER, "timeoutMinutes": 2}]
        assert {
            step["ecsCapacityIncreaseConfigs"][0]["timeoutMinutes"]
            for step in move["parallelConfigs"][0]["steps"]
        } == {3}
    assert [s["route53HealthCheckConfigs"][0]["timeoutMinutes"] for (s,) in steps(prod)] == [1, 1]
    red = {
        a["resourceIdentifier"]
        for a in dr.one(PLAN).inputs["associatedAlarms"]
        if a["alarmType"] == "trigger"
    }
    assert LOST in red
    assert len(red) == 2
    watch = dr.one("aws:lambda/function:Function", "shop-watch-function").inputs
    assert f"https://{EAST}.shop.holdfast.example/up" in str(watch["environment"])


def test_both_stacks_have_the_same_services_in_their_plan(stacks: dict[str, Deployment]) -> None:
    said = outputs(stacks["dr"])["systems"]["shop"]["agreement"]
    assert [said[f"services.{each}.image"] for each in NAMES] == ["one"] * 3


def members(read_: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in read_}


@pytest.mark.parametrize("stack", ["prod", "dr"])
def test_the_other_stack_is_told_of_the_plan_as_the_estimator_reads_it(
    stacks: dict[str, Deployment], stack: str
) -> None:
    region = REGIONS[stack]
    told = members(outputs(stacks[stack])["recovery"]["members"])
    seen = members(facts(resources(stacks[stack], region), stack=stack, region=region)["members"])
    assert set(told) == set(seen)
    (plan,) = [each for each in told.values() if each["kind"] == "region-switch"]
    assert plan["blocks"] == seen[plan["name"]]["blocks"] == (["dns"] if stack == "prod" else ["capacity"])
    assert set(plan["covers"]) <= set(seen[plan["name"]]["covers"])
    moved = {"shop.holdfast.example"}
    if stack == "dr":
        moved = {arn(stacks[each], SERVICE, f"shop-{name}-service") for each in REGIONS for name in NAMES}
    assert set(plan["covers"]) == moved


def test_it_keeps_its_objectives_for_the_loss_of_a_region(stacks: dict[str, Deployment]) -> None:
    both = [each for stack, region in REGIONS.items() for each in resources(stacks[stack], region)]
    assert judge(both).failures[Failure.REGION].verdict in KEPT


@pytest.mark.parametrize("which", ["founder", "joiner"])
def test_what_it_is_put_together_of(stacks: dict[str, Deployment], which: str) -> None:
    name = "prod" if which == "founder" else "dr"
    found = {**places(configured(name)), "service": list(NAMES), "outside": ["web", "orders"]}
    peer = {} if which == "founder" else read(stacks["prod"])
    edges(ours(stacks[name], peer, OWN), table("region_switch", which, found))

"""Region switch plans, of one stack or nested over two, take decisions from people; approval gives them back."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

import pytest

from policies.recovery import Report, Resource, Settings, check, facts, judge
from policies.recovery.model import Verdict
from tests.policies.recovery.build import node, res, times
from tests.policies.recovery.systems import dr, linked, prod

CHILD = "arn:aws:arc-region-switch::123456789012:plan/name:abc123"
SEND = {
    "name": "send-traffic",
    "executionBlockType": "Route53HealthCheck",
    "route53HealthCheckConfigs": [{"hostedZoneId": "Z1", "recordName": "www.example.com"}],
}
FIFTEEN_MINUTES = {"rto-hours": "0.25", "rpo-minutes": "1"}
PROMISING = ("db", "web", "web-lb")


def child(stack: str = "prod") -> Resource:
    """The plan that moves the name: it has no trigger of its own."""
    return res("switch", "name-plan", {"arn": CHILD, "workflows": [{"steps": [SEND]}]}, stack=stack)


def promising(resources: list[Resource]) -> list[Resource]:
    """The same, where the system promises 15 minutes and 1 minute."""

    def of(resource: Resource) -> Resource:
        tags: Any = resource.props.get("tags")
        if resource.name not in PROMISING or not tags:
            return resource
        if isinstance(tags, list):
            told = {t["key"]: t["value"] for t in tags} | FIFTEEN_MINUTES
            tags = [{"key": k, "value": v, "propagateAtLaunch": True} for k, v in told.items()]
        else:
            tags = {**tags, **FIFTEEN_MINUTES}
        return dataclasses.replace(resource, props={**resource.props, "tags": tags})

    return [of(resource) for resource in resources]


def serving(*, followed: bool = True) -> list[Resource]:
    """The active stack: its record follows the child plan's check, or its own."""
    name = child()
    found = [linked(r, healthCheckId=name) if followed and r.name == "www" else r for r in prod()]
    return promising([*found, name])


def standing_by(
    *, desired: int = 6, parent: bool = True, approval: bool = False, nested: bool = True
) -> list[Resource]:
    """The warm standby with the plan that its alarm starts, and that runs the child plan last."""
    more: list[dict[str, Any]] = []
    if approval:
        more.append(
            {"name": "approve", "executionBlockType": "ManualApproval", "executionApprovalConfigs": [{}]}
        )
    if nested:
        more.append(
            {
                "name": "child-1",
                "executionBlockType": "ARCRegionSwitchPlan",
                "regionSwitchPlanConfigs": [{"arn": CHILD}],
            }
        )

    def longer(resource: Resource) -> Resource:
        if resource.name != "plan":
            return resource
        [workflow] = resource.props["workflows"]
        steps = [*workflow["steps"], *more]
        return dataclasses.replace(resource, props={**resource.props, "workflows": [{"steps": steps}]})

    return promising([longer(r) for r in dr(desired=desired, plan=parent)])


def judged(standby: list[Resource], active: list[Resource] | None = None) -> Report:
    return judge([*(active or serving()), *standby], Settings(home="us-east-1"))


def test_a_record_that_follows_a_plan_doesnt_turn_by_the_name_that_it_answers_with() -> None:
    """The region's own name has a last resort, so it stays healthy when the region isn't."""

    def named(resource: Resource) -> Resource:
        if resource.name != "www":
            return resource
        alias = {"name": "us-east-1.www.example.com", "zoneId": "Z1", "evaluateTargetHealth": True}
        bare = {k: v for k, v in resource.property_dependencies.items() if k != "aliases"}
        return dataclasses.replace(
            resource, props={**resource.props, "aliases": [alias]}, property_dependencies=bare
        )

    name = node(judged(standing_by(), [named(r) for r in serving()]), "region", "www")
    assert [term.why for term in name.terms if "target" in term.why] == []
    assert any("the plan's health checks" in term.why for term in name.terms)


def test_a_plan_with_trigger_and_no_approval_keeps_fifteen_minutes_and_one() -> None:
    report = judged(standing_by())
    database, name = node(report, "region", "db"), node(report, "region", "www")
    # the plan's alarm 60 x 3 + 0..60, no decision, fail over 60..600, endpoint 5 + 0..30
    assert times(database) == (180 + 60 + 5, 240 + 600 + 35)
    # the same alarm, and what clients keep of the record
    assert (name.option, times(name)) == ("moved by a Region switch plan", (180 + 60, 240 + 60))
    assert {t.step.value for n in (database, name) for t in n.terms}.isdisjoint({"decide"})
    region = report.failures["region"]
    assert all(
        n.verdict in (Verdict.MET, Verdict.MET_IF) for n in region.nodes if n.unit.name in (*PROMISING, "www")
    ), [(n.unit.name, n.verdict, times(n)) for n in region.nodes]


@pytest.mark.parametrize("changes", [{"approval": True}, {"parent": False}])
def test_without_trigger_or_with_approval_a_person_decides_and_fifteen_minutes_are_missed(
    changes: dict[str, bool],
) -> None:
    report = judged(standing_by(**changes))
    for name in ("db", "www"):
        found = node(report, "region", name)
        assert "decide" in {t.step.value for t in found.terms}, name
        assert found.rto_verdict.severity > Verdict.MET_IF.severity, name


def test_what_no_plan_moves_a_person_moves() -> None:
    report = judged(standing_by(nested=False))
    assert "decide" not in {t.step.value for t in node(report, "region", "db").terms}
    assert "decide" in {t.step.value for t in node(report, "region", "www").terms}


def test_the_child_plan_is_found_among_another_stacks_facts() -> None:
    told = json.loads(json.dumps(facts(serving(), stack="prod", region="us-east-1", role="active")))
    assert check(told) == []
    [plan] = [m for m in told["members"] if m["kind"] == "region-switch"]
    assert (plan["arn"], plan["blocks"]) == (CHILD, ["dns"])
    [record] = [m for m in told["members"] if m["kind"] == "dns"]
    assert record["switched"] is True
    report = judge(standing_by(), peers=[told])
    assert times(node(report, "region", "www")) == (240, 300)


def test_the_slowest_alarm_of_a_trigger_is_waited_for() -> None:
    slow = res("alarm", "slow", {"period": 60, "evaluationPeriods": 5}, stack="dr")
    fast = res("alarm", "fast", {"period": 60, "evaluationPeriods": 1}, stack="dr")
    found = []
    for resource in standing_by():
        if resource.name == "plan":
            both = {**resource.property_dependencies, "associatedAlarms": frozenset({slow.urn, fast.urn})}
            resource = dataclasses.replace(resource, property_dependencies=both)  # noqa: PLW2901
        found.append(resource)
    assert times(node(judged([*found, slow, fast]), "region", "www")) == (300 + 60, 360 + 60)


FILES = "arn:aws:elasticfilesystem:us-east-1:123456789012:file-system/fs-1"


@pytest.mark.parametrize("told", ["by reference", "by id", "of another", "not"])
def test_a_plans_function_moves_the_stores_that_it_is_told_of(told: str) -> None:
    tags = {"dr-tier": "1", "rto-hours": "4", "rpo-minutes": "15"}
    files = res("efs", "files", {"tags": tags, "arn": FILES})
    copy = res("efs-replication", "copy", {"destination": {"region": "us-west-2"}}, sourceFileSystemId=files)
    said = {"by id": "fs-1", "of another": "fs-12"}.get(told)
    environment = {"environment": {"variables": {"FILES": said}}} if said else {}
    function = res(
        "lambda", "mover", environment, **({"environment": files} if told == "by reference" else {})
    )
    step = {
        "name": "open-files",
        "executionBlockType": "CustomActionLambda",
        "customActionLambdaConfigs": [{"lambdas": [{"arn": "arn:mover"}], "regionToRun": "activatingRegion"}],
    }
    workflows = [{"steps": [step]}]
    plan = res("switch", "mover-plan", {"workflows": workflows, "triggers": [{}]}, workflows=function)
    found = node(judge([files, copy, function, plan], Settings(home="us-east-1")), "region", "files")
    assert found.option == "replica in us-west-2"
    assert ("decide" in {t.step.value for t in found.terms}) is (told in ("of another", "not"))

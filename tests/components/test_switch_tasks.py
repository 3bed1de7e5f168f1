from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from components.checks import ArgumentError
from components.switch import ScaledService, Takeover, TakeoverArgs
from tests.components.test_switch_region import EAST, TAGS, WEST
from tests.pulumi_mocks import Deployment, deploy

WEB = ScaledService(
    label="web",
    cluster_name="shop",
    service_name="web-1",
    arn="arn:aws:ecs:us-west-2:1:service/shop/web-1",
    tasks=6,
)
ARGS = TakeoverArgs(
    machine_name="shop-takeover",
    region=WEST,
    peer_region=EAST,
    system="shop",
    services=[WEB, replace(WEB, label="orders", service_name="orders-1", tasks=3)],
    key_arn="arn:key",
    actions=["arn:aws:sns:us-west-2:123456789012:ops"],
    tags=TAGS,
)


def run(args: TakeoverArgs = ARGS) -> Deployment:
    return deploy(lambda: Takeover("shop-takeover", args) and None, config={"aws:region": WEST})


def branches(args: TakeoverArgs = ARGS) -> list[dict[str, Any]]:
    definition = json.loads(run(args).one("StateMachine").inputs["definition"])
    return list(definition["States"]["Move"]["Branches"])


def test_each_service_is_a_branch_with_states_of_its_own() -> None:
    found = branches()
    names = [name for branch in found for name in branch["States"]]
    assert len(found) == 2
    assert len(set(names)) == len(names) == 12
    for branch in found:
        nexts = {s["Next"] for s in branch["States"].values() if "Next" in s}
        nexts |= {c["Next"] for s in branch["States"].values() for c in s.get("Choices", [])}
        assert nexts | {branch["StartAt"]} <= set(branch["States"])


def test_scaling_keeps_what_is_started() -> None:
    web = branches()[0]
    first = web["States"][web["StartAt"]]
    assert first["Resource"] == "arn:aws:states:::aws-sdk:applicationautoscaling:registerScalableTarget"
    assert first["Parameters"] == {
        "ServiceNamespace": "ecs",
        "ScalableDimension": "ecs:service:DesiredCount",
        "ResourceId": "service/shop/web-1",
        "MinCapacity": 6,
    }
    assert web["States"]["StartTasks-web"]["Parameters"] == {
        "Cluster": "shop",
        "Service": "web-1",
        "DesiredCount": 6,
    }


@pytest.mark.parametrize(
    ("desired", "running", "then"),
    [(3, 3, "StartTasks-web"), (6, 3, "AwaitTasks-web"), (6, 6, "TasksRun-web"), (9, 9, "TasksRun-web")],
)
def test_never_fewer_than_there_are(desired: int, running: int, then: str) -> None:
    choice = branches()[0]["States"]["EnoughTasks-web"]
    known = {"$.service.desired": desired, "$.service.running": running}
    compare = {"NumericLessThan": int.__lt__, "NumericGreaterThanEquals": int.__ge__}

    def holds(rule: dict[str, Any]) -> bool:
        return any(
            does(known[rule["Variable"]], rule[name]) for name, does in compare.items() if name in rule
        )

    assert next((rule["Next"] for rule in choice["Choices"] if holds(rule)), choice["Default"]) == then


def test_the_role_may_change_these_services_alone() -> None:
    policy = json.loads(run().one("RolePolicy").inputs["policy"])["Statement"]
    services = [s["Resource"] for s in policy if "ecs:UpdateService" in s["Action"]]
    assert services == [WEB.arn, WEB.arn]
    scaling = [s for s in policy if s["Action"] == "application-autoscaling:RegisterScalableTarget"]
    assert scaling[0]["Condition"] == {"StringEquals": {"application-autoscaling:service-namespace": "ecs"}}


def test_what_can_not_be_is_told() -> None:
    for services, message in (
        ([WEB, WEB], "services: got web more than once, allowed is each once"),
        ([replace(WEB, tasks=0)], "services.tasks: got 0, allowed is 1 or more"),
    ):
        with pytest.raises(ArgumentError) as told:
            replace(ARGS, services=services).check()
        assert str(told.value) == message

"""A state machine that starts tasks, for real: Step Functions spells what ECS takes and answers as AWS does."""

from __future__ import annotations

import json
import time
from dataclasses import replace
from typing import Any

import pytest

from components.switch import Pace
from tests.components.test_switch_tasks import ARGS, WEB, run
from tests.sandbox.emptied import emptied
from tests.sandbox.test_region_switch import WEST, Boto

CLUSTER = "shop"


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "ecs", "stepfunctions", "application-autoscaling", "cloudwatch", "iam")


@pytest.fixture
def ecs(boto: Boto) -> Any:
    found = boto("ecs", WEST)
    found.create_cluster(clusterName=CLUSTER)
    found.register_task_definition(
        family="web", containerDefinitions=[{"name": "app", "image": "nginx", "memory": 512}]
    )
    for name, count in (("web-1", 3), ("orders-1", 9)):
        found.create_service(cluster=CLUSTER, serviceName=name, taskDefinition="web", desiredCount=count)
    return found


def counts(ecs: Any) -> dict[str, tuple[int, int]]:
    found = ecs.describe_services(cluster=CLUSTER, services=["web-1", "orders-1"])["services"]
    return {each["serviceName"]: (each["desiredCount"], each["runningCount"]) for each in found}


def execute(boto: Boto, definition: dict[str, Any]) -> dict[str, Any]:
    sfn = boto("stepfunctions", WEST)
    machine = sfn.create_state_machine(
        name="take", definition=json.dumps(definition), roleArn="arn:aws:iam::123456789012:role/take"
    )["stateMachineArn"]
    run_ = sfn.start_execution(
        stateMachineArn=machine, input=json.dumps({"action": "take", "mode": "failover"})
    )["executionArn"]
    for _ in range(200):
        found = dict(sfn.describe_execution(executionArn=run_))
        if found["status"] != "RUNNING":
            return found
        time.sleep(0.05)
    raise AssertionError("the execution does not end")


def test_as_many_tasks_run_as_a_new_service_wants(ecs: Any) -> None:
    assert counts(ecs) == {"web-1": (3, 3), "orders-1": (9, 9)}


def test_tasks_are_started_and_never_stopped(ecs: Any, boto: Boto) -> None:
    # The shortest pace that there is, so that the test doesn't wait.
    args = replace(ARGS, pace=Pace(poll=1, retry=1))
    found = execute(boto, json.loads(run(args).one("StateMachine").inputs["definition"]))
    assert found["status"] == "SUCCEEDED", found.get("cause")
    assert counts(ecs) == {"web-1": (6, 6), "orders-1": (9, 9)}
    ranges = boto("application-autoscaling", WEST).describe_scalable_targets(ServiceNamespace="ecs")
    least = {each["ResourceId"]: each["MinCapacity"] for each in ranges["ScalableTargets"]}
    assert least == {f"service/{CLUSTER}/{WEB.service_name}": 6, f"service/{CLUSTER}/orders-1": 3}


def test_a_parameter_that_the_api_lacks_is_refused(ecs: Any, boto: Boto) -> None:
    state = {
        "Type": "Task",
        "Resource": "arn:aws:states:::aws-sdk:ecs:describeServices",
        "Parameters": {"Cluster": CLUSTER, "Services": ["web-1"], "Colour": "red"},
        "End": True,
    }
    found = execute(boto, {"StartAt": "Look", "States": {"Look": state}})
    assert found["status"] == "FAILED"
    assert counts(ecs)["web-1"] == (3, 3)

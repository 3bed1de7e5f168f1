from __future__ import annotations

import json

from tests.policies.case import NOT_KNOWN, Case, R

PERMISSION = "aws:lambda/permission:Permission"
MACHINE = "aws:sfn/stateMachine:StateMachine"
SERVICE, GROUP = "aws:ecs/service:Service", "aws:codedeploy/deploymentGroup:DeploymentGroup"


def machine(*states: dict[str, object]) -> list[R]:
    return [
        R(MACHINE, props={"definition": json.dumps({"States": {f"s{i}": s for i, s in enumerate(states)}})})
    ]


TASK, SAFE = {"Type": "Task"}, {"Type": "Task", "Retry": [{"ErrorEquals": ["States.ALL"]}]}

LATTICE = "aws:vpclattice/service:Service"
CASES = [
    Case(
        rule="vpc-lattice-service-auth",
        bad=[R(LATTICE, props={"authType": "NONE"})],
        good=[R(LATTICE, props={"authType": "AWS_IAM"})],
        unsure=[R(LATTICE, props={"authType": NOT_KNOWN})],
    ),
    Case(
        rule="vpc-lattice-service-auth",
        note="unsaid",
        bad=[R(LATTICE)],
        good=[R("aws:vpclattice/serviceNetwork:ServiceNetwork")],
        unsure=[R(LATTICE, props={"authType": NOT_KNOWN})],
    ),
    Case(
        rule="lambda-permission-source",
        bad=[R(PERMISSION, props={"principal": "events.amazonaws.com", "sourceArn": ""})],
        good=[R(PERMISSION, props={"principal": "events.amazonaws.com", "sourceArn": NOT_KNOWN})],
        unsure=[R(PERMISSION, props={"principal": NOT_KNOWN})],
    ),
    Case(
        rule="lambda-permission-source",
        note="everybody",
        bad=[R(PERMISSION, props={"principal": "*"})],
        good=[
            R(PERMISSION, props={"principal": "111122223333"}),
            R(PERMISSION, "s3", {"principal": "s3.amazonaws.com", "sourceAccount": "1"}),
        ],
        unsure=[R(PERMISSION, props={"principal": NOT_KNOWN, "sourceArn": ""})],
    ),
    Case(
        rule="sfn-state-machine-retries",
        bad=machine(SAFE, TASK),
        good=machine(SAFE, {"Type": "Wait"}, {"Type": "Task", "Catch": [{}]}),
        unsure=[R(MACHINE, props={"definition": NOT_KNOWN})],
    ),
    Case(
        rule="sfn-state-machine-retries",
        note="inside",
        bad=machine({"Type": "Parallel", "Branches": [{"States": {"deep": TASK}}]}),
        good=machine({"Type": "Map", "ItemProcessor": {"States": {"deep": SAFE}}}),
        unsure=[R(MACHINE, props={"definition": NOT_KNOWN})],
    ),
    Case(
        rule="aws-deployment-rolls-back",
        bad=[R(SERVICE, props={"deploymentCircuitBreaker": {"enable": True, "rollback": False}})],
        good=[
            R(SERVICE, props={"deploymentCircuitBreaker": {"enable": True, "rollback": True}}),
            R(SERVICE, "by-other", {"deploymentController": {"type": "CODE_DEPLOY"}}),
        ],
        unsure=[R(SERVICE, props={"deploymentCircuitBreaker": NOT_KNOWN})],
    ),
    Case(
        rule="aws-deployment-rolls-back",
        note="codedeploy",
        bad=[R(GROUP)],
        good=[R(GROUP, props={"autoRollbackConfiguration": {"enabled": True}})],
        unsure=[R(GROUP, props={"autoRollbackConfiguration": {"enabled": NOT_KNOWN}})],
    ),
]

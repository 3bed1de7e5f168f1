from __future__ import annotations

import json

from tests.policies.case import NOT_KNOWN, Case, R

PERMISSION = "aws:lambda/permission:Permission"
ROUTE, METHOD = "aws:apigatewayv2/route:Route", "aws:apigateway/method:Method"
FUNCTION = "aws:lambda/function:Function"
MACHINE = "aws:sfn/stateMachine:StateMachine"
SERVICE, GROUP = "aws:ecs/service:Service", "aws:codedeploy/deploymentGroup:DeploymentGroup"


def machine(*states: dict[str, object]) -> list[R]:
    return [
        R(MACHINE, props={"definition": json.dumps({"States": {f"s{i}": s for i, s in enumerate(states)}})})
    ]


def called(token: str) -> list[R]:
    return [
        R(
            "aws:apigatewayv2/integration:Integration",
            props={"integrationUri": NOT_KNOWN},
            refs={"integrationUri": ["code"]},
        ),
        R(token, "code"),
    ]


def of(api: str, key: str, kind: object = "NONE") -> R:
    return R(ROUTE, props={"routeKey": key, "authorizationType": kind}, refs={"apiId": [api]})


TASK, SAFE = {"Type": "Task"}, {"Type": "Task", "Retry": [{"ErrorEquals": ["States.ALL"]}]}

LATTICE = "aws:vpclattice/service:Service"
API = "aws:apigatewayv2/api:Api"
ASKED = [
    R(API, "api"),
    R(API, "other"),
    R("aws:route53/healthCheck:HealthCheck", "check", {"resourcePath": "/health"}, {"fqdn": ["api"]}),
]
"""An API that Route 53 asks, and another one."""

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
        rule="apigateway-route-authorized",
        bad=[R(ROUTE, props={"routeKey": "GET /orders", "authorizationType": "NONE"})],
        good=[
            R(ROUTE, props={"routeKey": "GET /orders", "authorizationType": "JWT"}),
            R(ROUTE, "bye", {"routeKey": "$disconnect"}),
        ],
        unsure=[R(ROUTE, props={"routeKey": "GET /orders", "authorizationType": NOT_KNOWN})],
    ),
    Case(
        rule="apigateway-route-authorized",
        note="what a health check asks",
        bad=[*ASKED, of("api", "POST /health")],
        good=[*ASKED, of("api", "GET /health")],
        unsure=[*ASKED, of("api", "GET /orders", NOT_KNOWN)],
    ),
    Case(
        rule="apigateway-route-authorized",
        note="a health check of another API",
        bad=[*ASKED, of("other", "GET /health")],
        good=[*ASKED, of("other", "GET /health", "AWS_IAM")],
        unsure=[*ASKED, of("other", "GET /health", NOT_KNOWN)],
    ),
    Case(
        rule="apigateway-route-authorized",
        note="rest",
        bad=[R(METHOD, props={"httpMethod": "POST", "authorization": "NONE"})],
        good=[
            R(METHOD, props={"httpMethod": "POST", "authorization": "AWS_IAM"}),
            R(METHOD, "cors", {"httpMethod": "OPTIONS", "authorization": "NONE"}),
            R(METHOD, "key", {"httpMethod": "GET", "authorization": "NONE", "apiKeyRequired": True}),
        ],
        unsure=[R(METHOD, props={"httpMethod": NOT_KNOWN})],
    ),
    Case(
        rule="apigateway-integration-alias",
        bad=called(FUNCTION),
        good=called("aws:lambda/alias:Alias"),
        unsure=[R("aws:apigateway/integration:Integration", props={"uri": NOT_KNOWN})],
        then="good",
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

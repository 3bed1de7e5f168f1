from __future__ import annotations

from tests.policies.case import NOT_KNOWN, Case, R

ROUTE, METHOD = "aws:apigatewayv2/route:Route", "aws:apigateway/method:Method"
REST, RESOURCE = "aws:apigateway/restApi:RestApi", "aws:apigateway/resource:Resource"
STAGE, HTTP_STAGE = "aws:apigateway/stage:Stage", "aws:apigatewayv2/stage:Stage"
DEPLOYMENT = "aws:apigateway/deployment:Deployment"
FUNCTION = "aws:lambda/function:Function"
LIMITS = {"throttlingRateLimit": 100, "throttlingBurstLimit": 200}


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


API = "aws:apigatewayv2/api:Api"
ASKED = [
    R(API, "api"),
    R(API, "other"),
    R("aws:route53/healthCheck:HealthCheck", "check", {"resourcePath": "/health"}, {"fqdn": ["api"]}),
]
"""An API that Route 53 asks, and another one."""

DEEP = [
    R(REST, "rest"),
    R(STAGE, "live", {"stageName": "live"}, {"restApi": ["rest"]}),
    R(RESOURCE, "health", {"pathPart": "health"}, {"restApi": ["rest"], "parentId": ["rest"]}),
    R(RESOURCE, "deeper", {"pathPart": "deep"}, {"restApi": ["rest"], "parentId": ["health"]}),
    R(
        "aws:route53/healthCheck:HealthCheck",
        "check",
        {"resourcePath": "/live/health/deep"},
        {"fqdn": ["rest"]},
    ),
]
"""A REST API that Route 53 asks, by its stage."""


def method(resource: str, verb: object, kind: object = "NONE") -> R:
    refs = {"restApi": ["rest"], "resourceId": [resource]}
    return R(METHOD, props={"httpMethod": verb, "authorization": kind}, refs=refs)


def limited(path: object, limits: dict[str, object]) -> R:
    props = {"methodPath": path, "settings": limits}
    return R("aws:apigateway/methodSettings:MethodSettings", "limits", props, {"stageName": ["it"]})


CASES = [
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
        rule="apigateway-route-authorized",
        note="what a health check asks of a rest api",
        bad=[*DEEP, method("deeper", "POST")],
        good=[*DEEP, method("deeper", "GET")],
        unsure=[*DEEP, method("deeper", NOT_KNOWN)],
    ),
    Case(
        rule="apigateway-route-authorized",
        note="a path that no health check asks of a rest api",
        bad=[*DEEP, method("health", "GET")],
        good=[*DEEP, method("health", "GET", "AWS_IAM")],
        unsure=[*DEEP, method("health", "GET", NOT_KNOWN)],
    ),
    Case(
        rule="apigateway-stage-access-log",
        bad=[R(STAGE, props={"stageName": "live"})],
        good=[R(STAGE, props={"accessLogSettings": {"destinationArn": NOT_KNOWN, "format": "x"}})],
        unsure=[R(STAGE, props={"accessLogSettings": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="apigateway-stage-access-log",
        note="http",
        bad=[R(HTTP_STAGE)],
        good=[R(HTTP_STAGE, props={"accessLogSettings": {"destinationArn": "arn", "format": "x"}})],
        unsure=[R(HTTP_STAGE, props={"accessLogSettings": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="apigateway-stage-throttled",
        bad=[R(HTTP_STAGE, props={"defaultRouteSettings": {"throttlingRateLimit": 100}})],
        good=[R(HTTP_STAGE, props={"defaultRouteSettings": LIMITS})],
        unsure=[R(HTTP_STAGE, props={"defaultRouteSettings": NOT_KNOWN})],
    ),
    Case(
        rule="apigateway-stage-throttled",
        note="rest",
        bad=[R(STAGE), limited("a~1b/GET", LIMITS)],
        good=[R(STAGE), limited("*/*", LIMITS)],
        unsure=[R(STAGE), limited("*/*", {**LIMITS, "throttlingRateLimit": NOT_KNOWN})],
    ),
    Case(
        rule="apigateway-stage-throttled",
        note="switched off",
        bad=[R(STAGE), limited("*/*", {**LIMITS, "throttlingRateLimit": -1})],
        good=[R(STAGE), limited("*/*", {**LIMITS, "metricsEnabled": True})],
        unsure=[R(STAGE), limited(NOT_KNOWN, LIMITS)],
    ),
    Case(
        rule="apigateway-deployment-follows",
        bad=[R(DEPLOYMENT)],
        good=[R(DEPLOYMENT, props={"triggers": {"copied": NOT_KNOWN}})],
        unsure=[R(DEPLOYMENT, props={"triggers": NOT_KNOWN})],
        then="good",
    ),
    Case(
        rule="apigateway-integration-alias",
        bad=called(FUNCTION),
        good=called("aws:lambda/alias:Alias"),
        unsure=[R("aws:apigateway/integration:Integration", props={"uri": NOT_KNOWN})],
        then="good",
    ),
]

"""REST APIs of API Gateway: methods change in place, a stage goes over to another deployment, and what a stage and an account are told is kept."""

from __future__ import annotations

import json

import pytest

from sandbox.aws.clockwork import api_kinds, apis
from sandbox.provider import ProviderError
from tests.sandbox.test_rds_rows import Made

V1 = "aws:apigateway"
URI = (
    "arn:aws:apigateway:us-east-1:lambda:path/2015-03-31/functions/"
    "arn:aws:lambda:us-east-1:123456789012:function:items:live/invocations"
)


class Part(Made):
    """A resource of which `name` is an input."""

    def __init__(self, provider, kind: str, inputs: dict) -> None:
        self.provider, self.token = provider, f"{V1}/{kind[0].lower()}{kind[1:]}:{kind}"
        self.urn = f"urn:pulumi:prod::holdfast::{self.token}::it"
        self.inputs = self.check(inputs)
        self.id, self.outputs = provider.create(self.token, self.inputs)


class Rest:
    """A REST API with one method, deployed."""

    def __init__(self, provider) -> None:
        def made(kind: str, **inputs) -> Part:
            return Part(provider, kind, inputs)

        self.made = made
        self.api = made("RestApi", name="claims")
        root, self.id = self.api.outputs["rootResourceId"], self.api.id
        self.path = made("Resource", restApi=self.id, parentId=root, pathPart="items")
        where = {"restApi": self.id, "resourceId": self.path.id, "httpMethod": "GET"}
        self.method = made("Method", **where, authorization="NONE")
        self.integration = made(
            "Integration",
            **where,
            type="AWS_PROXY",
            integrationHttpMethod="POST",
            uri=URI,
            timeoutMilliseconds=29_000,
        )
        self.deployment = made("Deployment", restApi=self.id, triggers={"copied": "1"})
        self.stage = made(
            "Stage",
            restApi=self.id,
            stageName="live",
            deployment=self.deployment.id,
            accessLogSettings={
                "destinationArn": "arn:aws:logs:us-east-1:123456789012:log-group:a",
                "format": "f",
            },
            xrayTracingEnabled=True,
        )


@pytest.fixture
def rest(provider) -> Rest:
    return Rest(provider)


def test_a_method_and_its_integration_change_in_place(rest, boto) -> None:
    assert rest.method.diff(authorization="AWS_IAM").replaces == []
    assert rest.method.diff(httpMethod="POST").replaces == ["httpMethod"]
    rest.method.update(authorization="AWS_IAM")
    where = {"restApiId": rest.id, "resourceId": rest.path.id, "httpMethod": "GET"}
    found = boto("apigateway").get_method(**where)
    assert (found["authorizationType"], found["methodIntegration"]["uri"]) == ("AWS_IAM", URI)
    assert found["methodIntegration"]["timeoutInMillis"] == 29_000
    rest.integration.update(uri=URI.replace("items", "jobs"))
    assert "function:jobs:live" in boto("apigateway").get_integration(**where)["uri"]


def test_a_stage_goes_over_to_another_deployment(rest, boto) -> None:
    assert rest.deployment.diff(triggers={"copied": "2"}).replaces == ["triggers"]
    client = boto("apigateway")
    later = rest.made("Deployment", restApi=rest.id, triggers={"copied": "2"})
    assert rest.stage.diff(deployment=later.id).replaces == []
    rest.stage.update(deployment=later.id, xrayTracingEnabled=False)
    found = client.get_stage(restApiId=rest.id, stageName="live")
    assert (found["deploymentId"], found["tracingEnabled"]) == (later.id, False)
    assert found["accessLogSettings"]["format"] == "f"
    rest.deployment.delete()
    assert [each["id"] for each in client.get_deployments(restApiId=rest.id)["items"]] == [later.id]


def test_a_stage_keeps_the_limits_of_all_methods_and_of_one(rest, boto) -> None:
    given = {"restApi": rest.id, "stageName": "live"}
    limits = {"throttlingRateLimit": 100, "throttlingBurstLimit": 200, "metricsEnabled": True}
    every = rest.made("MethodSettings", **given, methodPath="*/*", settings=limits)
    own = rest.made(
        "MethodSettings", **given, methodPath="~1items/GET", settings={**limits, "throttlingRateLimit": 5}
    )
    every.update(settings={**limits, "throttlingBurstLimit": 300})
    found = boto("apigateway").get_stage(restApiId=rest.id, stageName="live")["methodSettings"]
    said = {path: (each["throttlingRateLimit"], each["throttlingBurstLimit"]) for path, each in found.items()}
    assert said == {"*/*": (100, 300), "~1items/GET": (5, 200)}
    assert own.read() is not None
    rest.stage.delete()
    assert own.read() is None, "they go with the stage"


def test_a_policy_is_the_apis_and_goes(rest, boto) -> None:
    text = json.dumps({"Version": "2012-10-17", "Statement": []})
    policy = rest.made("RestApiPolicy", restApiId=rest.id, policy=text)
    assert boto("apigateway").get_rest_api(restApiId=rest.id)["policy"] == text
    policy.delete()
    assert policy.read() is None
    assert not boto("apigateway").get_rest_api(restApiId=rest.id).get("policy")


def test_a_regions_account_has_the_role_that_writes_logs(rest, boto) -> None:
    role = "arn:aws:iam::123456789012:role/logs"
    account = rest.made("Account", cloudwatchRoleArn=role)
    assert boto("apigateway").get_account()["cloudwatchRoleArn"] == role
    account.update(cloudwatchRoleArn=f"{role}-2")
    assert boto("apigateway").get_account()["cloudwatchRoleArn"] == f"{role}-2"
    account.delete()
    assert not boto("apigateway").get_account().get("cloudwatchRoleArn")


def test_what_checks_requests_is_there_and_goes(rest, boto) -> None:
    client = boto("apigateway")
    pool = "arn:aws:cognito-idp:us-east-1:123456789012:userpool/us-east-1_A"
    users = rest.made(
        "Authorizer", restApi=rest.id, name="users", type="COGNITO_USER_POOLS", providerArns=[pool]
    )
    shape = rest.made("Model", restApi=rest.id, name="Body", contentType="application/json", schema="{}")
    checks = rest.made("RequestValidator", restApi=rest.id, name="body", validateRequestBody=True)
    [found] = client.get_authorizers(restApiId=rest.id)["items"]
    assert (found["id"], found["providerARNs"]) == (users.id, [pool])
    assert [each["name"] for each in client.get_models(restApiId=rest.id)["items"]] == ["Body"]
    for each in (users, shape, checks):
        each.delete()
        assert each.read() is None


def test_what_asks_it_finds_the_route_by_its_own_name_and_stage(rest, boto) -> None:
    own = f"{rest.id}.execute-api.us-east-1.amazonaws.com"
    api = apis.of(own)
    assert api == api_kinds.Api("us-east-1", "claims", True, {"GET /items": URI}, "/live")
    assert apis.answer(api, "/live/items", None) == (500, "there is no function items in us-east-1")
    assert apis.answer(api, "/items", None) == (404, "claims has no route for /items")
    assert apis.answer(api, "/live/other", None)[0] == 404
    assert apis.of("other.execute-api.us-east-1.amazonaws.com") is None
    rest.deployment.delete()
    assert apis.answer(apis.of(own), "/live/items", None) == (404, "claims has no stage")


def test_a_stage_of_no_deployment_is_refused(rest) -> None:
    with pytest.raises(ProviderError):
        rest.made(
            "MethodSettings",
            restApi=rest.id,
            stageName="other",
            methodPath="*/*",
            settings={"metricsEnabled": True},
        )

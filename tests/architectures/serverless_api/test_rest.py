"""What a serverless API with a REST API registers: methods, checks, limits, who may ask, deployment, stage, names."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from architectures.serverless_api.settings import ServerlessApiSettings
from tests.architectures.conftest import deployed
from tests.architectures.serverless_api.conftest import REGIONS
from tests.architectures.serverless_api.rest_example import configured, pair
from tests.pulumi_mocks import Deployment
from tests.test_settings import load

V1 = "aws:apigateway"
METHOD, INTEGRATION = f"{V1}/method:Method", f"{V1}/integration:Integration"
SITE = "claims.holdfast.example"
LISTENER = (
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/old/50dc6c495c0c9188/f2f7dc8efc522ab2"
)


@pytest.fixture(scope="module")
def example() -> dict[str, Deployment]:
    return pair()


@pytest.fixture(params=["prod", "dr"])
def stack(request: pytest.FixtureRequest, example: dict[str, Deployment]) -> Deployment:
    found = example[request.param]
    assert not found.all("aws:apigatewayv2/api:Api"), "one API"
    return found


def where(stack: Deployment) -> str:
    return str(stack.one("Authorizer", "claims-rest-adjusters").inputs["providerArns"][0].split(":")[3])


def test_each_route_is_a_method_that_asks_as_it_says(stack: Deployment) -> None:
    said = configured("prod")["holdfast:systems"]["claims"]["routes"]
    kinds = {"none": "NONE", "iam": "AWS_IAM", "adjusters": "COGNITO_USER_POOLS"}
    found = {each.name.removeprefix("claims-rest-"): each.inputs for each in stack.all(METHOD)}
    assert sorted(found) == sorted(said)
    for name, route in said.items():
        method, path = route["routeKey"].split()
        assert found[name]["httpMethod"] == method
        place = "claims-rest-api-root" if path == "/" else f"claims-rest-{label(path)}-id"
        assert found[name]["resourceId"] == place
        assert found[name]["authorization"] == kinds[route["auth"]]
        assert ("authorizerId" in found[name]) is (route["auth"] == "adjusters")
        assert found[name].get("authorizationScopes") == route.get("scopes")


def label(path: str) -> str:
    return re.sub(r"\{.*?\}", "()", path[1:])


def test_the_paths_are_a_tree(stack: Deployment) -> None:
    parts = {each.name: each.inputs["pathPart"] for each in stack.all(f"{V1}/resource:Resource")}
    assert parts["claims-rest-items/()"] == "{id}"
    assert sorted(parts.values()) == sorted(
        ["health", "deep", "items", "{id}", "jobs", "{id}", "tariffs", "{year}"]
    )


def test_tokens_are_of_the_regions_own_user_pool(example: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        found = example[name].one("Authorizer", "claims-rest-adjusters").inputs
        [arn] = found["providerArns"]
        assert arn.startswith(f"arn:aws:cognito-idp:{region}:123456789012:userpool/{region}_")
        assert found["type"] == "COGNITO_USER_POOLS"


def test_functions_are_called_by_their_alias_and_nobody_else_may(stack: Deployment) -> None:
    for route, function in (("create", "items"), ("accept-job", "jobs")):
        found = stack.one(INTEGRATION, f"claims-rest-{route}-integration").inputs
        assert found["uri"].endswith(f"path/claims-{function}-live/invocations")
        assert (found["type"], found["integrationHttpMethod"]) == ("AWS_PROXY", "POST")
        assert found["timeoutMilliseconds"] == 29_000
    for function in ("items", "jobs"):
        permission = stack.one("Permission", f"claims-rest-{function}-permission").inputs
        assert (permission["principal"], permission["qualifier"]) == ("apigateway.amazonaws.com", "live")
        assert permission["sourceArn"] == f"arn:aws:execute-api:{where(stack)}:123456789012:claims-rest-api/*"
    assert len(stack.all("Permission")) == 2


def test_another_service_gets_the_parts_of_the_path_that_vary(stack: Deployment) -> None:
    method = stack.one(METHOD, "claims-rest-tariffs").inputs
    found = stack.one(INTEGRATION, "claims-rest-tariffs-integration").inputs
    assert (found["type"], found["integrationHttpMethod"]) == ("HTTP_PROXY", "GET")
    assert found["uri"] == "https://tariffs.holdfast.example/tariffs/{year}"
    assert found["requestParameters"] == {"integration.request.path.year": "method.request.path.year"}
    assert method["requestParameters"] == {
        "method.request.path.year": True,
        "method.request.querystring.region": True,
    }


def test_a_request_is_checked_before_it_reaches_a_function(stack: Deployment) -> None:
    create = stack.one(METHOD, "claims-rest-create").inputs
    assert create["requestParameters"] == {"method.request.header.Idempotency-Key": True}
    assert create["requestModels"] == {"application/json": "createBody"}
    model = stack.one(f"{V1}/model:Model").inputs
    assert model["name"] == "createBody"
    schema = json.loads(model["schema"])
    assert (schema["$schema"], schema["required"]) == (
        "http://json-schema.org/draft-04/schema#",
        ["policy", "amount"],
    )
    checks = {
        each.name: (each.inputs["validateRequestBody"], each.inputs["validateRequestParameters"])
        for each in stack.all("RequestValidator")
    }
    assert checks == {"claims-rest-parameters": (False, True), "claims-rest-whole": (True, True)}
    assert create["requestValidatorId"] == "claims-rest-whole-id"
    assert (
        stack.one(METHOD, "claims-rest-tariffs").inputs["requestValidatorId"] == "claims-rest-parameters-id"
    )
    assert "requestValidatorId" not in stack.one(METHOD, "claims-rest-read").inputs


def test_clients_are_limited_together_and_where_a_route_says_so(stack: Deployment) -> None:
    found = {each.inputs["methodPath"]: each.inputs["settings"] for each in stack.all("MethodSettings")}
    limits = {
        path: (each["throttlingRateLimit"], each["throttlingBurstLimit"]) for path, each in found.items()
    }
    assert limits == {"*/*": (100, 200), "~1jobs/POST": (10, 20)}
    assert all(each["metricsEnabled"] and each["loggingLevel"] == "OFF" for each in found.values())


def statements(stack: Deployment) -> list[dict[str, Any]]:
    policy = json.loads(stack.one("RestApiPolicy").inputs["policy"])
    begin = f"arn:aws:execute-api:{where(stack)}:123456789012:claims-rest-api/live/"
    for each in policy["Statement"]:
        assert all(arn.startswith(begin) for arn in each["Resource"])
        each["Resource"] = sorted(arn.removeprefix(begin) for arn in each["Resource"])
    found: list[dict[str, Any]] = policy["Statement"]
    return found


def test_the_policy_says_from_where_and_by_whom(stack: Deployment) -> None:
    networks = {"aws:SourceIp": ["198.51.100.0/24", "2001:db8:100::/48"]}
    health, users, far, others = statements(stack)
    assert (health["Effect"], health["Resource"]) == ("Allow", ["GET/health", "GET/health/deep"])
    assert "Condition" not in health, "Route 53 asks from everywhere"
    assert (users["Effect"], users["Principal"]) == ("Allow", "*")
    assert users["Condition"] == {"IpAddress": networks}
    assert users["Resource"] == ["GET/items/*", "GET/jobs/*", "GET/tariffs/*", "POST/items", "POST/jobs"]
    assert (far["Effect"], far["Condition"]) == ("Deny", {"NotIpAddress": networks})
    assert far["Resource"] == others["Resource"] == ["DELETE/items/*"], "IAM alone lets in the account's own"
    assert (others["Effect"], others["Principal"]) == ("Allow", {"AWS": ["arn:aws:iam::210987654321:root"]})


def test_the_stage_logs_traces_and_is_asked_by_its_own_names(stack: Deployment) -> None:
    stage = stack.one(f"{V1}/stage:Stage").inputs
    assert (stage["stageName"], stage["xrayTracingEnabled"]) == ("live", True)
    assert json.loads(stage["accessLogSettings"]["format"])["status"] == "$context.status"
    assert stage["tags"]["dr-tier"] == "1"
    assert stack.one(f"{V1}/restApi:RestApi").inputs["endpointConfiguration"] == {"types": "REGIONAL"}
    domains = {each.inputs["domainName"] for each in stack.all("aws:apigatewayv2/domainName:DomainName")}
    assert domains == {SITE, f"{where(stack)}.{SITE}"}
    for mapping in stack.all("ApiMapping"):
        assert (mapping.inputs["stage"], mapping.inputs["apiId"]) == ("live", "claims-rest-api-id")
    for what, path in (("shallow", "/live/health"), ("deep", "/live/health/deep")):
        check = stack.one("HealthCheck", f"claims-check-{what}").inputs
        assert check["resourcePath"] == path
        assert check["fqdn"] == f"claims-rest-api.execute-api.{where(stack)}.amazonaws.com"
    text = stack.one("BucketObjectv2", f"claims-runbook-{where(stack)}").inputs["content"]
    assert (
        f"curl --fail https://claims-rest-api.execute-api.{where(stack)}.amazonaws.com/live/health/deep"
        in text
    )


def test_both_regions_serve_the_nearest(stack: Deployment) -> None:
    record = stack.one("Record", f"claims-site-{where(stack)}-inner-record").inputs
    site = [each.inputs for each in stack.all("Record") if "latencyRoutingPolicies" in each.inputs]
    assert [each["latencyRoutingPolicies"] for each in site] == [[{"region": where(stack)}]]
    assert record["healthCheckId"] == "claims-check-all-id"


def test_alarms_look_at_the_metrics_of_a_rest_api(stack: Deployment) -> None:
    errors = stack.one("MetricAlarm", "claims-rest-errors").inputs["metricQueries"]
    metrics = [each["metric"] for each in errors if "metric" in each]
    assert {each["metricName"] for each in metrics} == {"5XXError", "Count"}
    name = stack.one(f"{V1}/restApi:RestApi").inputs["name"]
    latency = stack.one("MetricAlarm", "claims-rest-latency").inputs
    dimensions = {"ApiName": name, "Stage": "live"}
    assert [each["dimensions"] for each in metrics] == [dimensions, dimensions]
    assert latency["dimensions"] == dimensions


def test_who_writes_the_logs_of_all_outlives_the_stack(stack: Deployment) -> None:
    account = stack.one(f"{V1}/account:Account")
    role = stack.one("Role", "base-rest-logs-role")
    policy = stack.one("RolePolicyAttachment", "base-rest-logs-policy")
    assert account.inputs["cloudwatchRoleArn"] == stack.made[role.urn]["arn"]
    assert policy.inputs["policyArn"].endswith("/AmazonAPIGatewayPushToCloudWatchLogs")
    assert all(each.retain_on_delete for each in (account, role, policy)), "others of the region may use it"


@pytest.fixture(scope="module")
def changed() -> Deployment:
    """Without a site and clients, with a load balancer, a greedy path and more time."""
    routes = {
        "tariffs": {"url": None, "listener": LISTENER, "serverName": "old.holdfast.example"},
        "rest": {"routeKey": "ANY /old/{proxy+}", "url": "https://old.example/base/", "auth": "iam"},
        "root": {"routeKey": "GET /", "function": "items", "auth": "iam"},
    }
    api = {"clients": None, "timeoutSeconds": 60}
    found = configured("prod", site=None, api=api, routes=routes)
    return deployed("prod", {**found, "holdfast:strategy": "warm-standby"}, {})


def test_a_route_may_lead_into_the_vpc(changed: Deployment) -> None:
    found = changed.one(INTEGRATION, "claims-rest-tariffs-integration").inputs
    assert (found["connectionType"], found["connectionId"]) == ("VPC_LINK", "claims-rest-link-id")
    assert found["uri"] == "https://old.holdfast.example:443/tariffs/{year}"
    assert (
        found["integrationTarget"]
        == "arn:aws:elasticloadbalancing:us-east-1:123456789012:loadbalancer/app/old/50dc6c495c0c9188"
    )
    assert changed.one("VpcLink").inputs["securityGroupIds"] == ["claims-rest-link-id"]


def test_a_route_may_take_all_that_no_other_does(changed: Deployment) -> None:
    found = changed.one(INTEGRATION, "claims-rest-rest-integration").inputs
    assert (found["uri"], found["integrationHttpMethod"]) == ("https://old.example/base/old/{proxy}", "ANY")
    assert found["requestParameters"] == {"integration.request.path.proxy": "method.request.path.proxy"}
    assert changed.one(METHOD, "claims-rest-root").inputs["resourceId"] == "claims-rest-api-root"


def test_without_a_site_and_clients_there_is_no_policy_and_no_name(changed: Deployment) -> None:
    for kind in ("RestApiPolicy", "WebAclAssociation", "DomainName", "ApiMapping", "HealthCheck"):
        assert changed.all(kind) == []
    assert {each.inputs["timeoutMilliseconds"] for each in changed.all(INTEGRATION)} == {60_000}


def test_an_api_that_changes_its_type_keeps_its_names(example: dict[str, Deployment]) -> None:
    [rest] = [each for each in example["prod"].resources if each.type == "holdfast:edge:RestApi"]
    assert rest.aliases == {rest.urn.replace("RestApi::claims-rest", "HttpApi::claims-http")}


def test_both_stacks_must_be_of_one_type() -> None:
    settings = load(configured("dr"))
    assert isinstance(settings.systems["claims"], ServerlessApiSettings)
    assert settings.agreement().systems["claims"]["api.type"] == "rest"

"""What a serverless API registers: its routes, their authorizers and targets, functions, names, alarms, protection."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.architectures.conftest import deployed
from tests.architectures.serverless_api.conftest import REGIONS, configured
from tests.pulumi_mocks import Deployment
from tests.test_examples import config

ROUTE, FUNCTION = "aws:apigatewayv2/route:Route", "aws:lambda/function:Function"
LISTENER = (
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/old/50dc6c495c0c9188/f2f7dc8efc522ab2"
)
SITE = "orders.holdfast.example"


def region(stack: Deployment) -> str:
    return next(
        each
        for each in REGIONS.values()
        if any(r.name == f"orders-site-{each}-record" for r in stack.resources)
    )


def test_each_route_asks_as_it_says(stack: Deployment) -> None:
    said = configured("prod")["holdfast:systems"]["orders"]["routes"]
    kinds = {"none": "NONE", "iam": "AWS_IAM", "shoppers": "JWT"}
    found = {each.name.removeprefix("orders-http-"): each.inputs for each in stack.all(ROUTE)}
    assert sorted(found) == sorted(said)
    for name, route in said.items():
        assert found[name]["routeKey"] == route["routeKey"]
        assert found[name]["authorizationType"] == kinds[route["auth"]]
        assert ("authorizerId" in found[name]) is (route["auth"] == "shoppers")
        assert found[name].get("authorizationScopes") == route.get("scopes")


def test_who_issues_tokens_is_the_regions_own(example: dict[str, Deployment]) -> None:
    for stack, name in REGIONS.items():
        jwt = example[stack].one("Authorizer", "orders-http-shoppers").inputs["jwtConfiguration"]
        assert jwt["issuer"].startswith(f"https://cognito-idp.{name}.amazonaws.com/")
        assert len(jwt["audiences"]) == 1


def test_routes_call_the_alias_and_nobody_else_may_call_it(stack: Deployment) -> None:
    for name in ("items", "events", "jobs"):
        integration = stack.one("Integration", f"orders-http-{name}-integration").inputs
        assert integration["integrationUri"].endswith(f"path/orders-{name}-live/invocations")
        assert integration["timeoutMilliseconds"] == 29_000
        assert (integration["integrationType"], integration["payloadFormatVersion"]) == ("AWS_PROXY", "2.0")
        permission = stack.one("Permission", f"orders-http-{name}-permission").inputs
        assert permission["principal"] == "apigateway.amazonaws.com"
        assert permission["qualifier"] == "live"
        assert (
            permission["sourceArn"] == f"arn:aws:execute-api:{region(stack)}:123456789012:orders-http-api/*"
        )
    assert len(stack.all("Permission")) == 3, "a queue's function is called by nobody's permission"


def test_a_route_may_lead_to_another_service(stack: Deployment) -> None:
    found = stack.one("Integration", "orders-http-prices-integration").inputs
    assert found["integrationType"] == "HTTP_PROXY"
    assert found["integrationUri"] == "https://prices.holdfast.example"
    assert found["requestParameters"] == {"overwrite:path": "$request.path"}
    assert "connectionType" not in found


def test_functions_are_published_traced_and_kept_within(stack: Deployment) -> None:
    for each in stack.all(FUNCTION):
        alias = stack.one("Alias", each.name.replace("-function", "-live")).inputs
        assert each.inputs["publish"] is True
        assert alias["functionVersion"] == f"{each.name}-version"
        assert alias["name"] == "live"
        assert each.inputs["tracingConfig"] == {"mode": "Active"}
        assert each.inputs["architectures"] == ["arm64"]
        assert "vpcConfig" not in each.inputs
        assert each.inputs["tags"]["dr-tier"] == "1"
    items, events, worker = (
        stack.one(FUNCTION, f"orders-{name}-function").inputs for name in ("items", "events", "worker")
    )
    assert (items["memorySize"], items["timeout"], items["reservedConcurrentExecutions"]) == (1024, 10, 100)
    assert "snapStart" not in items
    assert events["snapStart"] == {"applyOn": "PublishedVersions"}
    assert "reservedConcurrentExecutions" not in events
    assert events["environment"]["variables"]["SHARDS"] == "8"
    assert "deadLetterConfig" not in worker, "its messages have the queue's dead letters"
    assert worker["timeout"] == 60


def test_each_function_has_the_sample_with_its_module(stack: Deployment) -> None:
    for each in stack.all(FUNCTION):
        module = each.inputs["handler"].rpartition(".")[0].replace(".", "/")
        assert f"{module}.py" in each.inputs["code"]


def test_what_is_queued_is_handed_back_one_by_one(stack: Deployment) -> None:
    source = stack.one("EventSourceMapping", "orders-worker-source").inputs
    assert source["functionResponseTypes"] == ["ReportBatchItemFailures"]
    assert source["scalingConfig"] == {"maximumConcurrency": 20}
    queue = stack.one("Queue", "orders-worker-queue")
    assert queue.inputs["visibilityTimeoutSeconds"] == 360
    assert queue.protect
    assert json.loads(queue.inputs["redrivePolicy"])["maxReceiveCount"] == 5
    jobs = stack.one(FUNCTION, "orders-jobs-function").inputs["environment"]["variables"]
    assert sorted(jobs) == ["TABLE", "WORKER_QUEUE_URL"]


def test_a_role_may_do_what_its_function_needs(stack: Deployment) -> None:
    def actions(name: str) -> set[str]:
        found = json.loads(stack.one("RolePolicy", f"orders-{name}-policy").inputs["policy"])["Statement"]
        return {
            action
            for each in found
            for action in ([each["Action"]] if isinstance(each["Action"], str) else each["Action"])
        }

    assert {"dynamodb:PutItem", "dynamodb:Query", "logs:PutLogEvents", "xray:PutTraceSegments"} <= actions(
        "items"
    )
    assert not any(
        action.startswith(("dynamodb:Scan", "dynamodb:Delete*", "dynamodb:*")) for action in actions("items")
    )
    assert "sqs:ReceiveMessage" in actions("worker")
    assert "sqs:ReceiveMessage" not in actions("jobs")
    assert {"sqs:SendMessage", "sqs:GetQueueAttributes"} <= actions("jobs")
    assert "sqs:GetQueueAttributes" not in actions("items"), "it may send its own dead letters alone"


def test_the_table_is_on_demand_protected_and_can_go_back(example: dict[str, Deployment]) -> None:
    table = example["prod"].one("Table", "orders-data-table")
    assert table.protect
    given = table.inputs
    assert (given["billingMode"], given["hashKey"], given["rangeKey"]) == ("PAY_PER_REQUEST", "pk", "sk")
    assert given["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}
    assert given["ttl"] == {"attributeName": "expires", "enabled": True}
    [replica] = given["replicas"]
    assert (replica["regionName"], replica["pointInTimeRecovery"], replica["consistencyMode"]) == (
        "us-west-2",
        True,
        "EVENTUAL",
    )


def test_an_api_that_was_a_rest_api_keeps_its_names(stack: Deployment) -> None:
    [http] = [each for each in stack.resources if each.type == "holdfast:edge:HttpApi"]
    assert http.aliases == {http.urn.replace("HttpApi::orders-http", "RestApi::orders-rest")}


def test_clients_are_throttled_logged_and_told_of(stack: Deployment) -> None:
    stage = stack.one("aws:apigatewayv2/stage:Stage", "orders-http-stage").inputs
    assert stage["name"] == "$default"
    assert stage["defaultRouteSettings"] == {
        "throttlingRateLimit": 200,
        "throttlingBurstLimit": 400,
        "detailedMetricsEnabled": True,
    }
    assert json.loads(stage["accessLogSettings"]["format"])["status"] == "$context.status"
    errors = stack.one("MetricAlarm", "orders-http-errors").inputs
    assert errors["metricQueries"][0]["expression"] == "100 * FILL(errors, 0) / requests"
    assert {query["metric"]["metricName"] for query in errors["metricQueries"][1:]} == {"5xx", "Count"}
    assert stack.one("MetricAlarm", "orders-http-latency").inputs["threshold"] == 2000


def test_each_name_leads_to_its_own_domain(stack: Deployment) -> None:
    here = region(stack)
    domains = {
        each.inputs["domainName"]: stack.made[each.urn]["domainNameConfiguration"]
        for each in stack.all("aws:apigatewayv2/domainName:DomainName")
    }
    assert sorted(domains) == sorted([SITE, f"{here}.{SITE}"])
    assert {each["endpointType"] for each in domains.values()} == {"REGIONAL"}

    def alias(record: str) -> dict[str, Any]:
        return stack.one("Record", record).inputs["aliases"][0]

    for record, host in (
        (f"orders-site-{here}-record", f"{here}.{SITE}"),
        (f"orders-site-{here}-inner-record", SITE),
    ):
        assert alias(record)["name"] == domains[host]["targetDomainName"]
        assert alias(record)["zoneId"] == "Z1UJRXOUMOOFQ8"
    first = here == "us-east-1"
    leads = domains[SITE]["targetDomainName"] if first else f"site.{here}.{SITE}"
    assert alias("orders-site-site-record")["name"] == leads
    for mapping in stack.all("ApiMapping"):
        assert mapping.inputs["stage"] == "orders-http-stage-id"


def test_route_53_asks_the_region_by_a_name_that_no_record_moves(stack: Deployment) -> None:
    for what, path in (("shallow", "/health"), ("deep", "/health/deep")):
        check = stack.one("HealthCheck", f"orders-check-{what}").inputs
        assert (check["fqdn"], check["resourcePath"]) == (
            f"orders-http-api.execute-api.{region(stack)}.amazonaws.com",
            path,
        )


@pytest.fixture(scope="module")
def inside() -> Deployment:
    """Without a site, and with a route to a load balancer of the VPC."""
    prices = {"url": None, "listener": LISTENER, "serverName": "old.holdfast.example"}
    return deployed("prod", configured("prod", site=None, routes={"prices": prices}), {})


def test_a_route_may_lead_into_the_vpc(inside: Deployment) -> None:
    found = inside.one("Integration", "orders-http-prices-integration").inputs
    assert (found["connectionType"], found["connectionId"]) == ("VPC_LINK", "orders-http-link-id")
    assert found["integrationUri"] == LISTENER
    assert found["tlsConfig"] == {"serverNameToVerify": "old.holdfast.example"}
    link = inside.one("VpcLink").inputs
    assert link["securityGroupIds"] == ["orders-http-link-id"]
    assert link["subnetIds"] == [
        f"base-net-private-{zone}-id" for zone in ("use1-az1", "use1-az2", "use1-az4")
    ]
    rule = inside.one("SecurityGroupEgressRule", "orders-http-link-https").inputs
    assert (rule["cidrIpv4"], rule["fromPort"], rule["toPort"], rule["ipProtocol"]) == (
        "10.10.0.0/16",
        443,
        443,
        "tcp",
    )
    assert not [r for r in inside.all("SecurityGroupIngressRule") if "orders" in r.name]


def test_without_a_site_awss_own_name_is_all_there_is(inside: Deployment) -> None:
    for kind in ("DomainName", "ApiMapping", "HealthCheck", "Certificate", "Distribution"):
        assert inside.all(kind) == []
    assert inside.all("aws:apigatewayv2/api:Api") != []


def test_the_runbook_says_what_there_is_to_do(stack: Deployment, example: dict[str, Deployment]) -> None:
    here = region(stack)
    text = stack.one("BucketObjectv2", f"orders-runbook-{here}").inputs["content"]
    assert f"curl --fail https://orders-http-api.execute-api.{here}.amazonaws.com/health/deep" in text
    assert (
        "--function-name orders-items-function-1234567 --qualifier live --provisioned-concurrent-executions 10"
        in text
    )
    assert "@" not in text
    other = {"us-east-1": "us-west-2", "us-west-2": "us-east-1"}[here]
    assert f"orders-data-{here}-lag-{other}" in text


def test_both_stacks_say_alike_what_must_be(example: dict[str, Deployment]) -> None:
    from tests.architectures.serverless_api.conftest import EXAMPLE

    routes = [config(EXAMPLE, stack)["holdfast:systems"]["orders"]["routes"] for stack in ("prod", "dr")]
    assert routes[0] == routes[1]

"""APIs of API Gateway: in several zones by themselves, needed by their names, and with what they call behind them."""

from __future__ import annotations

import dataclasses

import pytest

from policies.graph import Resource
from policies.recovery import judge
from policies.recovery.model import Failure, Verdict
from tests.policies.recovery.build import TIER1, home, node, res

V2, V1 = "aws:apigatewayv2", "aws:apigateway"
ALIAS = "aws:lambda/alias:Alias"


def http(stack: str = "prod") -> list[Resource]:
    """An HTTP API with a route to a function's alias, a custom domain and its record."""
    function = res("lambda", "function", {"tags": TIER1}, stack=stack)
    alias = res(ALIAS, "live", stack=stack, functionName=function)
    api = res(f"{V2}/api:Api", "api", {"tags": TIER1}, stack=stack)
    integration = res(f"{V2}/integration:Integration", "call", stack=stack, apiId=api, integrationUri=alias)
    route = res(f"{V2}/route:Route", "route", stack=stack, apiId=api, target=integration)
    domain = res(f"{V2}/domainName:DomainName", "domain", stack=stack)
    mapping = res(f"{V2}/apiMapping:ApiMapping", "mapping", stack=stack, apiId=api, domainName=domain)
    side = "PRIMARY" if stack == "prod" else "SECONDARY"
    record = res(
        "record",
        f"record-{stack}",
        {"name": "api.example.com", "failoverRoutingPolicies": [{"type": side}]},
        stack=stack,
        aliases=[domain, mapping],
        healthCheckId=res(
            "check", "check", {"type": "HTTPS", "requestInterval": 10, "failureThreshold": 3}, stack=stack
        ),
    )
    return [function, alias, api, integration, route, domain, mapping, record]


def test_an_api_outlives_its_zone_and_needs_what_it_calls() -> None:
    report = home(*http())
    assert {node(report, failure, "api").verdict for failure in ("instance", "zone")} == {Verdict.MET}
    needed = {urn.rsplit("::", 1)[-1] for urn in node(report, "zone", "api").unit.needs}
    assert needed == {"function"}
    names = {urn.rsplit("::", 1)[-1] for urn in node(report, "zone", "record-prod").unit.needs}
    assert names == {"api"}
    assert not any("not judged" in note and "api" in note for note in report.notes)


def test_the_api_of_another_region_takes_over() -> None:
    regions = {"prod": "us-east-1", "dr": "us-west-2"}
    placed = [
        dataclasses.replace(each, provider={"region": region})
        for stack, region in regions.items()
        for each in http(stack)
    ]
    nodes = judge(placed).failures[Failure.REGION].nodes
    [found] = [each for each in nodes if each.unit.name == "api" and each.unit.stack == "prod"]
    assert (found.option, found.rto.high) == ("API in us-west-2", 0)


@pytest.mark.parametrize("part", ["method", "stage", "limits", "policy"])
def test_a_rest_api_is_one_unit_with_its_parts(part: str) -> None:
    api = res(f"{V1}/restApi:RestApi", "rest", {"tags": TIER1})
    parts = [
        res(f"{V1}/method:Method", "method", restApi=api),
        res(f"{V1}/stage:Stage", "stage", restApi=api),
        res(f"{V1}/methodSettings:MethodSettings", "limits", restApi=api),
        res(f"{V1}/restApiPolicy:RestApiPolicy", "policy", restApiId=api),
    ]
    unit = node(home(api, *parts), "zone", "rest").unit
    assert next(each.urn for each in parts if each.name == part) in unit.owned

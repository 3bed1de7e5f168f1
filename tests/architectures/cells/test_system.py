"""What a router of cells registers: routes, function, what it is told, names, protection; and the runbook's commands."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from architectures.cells.arguments import code
from architectures.cells.runbook import HERE, PARTS, text
from functions.cells import requests
from tests.architectures.cells.conftest import REGIONS, configured
from tests.architectures.conftest import deployed
from tests.architectures.runbooks import all_is_filled_in
from tests.pulumi_mocks import Deployment
from tests.test_settings import load

ROUTE, FUNCTION = "aws:apigatewayv2/route:Route", "aws:lambda/function:Function"
SITE = "shop.holdfast.example"


def region(stack: Deployment) -> str:
    return next(
        each
        for each in REGIONS.values()
        if any(r.name == f"shop-site-{each}-record" for r in stack.resources)
    )


def variables(stack: Deployment) -> dict[str, str]:
    found: dict[str, str] = stack.one(FUNCTION, "shop-router-function").inputs["environment"]["variables"]
    return found


def test_every_path_leads_to_the_router_for_whom_the_settings_let_in(stack: Deployment) -> None:
    found = {
        each.inputs["routeKey"]: each.inputs["authorizationType"]
        for each in stack.all(ROUTE)
        if each.name.startswith("shop-http-")
    }
    assert found == {
        "ANY /": "JWT",
        "ANY /{proxy+}": "JWT",
        requests.LOOKUP: "JWT",
        requests.HEALTH: "NONE",
        requests.DEEP_HEALTH: "NONE",
    }
    integration = stack.one("Integration", "shop-http-router-integration").inputs
    assert integration["integrationUri"].endswith("path/shop-router-live/invocations")
    assert integration["payloadFormatVersion"] == "2.0", "what the function reads"


def test_the_router_is_told_its_cells_addresses(stack: Deployment) -> None:
    told = variables(stack)
    assert json.loads(told["CELLS"]) == {
        each: {"address": f"https://{each}.{SITE}", "state": "takes"} for each in ("c1", "c2")
    }
    assert json.loads(told["KEY"]) == {"claim": "custom:tenant"}
    assert (told["PINS"], told["RETRY_SECONDS"]) == ("true", "5")
    assert sorted(told) == ["CELLS", "KEY", "PINS", "RETRY_SECONDS", "TABLE"]


def test_the_router_is_deployed_whole(stack: Deployment) -> None:
    given = stack.one(FUNCTION, "shop-router-function").inputs
    assert given["handler"] == "cells.router.handler"
    assert sorted(given["code"]) == sorted(code().assets)
    assert (given["memorySize"], given["timeout"], given["publish"]) == (1024, 10, True)
    imported = set(re.findall(r"^from \.(\w+)", _source(), re.MULTILINE))
    assert {f"cells/{each}.py" for each in imported} <= set(given["code"])


def _source() -> str:
    from architectures.cells.arguments import CODE

    return "".join(path.read_text() for path in CODE.glob("*.py"))


def test_the_router_may_use_its_table_alone(stack: Deployment) -> None:
    found = json.loads(stack.one("RolePolicy", "shop-router-policy").inputs["policy"])["Statement"]
    data = [each for each in found if "dynamodb:PutItem" in each["Action"]]
    assert [each["Resource"] for each in data] == [
        f"arn:aws:mock:{region(stack)}:123456789012:shop-places-table"
    ]


def test_the_table_of_places_is_protected_and_in_both_regions(example: dict[str, Deployment]) -> None:
    table = example["prod"].one("Table", "shop-places-table")
    assert table.protect
    assert (table.inputs["hashKey"], "rangeKey" in table.inputs, "ttl" in table.inputs) == (
        "pk",
        False,
        False,
    )
    assert table.inputs["attributes"] == [{"name": "pk", "type": "S"}]
    assert table.inputs["pointInTimeRecovery"] == {"enabled": True, "recoveryPeriodInDays": 35}
    assert [each["regionName"] for each in table.inputs["replicas"]] == ["us-west-2"]
    assert variables(example["dr"])["TABLE"] == variables(example["prod"])["TABLE"]
    assert [each.name for each in example["dr"].all("aws:dynamodb/table:Table")] == []


def test_a_cell_is_a_system_beside_the_router(stack: Deployment) -> None:
    tops = {
        each.name: each.parent for each in stack.resources if each.type.startswith("holdfast:architectures:")
    }
    assert tops["shop"] == tops["shop-c1"] == tops["shop-c2"]


def test_the_router_is_placed_after_its_cells() -> None:
    assert list(load(configured("prod")).systems) == ["shop", "shop-c1", "shop-c2"]
    assert list(load(configured("prod")).placed) == ["shop-c1", "shop-c2", "shop"]


def test_route_53_asks_the_router_by_a_name_that_no_record_moves(stack: Deployment) -> None:
    for what, route in (("shallow", requests.HEALTH), ("deep", requests.DEEP_HEALTH)):
        check = stack.one("HealthCheck", f"shop-check-{what}").inputs
        assert (check["fqdn"], f"GET {check['resourcePath']}") == (
            f"shop-http-api.execute-api.{region(stack)}.amazonaws.com",
            route,
        )


@pytest.fixture(scope="module")
def plain() -> Deployment:
    """Without a site and pins, by a header, for whom IAM lets in."""
    cells = {"c1": {"system": "shop-c1", "state": "drained"}}
    changes: dict[str, Any] = {"key": {"header": "X-Tenant"}, "auth": "iam", "pins": False, "cells": cells}
    return deployed("prod", configured("prod", site=None, retrySeconds=30, **changes), {})


def test_the_settings_are_what_the_router_is_told(plain: Deployment) -> None:
    told = variables(plain)
    assert json.loads(told["CELLS"])["c1"]["state"] == "drained"
    assert json.loads(told["KEY"]) == {"header": "X-Tenant"}
    assert (told["PINS"], told["RETRY_SECONDS"]) == ("false", "30")
    assert plain.one(ROUTE, "shop-http-rest").inputs["authorizationType"] == "AWS_IAM"
    assert not [each for each in plain.all("DomainName") if each.name.startswith("shop-http")]


@pytest.mark.parametrize("kind", PARTS)
def test_all_of_a_runbook_is_filled_in(kind: str) -> None:
    all_is_filled_in(text, kind, [HERE / f"{part}.md" for part in PARTS[kind]])


def test_the_runbook_has_the_regions_own_names(stack: Deployment) -> None:
    here = region(stack)
    found = stack.one("BucketObjectv2", f"shop-runbook-{here}").inputs["content"]
    assert "@" not in found
    assert f"curl --fail https://shop-http-api.execute-api.{here}.amazonaws.com/health/deep" in found
    assert "`c1` (system `shop-c1`), `c2` (system `shop-c2`)" in found
    assert (
        found.count(f"aws dynamodb update-item --region {here} --table-name shop-places-table-1234567") == 3
    )
    warm = (
        "--function-name shop-router-function-1234567 --qualifier live --provisioned-concurrent-executions 5"
    )
    assert warm in found

"""An API loses its region: its name moves, what had been replicated is there, and without what protects it the drill fails and says why."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.drills import command
from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from tests.sandbox.drills.carried_out import Prepare, carried_out

EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture(scope="module")
def api(managed: Ground) -> Ground:
    return managed


def drilled(api: Ground, prepare: Prepare | None = None, pace: float = 0.5) -> Result:
    return carried_out(api, "orders", "region-loss", prepare, pace)


@pytest.mark.parametrize("pace", [0.0, 1.0])
def test_its_region_is_lost(api: Ground, pace: float) -> None:
    result = drilled(api, pace=pace)
    assert result.passed, result.causes
    assert {check.name for check in result.checks} == {"serves", "capacity", "sessions", "in time"}
    assert [line["what"] for line in result.timeline if line["who"] == "operator"] == [], "nobody has to act"
    before = {each.region for each in result.tries if each.at < 130 and not each.refused}
    after = {each.region for each in result.tries if each.at > 240}
    assert (before, after) == ({EAST}, {WEST})
    gone = next(check.said for check in result.checks if check.name == "sessions")
    assert int(gone.split()[0]) == (5 if pace else 1), "one row a second, and what replication lags behind"


def test_what_is_not_rehearsed_of_it_is_said(api: Ground) -> None:
    said = command.unfit(list(BY_NAME.values()), [api.system("orders")])
    assert [line.split(" of ")[0] for line in said] == [
        "instance",
        "zone",
        "corruption",
        "switchover",
        "bad-release",
    ]
    assert said[0].endswith("only the loss of a region is rehearsed of an API")


def without_replica(world: World) -> None:
    dynamodb = world.boto("dynamodb", WEST)
    [table] = [each for each in dynamodb.list_tables()["TableNames"] if each.startswith("orders-")]
    dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
    dynamodb.delete_table(TableName=table)


def without_check(world: World) -> None:
    route53 = world.boto("route53", EAST)
    for check in route53.list_health_checks()["HealthChecks"]:
        if "execute-api" in check["HealthCheckConfig"].get("FullyQualifiedDomainName", ""):
            route53.update_health_check(HealthCheckId=check["Id"], Disabled=True)


def functions(world: World) -> list[str]:
    found = world.boto("lambda", WEST).list_functions()["Functions"]
    return [each["FunctionName"] for each in found if each["FunctionName"].startswith("orders-")]


def without_alias(world: World) -> None:
    for name in functions(world):
        world.boto("lambda", WEST).delete_alias(FunctionName=name, Name="live")


def without_permission(world: World) -> None:
    import json

    client = world.boto("lambda", WEST)
    for name in functions(world):
        try:
            policy = json.loads(client.get_policy(FunctionName=name)["Policy"])
        except client.exceptions.ResourceNotFoundException:
            continue  # the queue's
        for statement in policy["Statement"]:
            client.remove_permission(FunctionName=name, StatementId=statement["Sid"])


def without_concurrency(world: World) -> None:
    for name in functions(world):
        world.boto("lambda", WEST).put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=0)


@pytest.mark.parametrize(
    ("prepare", "cause"),
    [
        (without_replica, "there is no table orders-data-table-"),
        (without_check, "is disabled: it never finds anything unhealthy"),
        (without_alias, "has no alias live"),
        (without_permission, "may not be called by API Gateway"),
        (without_concurrency, "is throttled: its concurrency is 0"),
    ],
)
def test_without_what_protects_it_it_does_not_come_back(
    api: Ground, prepare: Callable[[World], Any], cause: str
) -> None:
    result = drilled(api, prepare)
    assert not result.passed
    assert any(cause in each for each in result.causes), result.causes

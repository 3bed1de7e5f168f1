"""A stack with several systems of a kind, and with none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures.conftest import PEER, outputs, run, with_system
from tests.pulumi_mocks import Deployment

ORDERS = {
    "kind": "three-tier",
    "objectives": {"drTier": 3, "rtoHours": 24, "rpoMinutes": 60},
    "compute": {"requiredInstances": 2},
    "database": {"engine": "aurora-mysql", "engineVersion": "8.0.mysql_aurora.3.08.2", "dataGib": 10},
}


def both(stack: str) -> dict[str, Any]:
    return {**with_system(stack, "web"), "orders": ORDERS}


@pytest.fixture(scope="module")
def two() -> dict[str, Deployment]:
    prod = run("prod", {}, systems=both("prod"))
    return {"prod": prod, "dr": run("dr", {PEER: outputs(prod)}, systems=both("dr"))}


@pytest.fixture(params=["prod", "dr"])
def stack(request: pytest.FixtureRequest, two: dict[str, Deployment]) -> Deployment:
    return two[request.param]


def test_each_system_promises_its_own_and_the_ground_the_stacks(stack: Deployment) -> None:
    promised = {
        (r.tags.get("workload"), r.tags["dr-tier"], r.tags["rto-hours"])
        for r in stack.taggable()
        if "-logs-" not in r.name  # logs wait for no recovery
    }
    assert promised == {(None, "1", "4"), ("web", "1", "4"), ("orders", "3", "24")}


def test_what_belongs_to_a_system_carries_its_name(stack: Deployment) -> None:
    for resource in stack.taggable():
        owner = next((name for name in ("web", "orders") if resource.name.startswith(f"{name}-")), None)
        assert resource.tags.get("workload") == owner, resource.urn
        assert resource.tags["system"] == "shop"


def test_the_second_stack_joins_each_system_by_its_name(two: dict[str, Deployment]) -> None:
    founded = outputs(two["prod"])["systems"]
    joined = {name: two["dr"].one("aws:rds/cluster:Cluster", f"{name}-db-cluster").inputs for name in founded}
    assert set(joined) == {"web", "orders"}
    for name, cluster in joined.items():
        assert (
            cluster["globalClusterIdentifier"]
            == founded[name]["databases"]["original"]["globalClusterIdentifier"]
        )
    assert len({cluster["globalClusterIdentifier"] for cluster in joined.values()}) == 2
    assert joined["orders"]["port"] == 3306


def test_recovery_tells_of_every_system(stack: Deployment) -> None:
    told = outputs(stack)["recovery"]["members"]
    assert [(m["name"], m["tags"]["dr-tier"]) for m in told if m["kind"] == "aurora"] == [
        ("web-db-cluster", "1"),
        ("orders-db-cluster", "3"),
    ]


def test_systems_whose_names_begin_alike_live_together() -> None:
    """The mocks refuse a URN twice."""
    plain = {"kind": "three-tier"}
    found = run("prod", {}, systems=dict.fromkeys(("web", "web-db", "web-app", "web-site", "web-lb"), plain))
    assert len(found.all("aws:rds/globalCluster:GlobalCluster")) == 5


def test_a_stack_without_systems_is_the_ground_alone() -> None:
    found = run("prod", {}, systems={})
    assert {r.name for r in found.resources if "pulumi:pulumi:Stack" in r.parent} == {"base"}
    assert outputs(found)["systems"] == {}
    assert outputs(found)["recovery"]["members"] == []

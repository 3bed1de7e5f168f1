"""Services whose tasks clients find themselves, by Cloud Map: what is refused, what each key does, and what is put together."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from architectures.containers.registry import asked
from architectures.containers.sections import Service
from architectures.parts.arguments import PLACEHOLDER_TAGS
from components.network import Registry, RegistryArgs
from policies.cost import cost
from tests.architectures.conftest import outputs
from tests.architectures.containers.conftest import REGIONS, configured, pair
from tests.architectures.containers.test_settings import SHOP, refused
from tests.architectures.containers.test_system import container, service
from tests.architectures.test_wiring import check, ours, places, read
from tests.architectures.wiring import table
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, deploy
from tests.test_settings import load

ON = {"orders": {"discovered": True}}
EVERY = re.compile("")


@pytest.fixture(scope="module")
def found() -> dict[str, Deployment]:
    return pair(ON)


@pytest.mark.parametrize(
    ("services", "line"),
    [
        (
            {"web": {"discovered": True}},
            "services.web.discovered: got one, allowed is none with blue/green deployment: clients that find tasks themselves would call both releases",
        ),
        ({"mailer": {"discovered": True}}, "services.mailer.discovered: got one, allowed is none without a port: nobody calls the tasks"),
        (
            {**ON, "web": {"environment": {"DISCOVERY_NAMESPACE": "mine"}}},
            "services.web.environment: got 'DISCOVERY_NAMESPACE', allowed is any other variable: that one is where those that it calls are found",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(services: dict[str, Any], line: str) -> None:
    assert refused(services=services) == [f"{SHOP}.{line}"]


def test_who_calls_none_that_is_discovered_may_have_such_a_variable() -> None:
    loaded = load(configured("prod", {"web": {"environment": {"DISCOVERY_NAMESPACE": "mine"}}}))
    assert loaded.systems["shop"].services["web"].environment == {"DISCOVERY_NAMESPACE": "mine"}


def test_each_region_has_a_namespace_of_its_own(found: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        namespace = found[name].one("aws:servicediscovery/privateDnsNamespace:PrivateDnsNamespace")
        assert namespace.inputs["name"] == f"example-production-shop.{region}.internal"
        told = outputs(found[name])["systems"]["shop"]["discovery"]
        assert told["namespace"] == f"example-production-shop.{region}.internal"
        assert set(told["services"]) == {"orders"}


def test_ecs_registers_the_tasks_of_who_is_in_it_and_keeps_the_other_name(
    found: dict[str, Deployment],
) -> None:
    for stack in found.values():
        made = stack.made[stack.one("aws:servicediscovery/service:Service", "shop-found-orders").urn]
        assert service(stack, "orders")["serviceRegistries"] == {"registryArn": made["arn"]}
        assert service(stack, "orders")["serviceConnectConfiguration"]["services"]
        assert "serviceRegistries" not in service(stack, "web")


def test_who_calls_it_is_told_where_and_may_ask_and_nobody_else(found: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        stack = found[name]
        told = {
            each: {v["name"]: v["value"] for v in container(stack, each)["environment"]}
            for each in ("web", "orders", "mailer")
        }
        where = {each: known.get("DISCOVERY_NAMESPACE") for each, known in told.items()}
        assert where == {"web": f"example-production-shop.{region}.internal", "orders": None, "mailer": None}
        asks = {
            role.name
            for role in stack.all("RolePolicy")
            if any(
                "servicediscovery:DiscoverInstances" in each["Action"]
                for each in json.loads(role.inputs["policy"])["Statement"]
            )
        }
        assert asks == {"shop-web-task"}
        opened = stack.one("SecurityGroupIngressRule", "shop-sg-orders-from-web").inputs
        assert opened["fromPort"] == 8000, "the tasks themselves are called"


def test_only_those_that_are_in_it_may_be_asked_for() -> None:
    made: list[tuple[Any, Any]] = []

    def program() -> None:
        args = RegistryArgs(
            namespace="a.internal", vpc_id="vpc-1", services=["orders"], tags=PLACEHOLDER_TAGS
        )
        registry = Registry("found", args)
        made.extend(asked(Service(calls=calls), registry) for calls in (("stock", "orders"), ("stock",)))
        made.append(asked(Service(calls=("orders",)), None))

    deploy(program)
    (told, [allowed]), *others = made
    assert told == {"DISCOVERY_NAMESPACE": "a.internal"}
    assert allowed["Condition"]["StringEquals"]["servicediscovery:ServiceName"] == ["orders"]
    assert others == [({}, []), ({}, [])]


def test_both_stacks_say_who_is_in_it() -> None:
    with_it, without = (load(configured("prod", services)) for services in (ON, None))
    key = "services.orders.discovered"
    assert with_it.systems["shop"].agreement(with_it.stack)[key] is True
    assert without.systems["shop"].agreement(without.stack)[key] is None


def test_its_hosted_zone_is_paid_for(found: dict[str, Deployment], example: dict[str, Deployment]) -> None:
    with_it, without = (cost(resources(each["prod"], "us-east-1")) for each in (found, example))
    zones = [sum(i.number for i in each.items if i.price == "hosted-zone") for each in (with_it, without)]
    assert zones[0] == zones[1] + 1
    assert set(with_it.unpriced) == set(without.unpriced)


@pytest.mark.parametrize("which", ["founder", "joiner"])
def test_it_adds_what_the_table_says_and_changes_nothing_else(
    found: dict[str, Deployment], example: dict[str, Deployment], which: str
) -> None:
    name = "prod" if which == "founder" else "dr"
    peer, own = (read(each["prod"]) if which == "joiner" else {} for each in (found, example))
    added, before = ours(found[name], peer, EVERY), ours(example[name], own, EVERY)
    check(added - before, table("discovered", which, places(configured(name))))
    assert before - added == set()

"""Services that are called from other VPCs: what is refused, what each key does, and what is put together."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from policies.cost import cost
from tests.architectures.conftest import outputs
from tests.architectures.containers.conftest import CALLER, ON, OTHER, REGIONS, configured
from tests.architectures.containers.test_settings import SHOP, refused
from tests.architectures.containers.test_system import container, prod, service
from tests.architectures.test_wiring import check, ours, places, read
from tests.architectures.wiring import table
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment

OWN = re.compile(r".*lattice")


@pytest.mark.parametrize(
    ("services", "changes", "line"),
    [
        (ON, {}, "services.orders.lattice: got true, allowed is false without the system's lattice, which says who may call"),
        ({}, {"lattice": {}}, "lattice: got no service on it, allowed is one or more with lattice: true"),
        (
            ON,
            {"lattice": {"auth": "none", "callers": [CALLER]}},
            f"lattice.callers: got ['{CALLER}'], allowed is none with auth none: nobody is asked who he is",
        ),
        (
            ON,
            {"lattice": {"callers": ["billing"]}},
            "lattice.callers[0]: got 'billing', allowed is the ARN of an IAM role or user, or of an account's root",
        ),
        (
            ON,
            {"lattice": {"vpcs": {OTHER: "10.30.0.1/16"}}},
            f"lattice.vpcs.{OTHER}: got '10.30.0.1/16', allowed is an IPv4 network in CIDR notation without host bits, e.g. 10.30.0.0/16",
        ),
        (ON, {"lattice": {"auth": "tls"}}, "lattice.auth: got 'tls', allowed is 'iam' or 'none'"),
        (
            {"web": {"lattice": True}},
            {"lattice": {}},
            (
                "services.web.lattice: got one, allowed is none with blue/green deployment, which moves the load balancer's rule "
                "alone"
            ),
        ),
        (
            {"mailer": {"lattice": True}},
            {"lattice": {}},
            "services.mailer.lattice: got one, allowed is none without a port: nothing reaches the tasks",
        ),
        (
            {"orders": {"lattice": True, "path": None, "scaleOn": None, "healthPath": "ok"}},
            {"lattice": {}},
            "services.orders.healthPath: got 'ok', allowed is a path, from /",
        ),
    ],
)  # fmt: skip
def test_what_can_not_be_is_one_line(services: dict[str, Any], changes: dict[str, Any], line: str) -> None:
    assert refused(services=services, **changes) == [f"{SHOP}.{line}"]


def test_a_vpc_is_named_by_its_id() -> None:
    (told,) = refused(services=ON, lattice={"vpcs": {"billing": "10.30.0.0/16"}})
    assert told.endswith("allowed is the id of a VPC, such as vpc-0123456789abcdef0")


def test_both_stacks_say_which_services_are_on_it(optional: dict[str, Deployment]) -> None:
    for stack in optional.values():
        agreed = outputs(stack)["systems"]["shop"]["agreement"]
        assert [agreed[f"services.{each}.lattice"] for each in ("web", "orders", "mailer")] == [
            False,
            True,
            False,
        ]


def test_each_region_has_a_network_and_a_name_of_its_own(optional: dict[str, Deployment]) -> None:
    for name, region in REGIONS.items():
        stack = optional[name]
        told = outputs(stack)["systems"]["shop"]["lattice"]
        assert told["network"] == f"arn:aws:mock:{region}:123456789012:shop-lattice-network"
        assert set(told["urls"]) == {"orders"}
        assert told["urls"]["orders"].startswith("https://example-production-shop-orders-")
        assert (
            stack.one("aws:vpclattice/serviceNetwork:ServiceNetwork", "shop-lattice-network").inputs["name"]
            == "example-production-shop"
        )
        assert stack.one("aws:vpclattice/service:Service").inputs["name"] == "example-production-shop-orders"
        rule = stack.one("SecurityGroupIngressRule", "shop-sg-orders-from-lattice").inputs
        assert rule["prefixListId"] == f"pl-com.amazonaws.{region}.vpc-lattice"


def test_clients_of_its_own_vpc_and_of_others_get_through(optional: dict[str, Deployment]) -> None:
    cidrs = {"prod": "10.10.0.0/16", "dr": "10.20.0.0/16"}
    for name, stack in optional.items():
        let = {
            r.name: r.inputs["cidrIpv4"]
            for r in stack.all("SecurityGroupIngressRule")
            if r.name.startswith("shop-lattice")
        }
        assert let == {"shop-lattice-own-https": cidrs[name], f"shop-lattice-{OTHER}-https": "10.30.0.0/16"}


def principals(stack: Deployment) -> Any:
    (statement,) = json.loads(stack.one("AuthPolicy", "shop-orders-lattice-auth").inputs["policy"])[
        "Statement"
    ]
    return statement["Principal"]


def test_who_may_call(optional: dict[str, Deployment]) -> None:
    assert principals(optional["prod"]) == {"AWS": [CALLER]}
    open_ = prod(ON, lattice={"auth": "none"})
    assert not open_.all("AuthPolicy")
    assert open_.one("aws:vpclattice/service:Service").inputs["authType"] == "NONE"


def test_ecs_registers_the_tasks_of_who_is_on_it(optional: dict[str, Deployment]) -> None:
    stack = optional["prod"]
    (registered,) = service(stack, "orders")["vpcLatticeConfigurations"]
    assert registered["portName"] == container(stack, "orders")["portMappings"][0]["name"] == "orders"
    assert "vpcLatticeConfigurations" not in service(stack, "web")


def test_it_is_paid_for_by_the_service(optional: dict[str, Deployment]) -> None:
    found = cost(resources(optional["prod"], "us-east-1"))
    assert [item.number for item in found.items if item.price == "lattice.service"] == [1]
    assert not [each for each in found.unpriced if "vpclattice" in each]


def test_a_long_name_is_cut_and_without_callers_it_is_the_account_that_may_call() -> None:
    long = "orders-of-everybody1"
    found = prod({**ON, long: {"lattice": True, "port": 8000, "image": "sha256:" + "0" * 64}}, lattice={})
    assert principals(found) == {"AWS": ["arn:aws:iam::123456789012:root"]}
    names = {r.inputs["name"] for r in found.all("aws:vpclattice/service:Service")}
    assert len(names) == 2
    assert all(len(name) <= 40 for name in names)


@pytest.mark.parametrize("which", ["founder", "joiner"])
def test_what_it_is_put_together_of(optional: dict[str, Deployment], which: str) -> None:
    name = "prod" if which == "founder" else "dr"
    found = {**places(configured(name)), "client": ["own", OTHER]}
    peer = {} if which == "founder" else read(optional["prod"])
    check(ours(optional[name], peer, OWN), table("lattice", which, found))

from __future__ import annotations

import pytest

from components.checks import ArgumentError
from components.network import Member, ServiceGroups, ServiceGroupsArgs
from tests.components.test_compute_containers import TAGS
from tests.pulumi_mocks import Deployment, deploy

SERVICES = {
    "web": Member(port=8080, outside=True, calls=["orders"]),
    "orders": Member(port=8000),
    "mailer": Member(port=None),
}
LATTICE = "pl-0123"


def arguments(**more):
    return ServiceGroupsArgs(**{"vpc_id": "vpc-1", "tags": TAGS, "services": SERVICES, **more})


@pytest.fixture(scope="module")
def made() -> Deployment:
    return deploy(lambda: ServiceGroups("shop-sg", arguments()) and None)


def connections(made: Deployment, kind: str) -> set[tuple[str, str, int]]:
    """Whose group the rule is, what is at its other end, and the port."""
    ids = {made.made[r.urn]["id"]: r.name.removeprefix("shop-sg-") for r in made.all("SecurityGroup")}
    return {
        (
            ids[r.inputs["securityGroupId"]],
            ids.get(r.inputs.get("referencedSecurityGroupId"), r.inputs.get("cidrIpv4")),
            r.inputs["fromPort"],
        )
        for r in made.all(kind)
        if r.inputs["fromPort"] == r.inputs["toPort"]
    }


def test_who_may_open_a_connection_to_whom(made: Deployment):
    everywhere = "0.0.0.0/0"
    assert connections(made, "SecurityGroupIngressRule") == {
        ("load-balancer", everywhere, 443),
        ("load-balancer", everywhere, 80),
        ("web", "load-balancer", 8080),
        ("orders", "web", 8000),
    }
    assert connections(made, "SecurityGroupEgressRule") == {
        ("load-balancer", "web", 8080),
        ("web", "orders", 8000),
        ("web", everywhere, 443),
        ("orders", everywhere, 443),
        ("mailer", everywhere, 443),
    }


def test_a_service_on_a_network_takes_lattice_s_connections():
    services = {**SERVICES, "orders": Member(port=8000, lattice=True)}
    found = deploy(
        lambda: (
            ServiceGroups("shop-sg", arguments(services=services, lattice_prefix_list_id=LATTICE)) and None
        )
    )
    listed = [r for r in found.all("SecurityGroupIngressRule") if r.inputs.get("prefixListId")]
    assert [r.name for r in listed] == ["shop-sg-orders-from-lattice"]
    inputs = listed[0].inputs
    orders = found.one("aws:ec2/securityGroup:SecurityGroup", "shop-sg-orders")
    assert (inputs["prefixListId"], inputs["fromPort"], inputs["toPort"]) == (LATTICE, 8000, 8000)
    assert inputs["securityGroupId"] == found.made[orders.urn]["id"]


def test_each_is_tagged_and_a_child(made: Deployment):
    component = made.one("holdfast:network:ServiceGroups")
    below = [r for r in made.resources if r.type.startswith("aws:")]
    assert len(below) == 4 + 4 + 5
    for resource in below:
        assert resource.parent == component.urn
        assert resource.tags["Name"] == resource.name


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"services": {}}, "services: got [], allowed is 1 or more: somebody serves"),
        ({"services": {"https": Member(port=1)}}, "services: got 'https', allowed is any other name"),
        ({"services": {"a": Member(port=0)}}, "services[a].port: got 0, allowed is 1 to 65535"),
        (
            {"services": {"a": Member(port=None, outside=True)}},
            "services[a].outside: got True, allowed is False without a port",
        ),
        (
            {"services": {"a": Member(port=None, lattice=True)}, "lattice_prefix_list_id": LATTICE},
            "services[a].lattice: got True, allowed is False without a port",
        ),
        (
            {"services": {"a": Member(port=1, lattice=True)}},
            "lattice_prefix_list_id: got None, allowed is VPC Lattice's list, since it reaches a service",
        ),
        *(
            (
                {"services": {"a": Member(port=1, calls=[other]), "worker": Member(port=None)}},
                f"services[a].calls: got {other!r}, allowed is the name of another service that has a port",
            )
            for other in ("a", "worker", "nobody")
        ),
        (
            {"ingress_cidrs": ["10.0.0.1/8"]},
            "ingress_cidrs: got '10.0.0.1/8', allowed is an IPv4 network in CIDR notation without host bits, e.g. 198.51.100.0/24",
        ),
    ],
)
def test_what_can_not_be_is_told(more, message):
    with pytest.raises(ArgumentError) as told:
        arguments(**more).check()
    assert str(told.value) == message

"""What a SecurityGroupChain registers."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

import pulumi
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from components.network import SecurityGroupChain, SecurityGroupChainArgs, Store, Tier
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="prod",
    system="shop",
    owner="platform",
    cost_center="1",
    dr_tier=2,
    rto_hours=4,
    rpo_minutes=15,
)
ARGS = SecurityGroupChainArgs(
    vpc_id="vpc-1",
    tags=TAGS,
    tiers=(Tier(name="web", port=8080), Tier(name="app", port=9000)),
    stores=(Store(name="database", port=5432), Store(name="cache", port=6379)),
)
# https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_CreateSecurityGroup.html
DESCRIPTION = re.compile(r"[a-zA-Z0-9. _\-:/()#,@\[\]+=&;{}!$*]{1,255}")


def chain(
    preview: bool = False, outputs: Callable[[SecurityGroupChain], None] | None = None, **changes
) -> Deployment:
    def program() -> None:
        made = SecurityGroupChain("site", replace(ARGS, **changes))
        if outputs:
            outputs(made)

    return deploy(program, preview=preview)


@pytest.fixture(scope="module")
def standard() -> Deployment:
    return chain()


def rules(deployment: Deployment, direction: str) -> set[tuple[str, str, int]]:
    """(group, other side, port) of every rule; each opens exactly one TCP port."""
    found = set()
    for rule in deployment.all(f"SecurityGroup{direction}Rule"):
        inputs = rule.inputs
        assert inputs["ipProtocol"] == "tcp"
        assert inputs["fromPort"] == inputs["toPort"]
        other = inputs.get("referencedSecurityGroupId") or inputs["cidrIpv4"]
        group = inputs["securityGroupId"].removeprefix("site-").removesuffix("-id")
        found.add((group, other.removeprefix("site-").removesuffix("-id"), inputs["fromPort"]))
    assert len(found) == len(deployment.all(f"SecurityGroup{direction}Rule"))
    return found


def test_each_group_lets_in_the_one_before_it_alone(standard: Deployment) -> None:
    assert rules(standard, "Ingress") == {
        ("load-balancer", "0.0.0.0/0", 443),
        ("load-balancer", "0.0.0.0/0", 80),
        ("web", "load-balancer", 8080),
        ("app", "web", 9000),
        ("database", "app", 5432),
        ("cache", "app", 6379),
    }


def test_groups_open_connections_to_the_next_and_https_alone_and_stores_none(standard: Deployment) -> None:
    assert rules(standard, "Egress") == {
        ("load-balancer", "web", 8080),
        ("web", "app", 9000),
        ("web", "0.0.0.0/0", 443),
        ("app", "database", 5432),
        ("app", "cache", 6379),
        ("app", "0.0.0.0/0", 443),
    }


def test_groups_have_no_rules_inside(standard: Deployment) -> None:
    groups = standard.all("SecurityGroup")
    assert {g.name for g in groups} == {
        f"site-{n}" for n in ("load-balancer", "web", "app", "database", "cache")
    }
    for group in groups:
        assert group.inputs["vpcId"] == "vpc-1"
        assert not {"ingress", "egress"} & group.inputs.keys()


def test_everything_is_described_tagged_and_a_child_of_the_component(standard: Deployment) -> None:
    component = standard.one("holdfast:network:SecurityGroupChain", "site")
    for resource in standard.resources:
        if resource is not component:
            assert DESCRIPTION.fullmatch(resource.inputs["description"]), resource.name
            assert resource.tags == TAGS.resource(resource.name)
            assert resource.parent == component.urn
            assert "region" not in resource.inputs


def test_the_load_balancer_can_be_closed_to_all_but_some_networks() -> None:
    deployment = chain(ingress_cidrs=("198.51.100.0/24", "203.0.113.7/32"))
    assert {r for r in rules(deployment, "Ingress") if r[0] == "load-balancer"} == {
        ("load-balancer", cidr, port) for cidr in ("198.51.100.0/24", "203.0.113.7/32") for port in (80, 443)
    }


def test_one_tier_and_no_store() -> None:
    deployment = chain(tiers=(Tier(name="web", port=80),), stores=())
    assert rules(deployment, "Egress") == {("load-balancer", "web", 80), ("web", "0.0.0.0/0", 443)}


def test_outputs() -> None:
    seen: dict[str, object] = {}

    def note(made: SecurityGroupChain) -> None:
        for attribute in ("load_balancer_id", "tier_ids", "store_ids"):
            value = getattr(made, attribute)
            pulumi.Output.from_input(value).apply(lambda v, a=attribute: seen.update({a: v}))

    deployment = chain(outputs=note)
    assert seen == {
        "load_balancer_id": "site-load-balancer-id",
        "tier_ids": {"web": "site-web-id", "app": "site-app-id"},
        "store_ids": {"database": "site-database-id", "cache": "site-cache-id"},
    }
    assert deployment.outputs[deployment.one("holdfast:network:SecurityGroupChain").urn] == {
        "loadBalancerId": seen["load_balancer_id"],
        "tierIds": seen["tier_ids"],
        "storeIds": seen["store_ids"],
    }


def test_a_first_preview_knows_no_output(standard: Deployment) -> None:
    preview = chain(preview=True)
    assert {r.urn for r in preview.resources} == {r.urn for r in standard.resources}


def test_another_store_changes_nothing_there_is(standard: Deployment) -> None:
    after = {r.urn: r.inputs for r in chain(stores=(Store(name="files", port=2049), *ARGS.stores)).resources}
    assert all(after[r.urn] == r.inputs for r in standard.resources)
    assert len(after) == len(standard.resources) + 3


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(1, 65535), min_size=1, max_size=4), st.lists(st.integers(1, 65535), max_size=3))
def test_only_neighbours_are_connected(tier_ports: list[int], store_ports: list[int]) -> None:
    tiers = [Tier(name=f"t{i}", port=port) for i, port in enumerate(tier_ports)]
    stores = [Store(name=f"s{i}", port=port) for i, port in enumerate(store_ports)]
    deployment = chain(tiers=tiers, stores=stores)
    walk = ["load-balancer", *(t.name for t in tiers)]
    ports = {member.name: member.port for member in (*tiers, *stores)}
    links = {*pairwise(walk), *((walk[-1], s.name) for s in stores)}
    assert {r for r in rules(deployment, "Ingress") if r[0] != "load-balancer"} == {
        (to, before, ports[to]) for before, to in links
    }
    assert {r for r in rules(deployment, "Egress") if r[1] != "0.0.0.0/0"} == {
        (before, to, ports[to]) for before, to in links
    }


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"tiers": ()}, r"tiers: got \[\], allowed is 1 or more: front to back"),
        (
            {"tiers": (Tier(name="Web", port=80),)},
            r"tiers\.name: got 'Web', allowed is up to 31 lower case letters, digits",
        ),
        (
            {"tiers": (Tier(name="w" * 32, port=80),)},
            r"tiers\.name: got 'wwwwwwwwwwwwwwwwwwwwwwwwwwwwwwww', allowed is up to 31 lower case letters, digits",
        ),
        (
            {"tiers": (Tier(name="load-balancer", port=80),)},
            r"tiers\.name: got 'load-balancer', allowed is each name once, and neither",
        ),
        (
            {"tiers": (Tier(name="https", port=80),)},
            r"tiers\.name: got 'https', allowed is each name once, and neither",
        ),
        (
            {"stores": (Store(name="web", port=80),)},
            r"stores\.name: got 'web', allowed is each name once, and neither",
        ),
        ({"tiers": (Tier(name="web", port=0),)}, r"tiers\.port: got 0, allowed is 1 to 65535"),
        (
            {"stores": (Store(name="db", port=65536),)},
            r"stores\.port: got 65536, allowed is 1 to 65535",
        ),
        (
            {"ingress_cidrs": ("10.0.0.1/8",)},
            r"ingress_cidrs: got '10\.0\.0\.1/8', allowed is an IPv4 network in CIDR notation",
        ),
        ({"ingress_cidrs": ("anywhere",)}, "ingress_cidrs: got 'anywhere'"),
        (
            {"ingress_cidrs": ("10.0.0.0/8", "10.0.0.0/8")},
            r"ingress_cidrs: got 10\.0\.0\.0/8 more than once, allowed is each once",
        ),
    ],
)
def test_a_bad_argument_stops_before_anything_is_registered(changes: dict, message: str) -> None:
    def program() -> None:
        with pytest.raises(ValueError, match=message):
            SecurityGroupChain("site", replace(ARGS, **changes))

    assert deploy(program).resources == []


def test_a_load_balancer_between_two_tiers_is_let_in_by_the_one_and_lets_in_the_other() -> None:
    tiers = (Tier(name="web", port=8080), Tier(name="app", port=9000, balanced=True))
    ids: dict[str, pulumi.Output[str]] = {}
    found = chain(tiers=tiers, outputs=lambda made: ids.update(made.balancer_ids))
    assert rules(found, "Ingress") >= {
        ("app-balancer", "web", 9000),
        ("app", "app-balancer", 9000),
        ("database", "app", 5432),
    }
    assert rules(found, "Egress") >= {("web", "app-balancer", 9000), ("app-balancer", "app", 9000)}
    assert not {("app", "web", 9000)} & rules(found, "Ingress")
    assert list(ids) == ["app"]


@pytest.mark.parametrize(
    ("tiers", "message"),
    [
        (
            [Tier(name="web", port=1, balanced=True)],
            "tiers.balanced: got True of the first, allowed is False",
        ),
        (
            [
                Tier(name="web", port=1),
                Tier(name="app", port=1, balanced=True),
                Tier(name="app-balancer", port=1),
            ],
            "tiers.name: got 'app-balancer', allowed is each name once",
        ),
    ],
)
def test_a_load_balancer_has_a_place_and_a_name_of_its_own(tiers: list[Tier], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        chain(tiers=tiers)

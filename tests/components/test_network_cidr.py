"""The address plan and its checks."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations

import botocore.session
import pytest
from hypothesis import given
from hypothesis import strategies as st
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend

from components.network.cidr import (
    PRIVATE_RANGES,
    SMALLEST_SUBNET,
    SMALLEST_VPC,
    subnet_plan,
    validate_network,
    zone_number,
)
from components.network.regions import ZONE_ID_PREFIXES, zone_id_prefix

EAST = ["use1-az1", "use1-az2", "use1-az4"]

zone_sets = st.sets(st.integers(1, 7), min_size=1, max_size=7).map(
    lambda ns: [f"use1-az{n}" for n in sorted(ns)]
)


@st.composite
def vpcs(draw: st.DrawFn) -> str:
    """A network that `validate_network` lets pass."""
    block = draw(st.sampled_from(PRIVATE_RANGES))
    length = draw(st.integers(16, SMALLEST_VPC))
    step = draw(st.integers(0, 2 ** (length - block.prefixlen) - 1))
    return f"{block.network_address + step * 2 ** (32 - length)}/{length}"


def networks(cidr: str, zones: list[str]) -> list[IPv4Network]:
    return [IPv4Network(c) for subnets in subnet_plan(cidr, zones).values() for c in subnets]


def test_the_plan_of_a_slash_16() -> None:
    plan = subnet_plan("10.0.0.0/16", EAST)
    assert list(plan) == EAST
    assert (plan["use1-az1"].private, plan["use1-az1"].data, plan["use1-az1"].public) == (
        "10.0.16.0/20",
        "10.0.136.0/21",
        "10.0.200.0/21",
    )
    assert (plan["use1-az4"].private, plan["use1-az4"].data, plan["use1-az4"].public) == (
        "10.0.64.0/20",
        "10.0.160.0/21",
        "10.0.224.0/21",
    )


@given(vpcs(), zone_sets)
def test_subnets_lie_in_the_vpc_and_never_overlap(cidr: str, zones: list[str]) -> None:
    found = networks(cidr, zones)
    assert len(found) == 3 * len(zones)
    assert all(
        subnet.subnet_of(IPv4Network(cidr)) and subnet.prefixlen <= SMALLEST_SUBNET for subnet in found
    )
    assert not any(a.overlaps(b) for a, b in combinations(found, 2))


@given(vpcs(), zone_sets, st.integers(1, 7), st.randoms(use_true_random=False))
def test_neither_another_zone_nor_order_moves_a_subnet(
    cidr: str, zones: list[str], number: int, random
) -> None:
    before = subnet_plan(cidr, zones)
    more = [*{*zones, f"use1-az{number}"}]
    random.shuffle(more)
    after = subnet_plan(cidr, more)
    assert {zone: after[zone] for zone in zones} == before


@given(vpcs(), vpcs(), zone_sets)
def test_vpcs_that_validate_side_by_side_share_no_address(one: str, other: str, zones: list[str]) -> None:
    overlap = IPv4Network(one).overlaps(IPv4Network(other))
    pair = EAST if len(zones) < 2 else zones
    if overlap:
        with pytest.raises(ValueError, match="peer_cidr"):
            validate_network(one, pair, "us-east-1", other)
    else:
        validate_network(one, pair, "us-east-1", other)
        assert not any(a.overlaps(b) for a in networks(one, zones) for b in networks(other, zones))


@pytest.mark.parametrize("length", [16, SMALLEST_VPC])
def test_the_largest_and_the_smallest_vpc_pass(length: int) -> None:
    validate_network(f"10.4.0.0/{length}", EAST, "us-east-1", "10.5.0.0/16")


@pytest.mark.parametrize(
    ("cidr", "allowed"),
    [
        ("ten", "an IPv4 network in CIDR notation, e.g. 10.0.0.0/16"),
        ("10.0.0.0", "an IPv4 network in CIDR notation"),
        ("10.0.0.0/33", "an IPv4 network in CIDR notation"),
        ("10.0.0.0/255.255.0.0", "an IPv4 network in CIDR notation"),
        ("fd00::/56", "an IPv4 network in CIDR notation"),
        ("", "an IPv4 network in CIDR notation"),
        ("10.0.1.0/16", "allowed is the network itself, 10.0.0.0/16"),
        ("10.0.0.0/15", "allowed is /16 (the largest VPC)"),
        ("10.0.0.0/24", "allowed is /16 (the largest VPC) to /23"),
        ("10.0.0.0/28", "allowed is /16 (the largest VPC) to /23"),
        ("8.8.0.0/16", "a private network, inside one of 10.0.0.0/8, 172.16.0.0/12"),
    ],
)
def test_a_bad_cidr_is_named(cidr: str, allowed: str) -> None:
    for argument, values in (("cidr", (cidr, None)), ("peer_cidr", ("10.200.0.0/16", cidr))):
        with pytest.raises(ValueError, match="allowed") as error:
            validate_network(values[0], EAST, "us-east-1", values[1])
        assert str(error.value).startswith(f"{argument}: got {cidr!r}")
        assert allowed in str(error.value)
    with pytest.raises(ValueError, match=r"^cidr: got"):
        subnet_plan(cidr, EAST)


@pytest.mark.parametrize(
    ("zones", "message"),
    [
        (["use1-az1"], r"zones: got \['use1-az1'\], allowed is 2 or more: with one zone nothing is"),
        ([], r"zones: got \[\], allowed is 2 or more: with one zone nothing is"),
        (
            ["use1-az1", "use1-az1", "use1-az2"],
            "zones: got use1-az1 more than once, allowed is each once",
        ),
        (
            ["use1-az1", "usw2-az2"],
            "zones: got 'usw2-az2', allowed is a zone id of us-east-1: those begin",
        ),
        (["use1-az1", "us-east-1b"], "zones: got 'us-east-1b', allowed is the id of an Availability Zone"),
        (["use1-az1", "use1-az0"], "zones: got 'use1-az0', .*number from 1 to 7"),
        (["use1-az1", "use1-az8"], "zones: got 'use1-az8', .*number from 1 to 7"),
        (["use1-az1", "use1-az01"], "zones: got 'use1-az01', .*number from 1 to 7"),
        (["use1-az1", "use1-azb"], "zones: got 'use1-azb', .*number from 1 to 7"),
        (
            ["use1-az1", "use1-bos1-az1"],
            "zones: got 'use1-bos1-az1', allowed is the id of an Availability Zone",
        ),
        (["use1-az1", "use1-az2 "], "zones: got 'use1-az2 '"),
    ],
)
def test_bad_zones_are_named(zones: list[str], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        validate_network("10.0.0.0/16", zones, "us-east-1")


def test_an_overlap_with_the_peer_is_named() -> None:
    with pytest.raises(ValueError, match=r"cidr: got '10.1.0.0/17', .* peer_cidr '10.1.0.0/16'"):
        validate_network("10.1.0.0/17", EAST, "us-east-1", "10.1.0.0/16")


@pytest.mark.parametrize("region", ["us-east-9", "cn-north-1", "us-gov-west-1", "us-east-1a", ""])
def test_an_unknown_region_is_named(region: str) -> None:
    with pytest.raises(
        ValueError, match=rf"region: got '{region}', allowed is one of af-south-1, .*us-west-2"
    ):
        validate_network("10.0.0.0/16", EAST, region)


def test_the_regions_are_those_of_the_aws_sdk() -> None:
    known = botocore.session.get_session().get_available_regions("ec2", partition_name="aws")
    assert sorted(ZONE_ID_PREFIXES) == sorted(known)


@pytest.mark.parametrize("region", sorted(ZONE_ID_PREFIXES))
def test_every_zone_of_every_region_has_a_place_of_its_own(region: str) -> None:
    zones = [zone.zone_id for zone in RegionsAndZonesBackend.zones[region]]
    assert all(zone.startswith(f"{zone_id_prefix(region)}-az") for zone in zones)
    validate_network("10.0.0.0/16", zones, region)
    assert len({zone_number(zone) for zone in zones}) == len(zones)

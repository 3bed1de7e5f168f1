"""The address plan of a VPC: from a CIDR and zone ids to subnets, and the checks before it. Pure functions.

A subnet's place follows from the number in its zone's id alone (`use1-az4` has slot 4), never from the order
or length of a list: a zone can be added or taken away and no other zone's subnets move. Half of the VPC holds
the private (application) subnets, a quarter the data subnets and a quarter the public ones; each part has
eight equal slots.

Sizes: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html,
https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Network

from components.checks import ArgumentError, at_least, each_once, need
from components.network.regions import zone_id_prefix

SLOT_BITS = 3
SLOTS = 1 << SLOT_BITS
"""Slots of each tier. Slot 0 stays free: zones are numbered from 1, and no region has more than six."""
LARGEST_VPC = 16
SMALLEST_SUBNET = 28
PRIVATE_BITS = 1
DATA_BITS = 2
PUBLIC_BITS = 2
SMALLEST_VPC = SMALLEST_SUBNET - SLOT_BITS - max(PRIVATE_BITS, DATA_BITS, PUBLIC_BITS)
MINIMUM_ZONES = 2
PRIVATE_RANGES = tuple(
    IPv4Network(block) for block in ("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10")
)
"""RFC 1918, and the shared address space of RFC 6598, which AWS counts as private too."""

_ZONE_ID = re.compile(r"(?P<prefix>[a-z]+\d+)-az(?P<number>[1-9]\d*)")


@dataclass(frozen=True, kw_only=True)
class ZoneSubnets:
    """The CIDRs of one zone's three subnets."""

    public: str
    private: str
    data: str

    def __iter__(self) -> Iterator[str]:
        return iter((self.public, self.private, self.data))


def subnet_plan(cidr: str, zones: Sequence[str]) -> dict[str, ZoneSubnets]:
    """Plan the subnets of each zone id. ArgumentError for a CIDR or zone id that `validate_network` refuses."""
    vpc = _network("cidr", cidr)
    private, rest = vpc.subnets(prefixlen_diff=PRIVATE_BITS)
    data, public = rest.subnets(prefixlen_diff=DATA_BITS - PRIVATE_BITS)
    plan: dict[str, ZoneSubnets] = {}
    for zone in zones:
        slot = zone_number(zone)
        plan[zone] = ZoneSubnets(
            public=_slot(public, slot), private=_slot(private, slot), data=_slot(data, slot)
        )
    return plan


def zone_number(zone: str) -> int:
    """Read the number at the end of a zone id, 1 to 7. ArgumentError for all else, Local Zones too."""
    found = _ZONE_ID.fullmatch(zone)
    if found is None or int(found["number"]) >= SLOTS:
        allowed = (
            f"the id of an Availability Zone, <region prefix>-az<number from 1 to {SLOTS - 1}>, e.g. use1-az4"
        )
        raise ArgumentError("zones", repr(zone), allowed)
    return int(found["number"])


def validate_network(cidr: str, zones: Sequence[str], region: str, peer_cidr: str | None = None) -> None:
    """Refuse what AWS, or this plan, can't build: an ArgumentError names argument, value and what is allowed.

    `peer_cidr` is the VPC of the other region: the two must not overlap, or they could never be connected.
    """
    prefix = zone_id_prefix(region)
    vpc = _network("cidr", cidr)
    if peer_cidr is not None and vpc.overlaps(_network("peer_cidr", peer_cidr)):
        allowed = f"a network that doesn't overlap peer_cidr {peer_cidr!r}, the VPC of the other region"
        raise ArgumentError("cidr", repr(cidr), allowed)
    for zone in zones:
        zone_number(zone)
        ours = zone.startswith(f"{prefix}-")
        need(ours, "zones", repr(zone), f"a zone id of {region}: those begin with {prefix}-az")
    each_once("zones", zones)
    at_least("zones", zones, MINIMUM_ZONES, "with one zone nothing is left when it fails")


def _network(argument: str, cidr: str) -> IPv4Network:
    """`cidr` as a network that can be a VPC of ours, or an ArgumentError that names `argument`."""
    try:
        network = IPv4Network(cidr, strict=False)
    except ValueError:
        network = None
    if network is None or not re.fullmatch(r"[\d.]+/\d+", cidr):
        raise ArgumentError(argument, repr(cidr), "an IPv4 network in CIDR notation, e.g. 10.0.0.0/16")
    itself = f"the network itself, {network}, without host bits"
    need(str(network) == cidr, argument, repr(cidr), itself)
    if not LARGEST_VPC <= network.prefixlen <= SMALLEST_VPC:
        allowed = (
            f"/{LARGEST_VPC} (the largest VPC) to /{SMALLEST_VPC} (the smallest that fits three subnets of at"
            f" least /{SMALLEST_SUBNET} in each zone of a region)"
        )
        raise ArgumentError(argument, repr(cidr), allowed)
    private = any(network.subnet_of(block) for block in PRIVATE_RANGES)
    inside = f"a private network, inside one of {', '.join(str(block) for block in PRIVATE_RANGES)}"
    need(private, argument, repr(cidr), inside)
    return network


def _slot(part: IPv4Network, slot: int) -> str:
    return str(list(part.subnets(prefixlen_diff=SLOT_BITS))[slot])

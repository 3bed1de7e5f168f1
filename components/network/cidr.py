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
    """Plan the subnets of each zone id. ValueError for a CIDR or zone id that `validate_network` refuses."""
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
    """Read the number at the end of a zone id, 1 to 7. ValueError for all else, Local Zones too."""
    found = _ZONE_ID.fullmatch(zone)
    if found is None or int(found["number"]) >= SLOTS:
        raise ValueError(
            f"zones: got {zone!r}, allowed is the id of an Availability Zone,"
            f" <region prefix>-az<number from 1 to {SLOTS - 1}>, e.g. use1-az4"
        )
    return int(found["number"])


def validate_network(cidr: str, zones: Sequence[str], region: str, peer_cidr: str | None = None) -> None:
    """Refuse what AWS, or this plan, can't build: a ValueError names argument, value and what is allowed.

    `peer_cidr` is the VPC of the other region: the two must not overlap, or they could never be connected.
    """
    prefix = zone_id_prefix(region)
    vpc = _network("cidr", cidr)
    if peer_cidr is not None and vpc.overlaps(_network("peer_cidr", peer_cidr)):
        raise ValueError(
            f"cidr: got {cidr!r}, allowed is a network that doesn't overlap peer_cidr {peer_cidr!r},"
            " the VPC of the other region"
        )
    for zone in zones:
        zone_number(zone)
        if not zone.startswith(f"{prefix}-"):
            raise ValueError(
                f"zones: got {zone!r}, allowed in {region} are zone ids that begin with {prefix}-az"
            )
    twice = sorted({zone for zone in zones if list(zones).count(zone) > 1})
    if twice:
        raise ValueError(f"zones: got {', '.join(twice)} more than once, allowed is each zone id once")
    if len(zones) < MINIMUM_ZONES:
        raise ValueError(
            f"zones: got {list(zones)!r}, allowed are at least {MINIMUM_ZONES} zone ids:"
            " with one zone nothing is left when it fails"
        )


def _network(argument: str, cidr: str) -> IPv4Network:
    """`cidr` as a network that can be a VPC of ours, or a ValueError that names `argument`."""
    try:
        network = IPv4Network(cidr, strict=False)
    except ValueError:
        network = None
    if network is None or not re.fullmatch(r"[\d.]+/\d+", cidr):
        raise ValueError(
            f"{argument}: got {cidr!r}, allowed is an IPv4 network in CIDR notation, e.g. 10.0.0.0/16"
        )
    if str(network) != cidr:
        raise ValueError(
            f"{argument}: got {cidr!r}, which has host bits set; allowed is the network itself, {network}"
        )
    if not LARGEST_VPC <= network.prefixlen <= SMALLEST_VPC:
        size = "larger than AWS allows" if network.prefixlen < LARGEST_VPC else "too small"
        raise ValueError(
            f"{argument}: got {cidr!r}, which is {size}; allowed is /{LARGEST_VPC} (the largest VPC)"
            f" to /{SMALLEST_VPC} (the smallest that fits three subnets of at least /{SMALLEST_SUBNET}"
            " in each zone of a region)"
        )
    if not any(network.subnet_of(block) for block in PRIVATE_RANGES):
        raise ValueError(
            f"{argument}: got {cidr!r}, allowed is a private network, inside one of"
            f" {', '.join(str(block) for block in PRIVATE_RANGES)}"
        )
    return network


def _slot(part: IPv4Network, slot: int) -> str:
    return str(list(part.subnets(prefixlen_diff=SLOT_BITS))[slot])

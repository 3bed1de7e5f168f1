"""What a security group, or one rule of a group, opens to every address."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from policies.graph import Resource, Unknown, as_number

from .tokens import DEFAULT_SECURITY_GROUP, SECURITY_GROUP

INGRESS_RULE: Final = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule"
CLASSIC_RULE: Final = "aws:ec2/securityGroupRule:SecurityGroupRule"
GROUPS: Final = (SECURITY_GROUP, DEFAULT_SECURITY_GROUP)
INGRESS: Final = (*GROUPS, INGRESS_RULE, CLASSIC_RULE)
_EVERY_PORT: Final = 65535
_ALL: Final = ("-1", "-1.0", "all")
_PORTLESS: Final = ("icmp", "icmpv6", "1", "58")
_PUBLIC: Final = (ipaddress.ip_network("0.0.0.0/0"), ipaddress.ip_network("2000::/3"))
"""All of IPv4, and all addresses that the Internet routes of IPv6. Half of either, however it is split, is the world."""


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """Ports that are open to the world."""

    first: int
    last: int

    def __str__(self) -> str:
        if (self.first, self.last) == (0, _EVERY_PORT):
            return "every port"
        return f"port {self.first}" if self.first == self.last else f"ports {self.first} to {self.last}"


@dataclass(slots=True)
class Openings:
    """What is surely open, and the property that isn't known and may open more."""

    certain: list[Opening] = field(default_factory=list)
    unknown: str = ""


def openings(resource: Resource) -> Openings:
    """What a resource opens. Entries of one group that open the same ports are taken together."""
    found = Openings()
    sources: dict[Opening, list[Any]] = {}
    for path, entry in _entries(resource):
        if isinstance(entry, Unknown):
            found.unknown = found.unknown or path.rstrip(".")
            continue
        opened = _ports(entry)
        ranges = list(_ranges(entry))
        if isinstance(opened, Unknown) and any(_is_vague(r) for r in ranges) | covers_the_world(ranges):
            found.unknown = found.unknown or f"{path}fromPort"
        elif isinstance(opened, Opening):
            sources.setdefault(opened, []).extend(ranges)
    for opened, ranges in sources.items():
        if covers_the_world(ranges):
            found.certain.append(opened)
        elif any(map(_is_vague, ranges)):
            found.unknown = found.unknown or "the address ranges"
    return found


def _is_vague(value: Any) -> bool:
    return isinstance(value, Unknown)


def _entries(resource: Resource) -> Iterator[tuple[str, Mapping[str, Any] | Unknown]]:
    if resource.type in GROUPS:
        listed = resource.items("ingress")
        for place, entry in enumerate(listed if isinstance(listed, list) else [listed]):
            if isinstance(entry, dict | Unknown):
                yield ("ingress" if isinstance(listed, Unknown) else f"ingress.{place}."), entry
    elif resource.type != CLASSIC_RULE or resource.get("type") == "ingress":
        yield "", resource.props
    elif isinstance(resource.get("type"), Unknown):
        yield "type", Unknown("type")


def _ports(entry: Mapping[str, Any]) -> Opening | Unknown | None:
    """The ports of an entry; None where its protocol has none."""
    protocol = entry.get("protocol", entry.get("ipProtocol"))
    if isinstance(protocol, Unknown):
        return protocol
    if str(protocol).lower() in _ALL:
        return Opening(0, _EVERY_PORT)
    if str(protocol).lower() in _PORTLESS:
        return None
    first, last = entry.get("fromPort"), entry.get("toPort")
    if isinstance(first, Unknown) or isinstance(last, Unknown):
        return first if isinstance(first, Unknown) else last
    return Opening(int(as_number(first) or 0), int(as_number(last) or 0))


def _ranges(entry: Mapping[str, Any]) -> Iterator[Any]:
    for name in ("cidrBlocks", "ipv6CidrBlocks", "cidrIpv4", "cidrIpv6"):
        value = entry.get(name)
        yield from value if isinstance(value, list) else [] if value is None else [value]


def covers_the_world(ranges: Iterable[Any]) -> bool:
    """Whether address ranges, in whatever spelling, take in at least half of all public addresses of IPv4 or IPv6 together."""
    networks = [network for each in ranges if isinstance(each, str) and (network := _network(each))]
    return any(_share(networks, public) >= public.num_addresses // 2 for public in _PUBLIC)


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network | None:
    try:
        return ipaddress.ip_network(text.strip(), strict=False)
    except ValueError:
        return None


def _share(networks: Iterable[Any], public: Any) -> int:
    inside = [
        public if public.subnet_of(network) else network
        for network in networks
        if network.version == public.version and network.overlaps(public)
    ]
    return sum(network.num_addresses for network in ipaddress.collapse_addresses(inside))

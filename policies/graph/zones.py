"""Zones: of one resource, and how many several subnets or instances are in."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from .graph import Graph
from .resource import Resource
from .unknown import NotKnownError, Unknown

SUBNETS: Final = ("aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet")
MANY: Final = 99
"""More zones than any region has."""
_KEYS: Final = ("availabilityZoneId", "availabilityZone")


def zone_of(graph: Graph, resource: Resource, path: str = "availabilityZone") -> str | Unknown | None:
    """A zone as one name: that of the subnet which the property comes from, else the id where subnets tell id and name."""
    own_id = resource.get("availabilityZoneId")
    if isinstance(own_id, str):
        return own_id
    for subnet in graph.linked(resource, path, *SUBNETS) if resource.property_dependencies.get(path) else ():
        found = zone_of(graph, subnet)
        if isinstance(found, str):
            return found
    given = resource.get(path)
    if isinstance(given, str):
        return _ids_of(graph).get(given, given)
    if isinstance(given, Unknown):
        return given
    return own_id if isinstance(own_id, Unknown) else None


def _ids_of(graph: Graph) -> dict[str, str]:
    known: dict[str, str] | None = graph.cache.get(("zone ids", ""))
    if known is None:
        pairs = ([_said(subnet, key) for key in _KEYS] for subnet in graph.of(*SUBNETS))
        known = {name: id_ for id_, name in pairs if name and id_}
        graph.cache["zone ids", ""] = known
    return known


def _said(subnet: Resource, key: str) -> str | None:
    """A subnet's zone, by `availabilityZoneId` or `availabilityZone`; None when not known."""
    value = subnet.get(key)
    return value if isinstance(value, str) else None


def spread(graph: Graph, resources: Iterable[Resource]) -> tuple[int | Unknown, bool]:
    """In how many zones these instances are, and whether AWS was left to choose for some of them."""
    found = [zone_of(graph, r) for r in resources]
    named = {z for z in found if isinstance(z, str)}
    unknown = [z for z in found if isinstance(z, Unknown)]
    left = any(z is None for z in found)
    if len(named) > 1 or not unknown:
        return (len(found) if left else len(named)), left
    return unknown[0], left


def same_zone(one: Resource, other: Resource) -> bool | None:
    """Whether two subnets are in one zone; None when that is not known."""
    for key in _KEYS:
        zones = (_said(one, key), _said(other, key))
        if all(zones):
            return zones[0] == zones[1]
    return None


def distinct_zones(subnets: list[Resource]) -> tuple[int, int]:
    """How many distinct zones these subnets name (by id or by name, whichever more of them say), and how many name none."""
    counts = []
    for key in _KEYS:
        named = [zone for subnet in subnets if (zone := _said(subnet, key))]
        counts.append((len(subnets) - len(named), len(set(named))))
    silent, distinct = min(counts)
    return distinct, silent


def zone_range(
    graph: Graph, resource: Resource, path: str, entries: list[Any] | None, *, apart: bool = False
) -> tuple[int, int]:
    """The least and the most zones that the subnets of a property can be in.

    `path` leads to the references, `entries` is the list of subnets there, None when the list itself is unknown. Identifiers may be
    unknown: the references still say which subnets they come from. `apart`: AWS takes one subnet a zone there, so that those of
    which no zone is known are in zones of their own.
    """
    subnets = graph.linked(resource, path, *SUBNETS)
    distinct, silent = distinct_zones(subnets)
    if entries is None:
        return 1, distinct + silent if subnets else MANY
    count = len({entry for entry in entries if isinstance(entry, str)}) + sum(
        isinstance(entry, Unknown) for entry in entries
    )
    spare = len(subnets) - count  # subnets referred to, but not taken: which ones is not known
    least = distinct if spare <= 0 else count - (len(subnets) - distinct)
    most = min(count, distinct + silent + max(0, -spare))
    return (most if apart else max(min(1, count), min(least, most))), most


def zones(graph: Graph, resource: Resource, path: str, *, apart: bool = False) -> int | Unknown:
    """In how many zones the subnets of a property are; the least it can be where only some are known, if that is 2 or more."""
    listed = resource.items(path)
    least, most = zone_range(
        graph, resource, path, None if isinstance(listed, Unknown) else listed, apart=apart
    )
    return (
        least if least == most or least > 1 else Unknown(f"{resource.name}.{path} (the zones of its subnets)")
    )


def spans(
    graph: Graph, resource: Resource, path: str, entries: list[Any] | None, *, need: int, apart: bool = False
) -> bool:
    """Whether the subnets of a property are in at least `need` zones. Raises `NotKnownError` when that is not known."""
    least, most = zone_range(graph, resource, path, entries, apart=apart)
    if least < need <= most:
        raise NotKnownError(f"the zones of {path}")
    return least >= need

# ruff: noqa: TID252 - the package is imported under two names, so it can't name itself
"""What the readers share: how a resource becomes a unit, zones of subnets, region of an ARN."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ..graph import Graph, Resource
from ..model import Unknown
from ..unit import Unit

SUBNETS = ("aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet")
_REGION = 3
_ARN_PARTS = 6
DAY = 86400


def unit(graph: Graph, kind: str, resource: Resource, facts: dict[str, Any], **more: Any) -> Unit:
    """A unit made of `resource` (and of what is named in `owned`)."""
    owned = frozenset(more.pop("owned", ())) | {resource.urn}
    return Unit(
        kind=kind,
        name=resource.name,
        urn=resource.urn,
        stack=resource.stack,
        region=more.pop("region", None) or graph.region(resource),
        tags=more.pop("tags", None) or resource.tags(),
        facts={k: v for k, v in facts.items() if v is not None},
        names=(resource.name, *graph.ancestors(resource)),
        owned=owned,
        **more,
    )


def zones(graph: Graph, resource: Resource, path: str) -> int | Unknown:
    """In how many zones the subnets of a property are; the least it can be where only some are known, if that is 2 or more."""
    listed = resource.items(path)
    subnets = graph.linked(resource, path, *SUBNETS)
    named = {z for s in subnets if isinstance(z := zone_of(graph, s), str)}
    if isinstance(listed, Unknown):
        sure = False
    else:
        sure = len(subnets) >= len(listed) and all(isinstance(zone_of(graph, s), str) for s in subnets)
        if len(listed) <= 1 and not isinstance(listed, Unknown):
            return len(listed)
    if sure or len(named) > 1:
        return max(len(named), 1) if subnets else 0
    return Unknown(f"{resource.name}.{path} (the zones of its subnets)")


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
    known = graph.zone_ids
    if known is None:
        known = {}
        for subnet in graph.of(*SUBNETS):
            name, id_ = subnet.get("availabilityZone"), subnet.get("availabilityZoneId")
            if isinstance(name, str) and isinstance(id_, str):
                known[name] = id_
        graph.zone_ids = known
    return known


def spread(graph: Graph, resources: Iterable[Resource]) -> tuple[int | Unknown, bool]:
    """In how many zones these instances are, and whether AWS was left to choose for some of them."""
    found = [zone_of(graph, r) for r in resources]
    named = {z for z in found if isinstance(z, str)}
    unknown = [z for z in found if isinstance(z, Unknown)]
    left = any(z is None for z in found)
    if len(named) > 1 or not unknown:
        return (len(found) if left else len(named)), left
    return unknown[0], left


def arn_region(value: Any) -> str:
    """The region in an ARN, empty when it has none or isn't one."""
    if isinstance(value, str) and value.startswith("arn:") and value.count(":") >= _ARN_PARTS - 1:
        return value.split(":")[_REGION]
    return ""


def days(value: float | Unknown | None) -> float | Unknown | None:
    """Days in seconds."""
    return value * DAY if isinstance(value, int | float) else value


def both(*values: bool | Unknown) -> bool | Unknown:
    """And, with unknowns: False when any is False."""
    if any(v is False for v in values):
        return False
    return next((v for v in values if isinstance(v, Unknown)), True)


def at_least(value: float | Unknown | None, least: float) -> bool | Unknown:
    """Whether a number is big enough."""
    if isinstance(value, Unknown):
        return value
    return value is not None and value >= least

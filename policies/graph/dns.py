"""Route 53: which records answer for one name, and which health checks can ever fail.

https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-determining-health-of-endpoints.html
"""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from .graph import Graph
from .resource import Resource
from .unknown import Unknown, either

RECORD: Final = "aws:route53/record:Record"
CHECK: Final = "aws:route53/healthCheck:HealthCheck"
_ZONE: Final = "aws:route53/zone:Zone"
_DEEPEST: Final = 3
"""A calculated check may not watch another calculated one; a few steps are followed all the same."""


def name_of(graph: Graph, record: Resource) -> str | Unknown:
    """The name that a record answers for: in full where it or its zone tells, with the zone where two zones have records of that name."""
    names: dict[str, str | Unknown] = graph.cache.setdefault(("record names", ""), {})
    if not names:
        zones: defaultdict[str, set[str]] = defaultdict(set)
        for each in graph.of(RECORD):
            names[each.urn] = found = _in_full(graph, each)
            if isinstance(found, str):
                zones[found].add(_zone_of(graph, each))
        for each in graph.of(RECORD):
            found = names[each.urn]
            if isinstance(found, str) and len(zones[found] - {""}) > 1:
                names[each.urn] = f"{found}@{_zone_of(graph, each)}"
    return names.get(record.urn, Unknown(f"{record.name}.name"))


def _in_full(graph: Graph, record: Resource) -> str | Unknown:
    told = record.get("fqdn")
    given = record.get("name")
    if isinstance(told, str):
        return _plain(told)
    if not isinstance(given, str):
        return given if isinstance(given, Unknown) else Unknown(f"{record.name}.name")
    name = _plain(given)
    for zone in graph.linked(record, "zoneId", _ZONE):
        domain = zone.get("name")
        if isinstance(domain, str) and name != _plain(domain) and not name.endswith(f".{_plain(domain)}"):
            return f"{name}.{_plain(domain)}"
    return name


def _plain(name: str) -> str:
    return name.rstrip(".").lower()


def _zone_of(graph: Graph, record: Resource) -> str:
    """What tells the zone of a record from others; empty when nothing does."""
    given = record.get("zoneId")
    if isinstance(given, str):
        return given
    zones = graph.linked(record, "zoneId", _ZONE)
    known = zones[0].get("zoneId") if zones else None
    return known if isinstance(known, str) else zones[0].urn if zones else ""


def can_fail(graph: Graph, check: Resource, depth: int = _DEEPEST) -> bool | Unknown:
    """Whether a health check is ever unhealthy: one that is disabled isn't, nor one that needs none of its children."""
    off = check.flag("disabled")
    if off is True:
        return False
    if check.text("type") != "CALCULATED":
        return off if isinstance(off, Unknown) else True
    needed = check.number("childHealthThreshold")
    if isinstance(needed, Unknown):
        return needed
    children = graph.linked(check, "childHealthchecks", CHECK)
    answers = [can_fail(graph, child, depth - 1) for child in children] if depth else []
    always = sum(answer is False for answer in answers)
    if needed == 0 or (needed is not None and answers and needed <= always):
        return False
    return off if isinstance(off, Unknown) else either(*answers) if answers else True


def watched(graph: Graph, record: Resource) -> bool | Unknown:
    """Whether a record has a health check that can fail. A check of another stack is taken to."""
    if record.get("healthCheckId") is None and not record.property_dependencies.get("healthCheckId"):
        return False
    checks = graph.linked(record, "healthCheckId", CHECK)
    return can_fail(graph, checks[0]) if checks else True

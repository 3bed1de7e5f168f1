"""The resources of a stack and how they refer to each other, also where identifiers are not known yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from .resource import Resource
from .values import UNKNOWN, NotKnownError, strings

SUBNETS = ("aws:ec2/subnet:Subnet", "aws:ec2/defaultSubnet:DefaultSubnet")
MANY = 99
"""More zones than any region has."""
_NAMES = (
    "arn",
    "id",
    "name",
    "bucket",
    "identifier",
    "clusterIdentifier",
    "globalClusterIdentifier",
    "dnsName",
)


class Graph:
    """A stack's resources, by type and by reference."""

    def __init__(self, resources: Iterable[Resource]) -> None:
        self.resources = tuple(resources)
        self.by_urn = {resource.urn: resource for resource in self.resources}
        self._by_type: defaultdict[str, list[Resource]] = defaultdict(list)
        for resource in self.resources:
            self._by_type[resource.type].append(resource)
        self._referrers: dict[tuple[str, tuple[str, ...]], dict[str, list[Resource]]] = {}

    def of(self, *types: str) -> Iterator[Resource]:
        """The resources of these types."""
        for token in types:
            yield from self._by_type.get(token, ())

    @cached_property
    def _by_identifier(self) -> dict[str, Resource]:
        found: dict[str, Resource] = {}
        for resource in self.resources:
            if not resource.type.startswith("aws:"):
                continue
            for key in _NAMES:
                value = resource.props.raw.get(key)
                if isinstance(value, str) and value:
                    found.setdefault(value, resource)
                    if key == "arn":  # the engine does not hand identifiers over, but most ARNs end with them
                        found.setdefault(value.rsplit(":", 1)[-1].rsplit("/", 1)[-1], resource)
        return found

    def targets(self, resource: Resource, prop: str) -> list[Resource]:
        """The resources that a top-level property refers to: by the engine's record, and by identifiers in its value."""
        found = {
            urn: self.by_urn[urn]
            for urn in resource.property_dependencies.get(prop, ())
            if urn in self.by_urn
        }
        for text in strings(resource.props.raw.get(prop)):
            named = self._by_identifier.get(text)
            if named is not None and named is not resource:
                found.setdefault(named.urn, named)
        return list(found.values())

    def referrers(self, resource: Resource, prop: str, *types: str) -> list[Resource]:
        """The resources of these types whose property refers to this one."""
        index = self._referrers.get((prop, types))
        if index is None:
            index = defaultdict(list)
            for candidate in self.of(*types):
                for target in self.targets(candidate, prop):
                    index[target.urn].append(candidate)
            self._referrers[prop, types] = index
        return list(index.get(resource.urn, ()))

    def above(self, resource: Resource) -> Iterator[str]:
        """The URNs of the components around a resource, innermost first."""
        parent, seen = resource.parent, set[str]()
        while parent and parent not in seen:
            seen.add(parent)
            yield parent
            holder = self.by_urn.get(parent)
            parent = holder.parent if holder is not None else ""

    def tier(self, resource: Resource) -> int | None:
        """The tier of a resource; of one without tags, the strictest in the smallest component around it that has one."""
        own = resource.tier()
        if own is not None:
            return own
        return next(
            (self._tier_inside[urn] for urn in self.above(resource) if urn in self._tier_inside), None
        )

    @cached_property
    def _tier_inside(self) -> dict[str, int]:
        strictest: dict[str, int] = {}
        for resource in self.resources:
            tier = resource.tier()
            if tier is not None:
                for urn in self.above(resource):
                    strictest[urn] = min(tier, strictest.get(urn, tier))
        return strictest


def zone_of(subnet: Resource, key: str) -> str | None:
    """A subnet's zone, by `availabilityZoneId` or `availabilityZone`; None when not known."""
    value = subnet.props.raw.get(key)
    return value if isinstance(value, str) and value else None


def distinct_zones(subnets: list[Resource]) -> tuple[int, int]:
    """How many distinct zones these subnets name (by id or by name, whichever more of them say), and how many name none."""
    counts = []
    for key in ("availabilityZoneId", "availabilityZone"):
        named = [zone for subnet in subnets if (zone := zone_of(subnet, key))]
        counts.append((len(subnets) - len(named), len(set(named))))
    silent, distinct = min(counts)
    return distinct, silent


def zone_range(graph: Graph, resource: Resource, prop: str, entries: list[Any] | None) -> tuple[int, int]:
    """The least and the most zones that the subnets of a property can be in.

    `prop` is the top-level property that holds the references, `entries` the list of subnets in it, None when the list itself
    is unknown. Identifiers may be unknown: the references still say which subnets they come from.
    """
    subnets = [target for target in graph.targets(resource, prop) if target.type in SUBNETS]
    distinct, silent = distinct_zones(subnets)
    if entries is None:
        return 1, distinct + silent if subnets else MANY
    count = len({entry for entry in entries if isinstance(entry, str)}) + sum(
        entry is UNKNOWN for entry in entries
    )
    spare = len(subnets) - count  # subnets referred to, but not taken: which ones is not known
    least = distinct if spare <= 0 else count - (len(subnets) - distinct)
    most = min(count, distinct + silent + max(0, -spare))
    return max(min(1, count), min(least, most)), most


def spans(graph: Graph, resource: Resource, prop: str, entries: list[Any] | None, *, need: int) -> bool:
    """Whether the subnets of a property are in at least `need` zones. Raises `NotKnownError` when that is not known."""
    least, most = zone_range(graph, resource, prop, entries)
    if least < need <= most:
        raise NotKnownError(f"the zones of {prop}")
    return least >= need

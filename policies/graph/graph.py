"""The resources of one or more stacks, by type and by reference, also where identifiers are not known yet."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any, Final

from .regions import home_of
from .resource import STACK, Resource
from .unknown import strings
from .values import find

_IDENTITY: Final = (
    "arn", "id", "name", "bucket", "identifier", "clusterIdentifier", "globalClusterIdentifier", "replicationGroupId",
    "globalReplicationGroupId", "clusterName", "domainName", "dnsName", "fileSystemId", "endpoint", "bucketDomainName",
    "bucketRegionalDomainName", "zoneId",
)  # fmt: skip
"""Properties by whose value another resource may name this one."""


class Graph:
    """Resources with the links between them: by the engine's property dependencies, else by equal names, ids and ARNs."""

    def __init__(self, resources: Iterable[Resource], home: str = "") -> None:
        self.resources = tuple(resources)
        self.by_urn = {r.urn: r for r in self.resources}
        self._by_type: defaultdict[str, list[Resource]] = defaultdict(list)
        for r in self.resources:
            self._by_type[r.type].append(r)
        self._home = home
        self._homes: dict[str, str] = {}
        self._identities: dict[str, dict[str, list[Resource]]] = {}
        self._users: dict[tuple[str, str, tuple[str, ...]], dict[str, list[Resource]]] = {}
        self.cache: dict[tuple[str, str], Any] = {}
        """What readers worked out once for a resource: by what it is and URN."""

    def of(self, *types: str) -> list[Resource]:
        """Every resource of these types that the program declares."""
        return [r for t in types for r in self._by_type.get(t, ()) if r.declared]

    def region(self, resource: Resource) -> str:
        """Where a resource lives: where it says itself, else where its stack's others do (empty when nothing tells)."""
        return resource.region or self._home_of(resource.stack)

    def _home_of(self, stack: str) -> str:
        if stack not in self._homes:
            self._homes[stack] = home_of([r for r in self.resources if r.stack == stack]) or self._home
        return self._homes[stack]

    def linked(self, resource: Resource, path: str, *types: str) -> list[Resource]:
        """The resources of `types` that a property refers to."""
        urns = resource.property_dependencies.get(path.split(".", 1)[0], ())
        found = [r for u in urns if (r := self.by_urn.get(u)) is not None and r.type in types]
        if found:
            return sorted(found, key=lambda r: r.urn)
        return [
            r
            for r in self.named(strings(find(resource.props, path)), *types, near=resource)
            if r is not resource
        ]

    def named(self, values: Iterable[str], *types: str, near: Resource | None = None) -> list[Resource]:
        """The resources of `types` with one of these ids, ARNs or names; of several with a name those nearest to `near`."""
        found: dict[str, Resource] = {}
        for value in values:
            same = [r for t in types for r in self._index(t).get(value, ())]
            if len(same) > 1 and near is not None:
                same = [r for r in same if r.stack == near.stack] or same
                same = [r for r in same if self.region(r) == self.region(near)] or same
            found |= {r.urn: r for r in same}
        return list(found.values())

    def users(self, target: Resource, path: str, *types: str) -> list[Resource]:
        """The resources of `types` whose property at `path` refers to `target`."""
        key = (path, target.type, types)
        if key not in self._users:
            index: dict[str, list[Resource]] = defaultdict(list)
            for user in (r for t in types for r in self._by_type.get(t, ())):
                for r in self.linked(user, path, target.type):
                    index[r.urn].append(user)
            self._users[key] = index
        return self._users[key].get(target.urn, [])

    def _index(self, type_: str) -> dict[str, list[Resource]]:
        if type_ not in self._identities:
            index: dict[str, list[Resource]] = defaultdict(list)
            for r in self._by_type.get(type_, ()):
                for value in _identities(r):
                    index[value].append(r)
            self._identities[type_] = index
        return self._identities[type_]

    def above(self, resource: Resource) -> Iterator[str]:
        """The URNs of the components around a resource, innermost first."""
        parent, seen = resource.parent, set[str]()
        while parent and parent not in seen:
            seen.add(parent)
            yield parent
            holder = self.by_urn.get(parent)
            parent = holder.parent if holder is not None else ""

    def ancestors(self, resource: Resource) -> list[str]:
        """Names of the components above a resource, the nearest first."""
        holders = (self.by_urn.get(urn) for urn in self.above(resource))
        return [r.name for r in holders if r is not None and r.type != STACK]

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


def _identities(resource: Resource) -> set[str]:
    values = {v for k in _IDENTITY if isinstance(v := resource.props.get(k), str) and v}
    arn = resource.props.get("arn")
    if isinstance(arn, str):  # a policy isn't told identifiers, but most ARNs end with them
        values.add(arn.rsplit(":", 1)[-1].rsplit("/", 1)[-1])
    return (values | {resource.id}) - {""}

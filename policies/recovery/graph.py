"""The resources of one or more stacks as a graph, however they were handed over, with unknown values kept as such."""

from __future__ import annotations

import functools
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .model import Unknown

_SENTINELS = frozenset(
    {
        # How the engine's protocol writes "not known yet": boolean, number, string, array, asset, archive, object.
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
        "030794c1-ac77-496b-92df-f27374a8bd58",
        "e48ece36-62e2-4504-bad9-02848725956a",
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
    }
)
_SIGNATURE = "4dabf18193072939515e22adb298388d"
_IDENTITY = (
    "arn", "id", "name", "bucket", "identifier", "clusterIdentifier", "globalClusterIdentifier", "replicationGroupId",
    "globalReplicationGroupId", "clusterName", "domainName", "dnsName", "fileSystemId", "endpoint", "bucketDomainName",
    "bucketRegionalDomainName",
)  # fmt: skip
STACK = "pulumi:pulumi:Stack"
_ARN_REGION = 3
LARGEST = 1e12
"""No property that counts anything is larger; sums stay exact."""


@dataclass(frozen=True, eq=False)
class Resource:
    """One resource: what the engine knows of it. `region` is where it lives, as far as that can be told."""

    type: str
    name: str
    urn: str
    props: Mapping[str, Any]
    parent: str = ""
    dependencies: frozenset[str] = frozenset()
    property_dependencies: Mapping[str, frozenset[str]] = field(default_factory=dict)
    id: str = ""
    provider_region: str = ""
    default_tags: Mapping[str, Any] = field(default_factory=dict)
    """The provider's."""
    _read: dict[str, Any] = field(default_factory=dict, init=False, repr=False)

    @property
    def stack(self) -> str:
        """Name of the stack, from the URN."""
        parts = self.urn.split("::")
        return parts[0].removeprefix("urn:pulumi:") if len(parts) > 1 else ""

    def get(self, path: str, default: Any = None) -> Any:
        """The property at `path` (dots; numbers index lists), Unknown when it isn't known yet, `default` when it isn't set."""
        if path not in self._read:
            self._read[path] = self._find(path)
        found = self._read[path]
        return default if found is None else found

    def _find(self, path: str) -> Any:
        here: Any = self.props
        for part in path.split("."):
            here = _raw(here)
            if isinstance(here, str) and here in _SENTINELS:
                return Unknown(f"{self.name}.{path}")
            if isinstance(here, Unknown):
                return Unknown(f"{self.name}.{path}")
            if isinstance(here, Mapping):
                here = here.get(part) if not part.isdigit() else None
            elif _is_list(here) and part.isdigit() and int(part) < len(here):
                here = here[int(part)]
            else:
                return None
        return plain(here, f"{self.name}.{path}")

    def flag(self, path: str, *, default: bool = False) -> bool | Unknown:
        """A boolean property."""
        found = self.get(path)
        return found if isinstance(found, Unknown) else _as_bool(found, default=default)

    def text(self, path: str, default: str | None = None) -> str | Unknown | None:
        """A string; `default` when it isn't set or is something else (which the provider refuses itself)."""
        found = self.get(path)
        return found if isinstance(found, str | Unknown) else default

    def number(self, path: str, default: float | None = None) -> float | Unknown | None:
        """A number of 0 or more; `default` when it isn't set or isn't one."""
        found = self.get(path)
        if isinstance(found, Unknown):
            return found
        try:
            value = float(found)
        except (TypeError, ValueError):
            return default
        return value if 0 <= value <= LARGEST else default

    def items(self, path: str) -> list[Any] | Unknown:
        """A list property; empty when it isn't set. Its elements may be Unknown. One object counts as a list of one."""
        found = self.get(path, [])
        if isinstance(found, Unknown | list):
            return found
        return [found]

    def rows(self, path: str) -> list[dict[str, Any] | Unknown] | Unknown:
        """A list of objects, some of which may be Unknown; what is neither is left out."""
        found = self.items(path)
        return found if isinstance(found, Unknown) else [r for r in found if isinstance(r, dict | Unknown)]

    def tags(self) -> dict[str, Any] | Unknown:
        """Its tags, with the provider's defaults where the engine shows them; values may be Unknown."""
        return self._tags

    @functools.cached_property
    def _tags(self) -> dict[str, Any] | Unknown:
        found = self.get("tagsAll")
        own = self.get("tags", {})
        if isinstance(own, list):  # Auto Scaling groups
            pairs = [t for t in own if isinstance(t, dict) and isinstance(t.get("key"), str)]
            own = {t["key"]: t.get("value") for t in pairs}
        if isinstance(own, Unknown):
            return own
        every = found if isinstance(found, dict) else {}
        return {**plain(self.default_tags, self.name), **every, **(own if isinstance(own, dict) else {})}


def _as_bool(value: Any, *, default: bool) -> bool:
    if isinstance(value, str):
        return value.lower() in ("true", "enabled")
    return default if value is None else bool(value)


def _is_list(value: Any) -> bool:
    return isinstance(value, Sequence) and not isinstance(value, str | bytes)


def _raw(value: Any) -> Any:
    """What the policy SDK's proxies wrap (they raise on every touch of an unknown), and the value inside a secret."""
    if isinstance(value, Mapping) and not isinstance(value, dict):
        try:
            value = value["__target"]
        except KeyError:
            return value
    elif _is_list(value) and not isinstance(value, list | tuple):
        try:
            value = value["__target"]
        except TypeError:
            return value
    if isinstance(value, dict) and _SIGNATURE in value:
        return value.get("value", Unknown())
    return value


_PLAIN = (bool, int, float, type(None))


def plain(value: Any, path: str = "") -> Any:
    """`value` as plain dicts and lists, with Unknown in place of what isn't known (or is encrypted)."""
    if isinstance(value, str):
        return Unknown(path) if value in _SENTINELS else value
    if isinstance(value, _PLAIN):
        return value
    value = _raw(value)
    if isinstance(value, Unknown) or (isinstance(value, str) and value in _SENTINELS):
        return Unknown(path)
    if isinstance(value, Mapping):
        return {str(k): plain(v, f"{path}.{k}") for k, v in value.items()}
    if _is_list(value):
        return [plain(v, f"{path}.{i}") for i, v in enumerate(value)]
    return value


class Graph:
    """Resources with the links between them: by the engine's property dependencies, else by equal names, ids and ARNs."""

    def __init__(self, resources: Iterable[Resource], home: str = "") -> None:
        self.resources = list(resources)
        self.by_urn = {r.urn: r for r in self.resources}
        self._by_type: dict[str, list[Resource]] = defaultdict(list)
        for r in self.resources:
            self._by_type[r.type].append(r)
        self._identities: dict[str, dict[str, list[Resource]]] = {}
        self.zone_ids: dict[str, str] | None = None
        self.cache: dict[tuple[str, str], Any] = {}
        """What readers worked out once for a resource: by reader and URN."""
        self._users: dict[tuple[str, str, tuple[str, ...]], dict[str, list[Resource]]] = {}
        self._regions: dict[str, str] = {}
        self._homes = {s: self._guess_home(s) or home for s in {r.stack for r in self.resources}}

    def of(self, *types: str) -> list[Resource]:
        """Every resource of these types."""
        return [r for t in types for r in self._by_type.get(t, ())]

    def region(self, resource: Resource) -> str:
        """Where a resource lives: its own region, its provider's, else its stack's (empty when nothing tells)."""
        found = self._regions.get(resource.urn)
        if found is None:
            own = resource.get("region")
            named = isinstance(own, str) and own
            found = own if named else resource.provider_region or self._homes.get(resource.stack, "")
            self._regions[resource.urn] = found
        return found

    def _guess_home(self, stack: str) -> str:
        told = next(
            (r.get("recovery.region") for r in self._by_type.get(STACK, ()) if r.stack == stack), None
        )
        if isinstance(told, str) and told:
            return told
        seen: Counter[str] = Counter()
        for r in self.resources:
            if r.stack != stack or not r.type.startswith(("aws:", "pulumi:providers:aws")):
                continue
            found = r.get("region") if r.type.startswith("pulumi:providers:aws") else None
            if isinstance(found, str) and found and r.name.startswith("default"):
                return found
            arn = r.get("arn")
            parts = arn.split(":") if isinstance(arn, str) else []
            if (
                len(parts) > _ARN_REGION
                and parts[_ARN_REGION]
                and r.get("region") in (None, parts[_ARN_REGION])
            ):
                seen[parts[_ARN_REGION]] += 1
        return seen.most_common(1)[0][0] if seen else ""

    def linked(self, resource: Resource, path: str, *types: str) -> list[Resource]:
        """The resources of `types` that a property refers to."""
        top = path.split(".", 1)[0]
        urns = resource.property_dependencies.get(top, ())
        found = [self.by_urn[u] for u in urns if u in self.by_urn and self.by_urn[u].type in types]
        if found:
            return sorted(found, key=lambda r: r.urn)
        return self.named(_strings(resource.get(path)), *types)

    def named(self, values: Iterable[str], *types: str) -> list[Resource]:
        """The resources of `types` with one of these ids, ARNs or names."""
        found: dict[str, Resource] = {}
        for type_ in types:
            index = self._index(type_)
            for value in values:
                for r in index.get(value, ()):
                    found[r.urn] = r
        return list(found.values())

    def users(self, target: Resource, path: str, *types: str) -> list[Resource]:
        """The resources of `types` whose property at `path` refers to `target`."""
        key = (path, target.type, types)
        if key not in self._users:
            index: dict[str, list[Resource]] = defaultdict(list)
            for user in self.of(*types):
                for r in self.linked(user, path, target.type):
                    index[r.urn].append(user)
            self._users[key] = index
        return self._users[key].get(target.urn, [])

    def _index(self, type_: str) -> dict[str, list[Resource]]:
        if type_ not in self._identities:
            index: dict[str, list[Resource]] = defaultdict(list)
            for r in self._by_type.get(type_, ()):
                props = _raw(r.props)
                values = {v for k in _IDENTITY if isinstance(v := props.get(k), str) and v not in _SENTINELS}
                for value in values | ({r.id} if r.id else set()):
                    index[value].append(r)
            self._identities[type_] = index
        return self._identities[type_]

    def ancestors(self, resource: Resource) -> list[str]:
        """Names of the components above a resource, the nearest first."""
        found: list[str] = []
        here = self.by_urn.get(resource.parent)
        while here is not None and here.type != STACK and len(found) < len(self.by_urn):
            found.append(here.name)
            here = self.by_urn.get(here.parent)
        return found


def _strings(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, list):
        return [s for v in value for s in _strings(v)]
    if isinstance(value, dict):
        return [s for v in value.values() for s in _strings(v)]
    return []

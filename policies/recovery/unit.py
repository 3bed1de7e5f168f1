# ruff: noqa: TRY004 - whatever is wrong with what was given is one kind of error
"""What works and fails as one: a store, a group of servers, a load balancer; and its form as facts for another stack."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from policies.graph import LARGEST, Tags, Unknown

GIB = 1024**3
_OWN = ("kind", "name", "urn", "region", "role", "group", "tags", "needs")
_NUMBERS = {
    "instances", "zones", "retention_days", "backtrack_s", "allocated_gib", "desired", "required", "max", "ttl_s", "members",
    "snapshot_days", "nodes", "brokers", "pitr_retention_s", "rate_mib", "interval_s", "threshold", "timeout_s", "period_s",
    "periods", "gap_s", "snapshot_s", "start_window_s", "retention_s", "age_s", "lag_s", "min_isr",
}  # fmt: skip
_FLAGS = {
    "multi_az", "proxy", "global", "pitr", "versioned", "automatic_failover", "one_zone", "masters", "standby", "relocation",
    "warm_pool", "internal", "evaluates", "triggered", "approval", "time_control", "strong", "continuous", "whole",
    "switched", "rejoined", "tracked", "zonal", "archived",
}  # fmt: skip
_TEXTS = {
    "zone",
    "assumed",
    "launch",
    "health",
    "routing",
    "side",
    "region",
    "bucket",
    "plan",
    "name",
    "check_elsewhere",
    "arn",
}
_OBJECTS = {"check", "alarm", "mirrored"}
_LISTS = {"replicas", "sources", "log_copies", "snapshot_copies", "backups", "copies"}
_NAMES = {"blocks", "covers", "children", "unsure", "targets", "regions", "origin_regions"}
_TAGS = ("dr-tier", "rto-hours", "rpo-minutes", "workload", "system")


@dataclass(eq=False)
class Unit:
    """One unit of recovery.

    `facts` are its settings in the estimator's own words (they may be Unknown). A unit is read from resources, or from the
    facts that another stack exports; both are judged by the same code.
    """

    kind: str
    name: str
    urn: str
    stack: str
    region: str
    tags: Tags = field(default_factory=Tags)
    facts: dict[str, Any] = field(default_factory=dict)
    keys: frozenset[str] = frozenset()
    """Identities that it shares with its members in other regions."""
    role: str = "active"
    """`active`, or `replica` when it follows a member elsewhere."""
    elsewhere: tuple[str, ...] = ()
    """What declares a member in another region, in words."""
    vague: tuple[str, ...] = ()
    """Properties not known yet that decide which members belong to it."""
    names: tuple[str, ...] = ()
    """Its own logical name, then its components', the nearest first."""
    owned: frozenset[str] = frozenset()
    """URNs of the resources that belong to it."""
    needs: frozenset[str] = frozenset()
    """URNs (or, from facts, names) of the units that it can't work without."""
    local: bool = True
    """Whether the resources themselves are at hand, not just facts."""

    def fact(self, key: str, default: Any = None) -> Any:
        """A setting; `default` when nothing was said."""
        found = self.facts.get(key)
        return default if found is None else found

    def tag(self, key: str) -> Any:
        """A tag's value, Unknown when it isn't known, None when there is none."""
        found = self.tags.get(key)
        return Unknown(f"{self.name}.tags[{key}]") if isinstance(found, Unknown) else found

    def tag_number(self, key: str) -> float | Unknown | None:
        """A tag as a number, None when there is none, Unknown when it can't be read as a number of 0 or more."""
        found = self.tag(key)
        if found is None or isinstance(found, Unknown):
            return found
        try:
            value = float(found)
        except (TypeError, ValueError):
            value = -1
        if not 0 <= value < float("inf"):
            return Unknown(f"{self.name}.tags[{key}] (it is {found!r}, expected a number of 0 or more)")
        return value

    def to_fact(self) -> dict[str, Any]:
        """As a plain dict that goes through JSON."""
        fact: dict[str, Any] = {
            "kind": self.kind,
            "name": self.name,
            "urn": self.urn,
            "region": self.region,
            "role": self.role,
            "group": sorted(self.keys),
            "tags": {k: v for k, v in self.tags.given.items() if k in _TAGS or k.startswith("dr:")},
            "needs": sorted(self.needs),
            **self.facts,
        }
        return {k: jsonable(v) for k, v in fact.items() if v not in (None, [], {}, ())}


_SHARED = {
    "aurora": "global database",
    "elasticache": "Global Datastore",
    "msk": "pair of replicated clusters",
}


def _declared(fact: Mapping[str, Any]) -> tuple[str, ...]:
    """What a fact says of members in other regions."""
    joined = fact["kind"] in _SHARED and (fact.get("group") or fact.get("global"))
    return (f"{_SHARED[fact['kind']]} of {fact['name']}",) if joined else ()


def jsonable(value: Any) -> Any:
    """Unknown values become {"unknown": property}."""
    if isinstance(value, Unknown):
        return {"unknown": value.path}
    if isinstance(value, Mapping):
        return {k: jsonable(v) for k, v in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [jsonable(v) for v in value]
    return value


def revive(value: Any) -> Any:
    """The reverse of `jsonable`."""
    if isinstance(value, Mapping):
        if set(value) == {"unknown"}:
            return Unknown(str(value["unknown"]))
        return {k: revive(v) for k, v in value.items()}
    if isinstance(value, list):
        return [revive(v) for v in value]
    return value


def _shape(value: Any, key: str, where: str) -> None:
    """ValueError when a fact isn't of the kind that its key says. What isn't known yet may stand anywhere."""
    if value is None or isinstance(value, Unknown):
        return
    wanted = next((words for keys, words in _SHAPES if key in keys), "")
    if wanted and not _SHAPED[wanted](value):
        raise ValueError(f"{where}: {value!r}, expected {wanted}")
    if isinstance(value, Mapping):
        for name, inner in value.items():
            _shape(inner, str(name), f"{where}.{name}")
    if key in _LISTS:
        for i, row in enumerate(value):
            _shape(row, "", f"{where}[{i}]")


_SHAPES = (
    (_NUMBERS, "a number, 0 or more"),
    (_FLAGS, "true or false"),
    (_TEXTS, "a string"),
    (_OBJECTS, "an object"),
    (_LISTS, "a list of objects"),
    (_NAMES, "a list of strings"),
)
_SHAPED: Mapping[str, Callable[[Any], bool]] = {
    "a number, 0 or more": lambda v: (
        isinstance(v, int | float) and not isinstance(v, bool) and 0 <= v <= LARGEST
    ),
    "true or false": lambda v: isinstance(v, bool),
    "a string": lambda v: isinstance(v, str),
    "an object": lambda v: isinstance(v, Mapping),
    "a list of objects": lambda v: isinstance(v, list) and all(isinstance(r, Mapping) for r in v),
    "a list of strings": lambda v: isinstance(v, list) and all(isinstance(r, str | Unknown) for r in v),
}


def from_fact(fact: Mapping[str, Any], stack: str, region: str, where: str, kinds: frozenset[str]) -> Unit:
    """A unit of another stack. ValueError names the place of what can't be read."""
    for key in ("kind", "name"):
        if not isinstance(fact.get(key), str):
            raise ValueError(f"{where}.{key}: {fact.get(key)!r}, expected a string")
    if fact["kind"] not in kinds:
        raise ValueError(f"{where}.kind: {fact['kind']!r}, expected one of {', '.join(sorted(kinds))}")
    group = revive(fact.get("group", []))
    keys: list[str] = []
    vague: list[Unknown] = []
    for key in group if isinstance(group, list) else [group]:
        if isinstance(key, Unknown):
            vague.append(key)
        else:
            keys.append(str(key))
    for key, value in fact.items():
        if key not in _OWN:
            _shape(revive(value), key, f"{where}.{key}")
    own_region = revive(fact.get("region", region))
    needs = fact.get("needs", [])
    tags = revive(fact.get("tags", {}))
    if not isinstance(needs, list) or not isinstance(tags, dict | Unknown):
        raise ValueError(f"{where}: needs must be a list and tags an object, got {needs!r} and {tags!r}")
    return Unit(
        kind=fact["kind"],
        name=fact["name"],
        urn=str(fact.get("urn") or f"{stack}::{fact['kind']}::{fact['name']}"),
        stack=stack,
        region=own_region if isinstance(own_region, str) else region,
        tags=Tags(rest=tags) if isinstance(tags, Unknown) else Tags(tags),
        facts={k: revive(v) for k, v in fact.items() if k not in _OWN},
        keys=frozenset(f"{fact['kind']}:{k}" if ":" not in str(k) else str(k) for k in keys),
        role=str(fact.get("role", "active")),
        elsewhere=_declared(fact),
        vague=tuple(k.path or f"{where}.group" for k in vague),
        names=(fact["name"],),
        needs=frozenset(str(n) for n in needs),
        local=False,
    )

"""A rule's configuration: its schema, the checks on what was given, and the exemptions."""

from __future__ import annotations

import datetime as dt
import difflib
import fnmatch
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from policies.graph import View

from .rule import Rule

_EXEMPTION: Final = {
    "type": "object",
    "required": ["urn", "reason", "expires"],
    "additionalProperties": False,
    "properties": {
        "urn": {"type": "string", "minLength": 1, "description": "URN, or a pattern with * and ?"},
        "reason": {"type": "string", "minLength": 1, "description": "why the rule need not hold there"},
        "expires": {
            "type": "string",
            "pattern": r"^\d{4}-\d{2}-\d{2}$",
            "description": "last day, YYYY-MM-DD",
        },
    },
}


class ConfigError(ValueError):
    """The pack's configuration is wrong; the message names rule, setting, value and what is allowed."""


@dataclass(frozen=True, slots=True)
class Exemption:
    """Where a rule need not hold, why, and until when."""

    urn: str
    reason: str
    expires: dt.date

    def covers(self, urn: str) -> bool:
        """Whether the URN is this one or matches its pattern."""
        return fnmatch.fnmatchcase(urn, self.urn)


@dataclass(frozen=True, slots=True)
class Settings:
    """One rule's configuration, checked."""

    options: View
    tiers: tuple[int, ...]
    exemptions: tuple[Exemption, ...]


def schema(rule: Rule) -> dict[str, dict[str, Any]]:
    """JSON schema of each of a rule's settings, the two that every rule has included."""
    common: dict[str, dict[str, Any]] = {
        "mandatoryTiers": {
            "type": "array",
            "items": {"type": "integer", "enum": [1, 2, 3]},
            "default": list(rule.tiers),
            "description": "recovery tiers the rule is mandatory for; it is advisory for the others",
        },
        "exempt": {
            "type": "array",
            "items": _EXEMPTION,
            "default": [],
            "description": "resources the rule need not hold for, each with a reason and a last day",
        },
    }
    return {**{name: dict(given) for name, given in rule.options.items()}, **common}


def settings(rule: Rule, given: Mapping[str, Any], today: dt.date) -> Settings:
    """A rule's settings with defaults filled in. Raises `ConfigError`."""
    known = schema(rule)
    for name, value in given.items():
        if name not in known:
            raise ConfigError(f"{rule.name}: unknown setting {name!r}{_nearest(name, known)}")
        for problem in problems(value, known[name], name):
            raise ConfigError(f"{rule.name}: {problem}")
    values = {name: given.get(name, wanted.get("default")) for name, wanted in known.items()}
    return Settings(
        options=View(values),
        tiers=tuple(sorted({int(tier) for tier in values["mandatoryTiers"]})),
        exemptions=tuple(_exemption(rule, entry, today) for entry in values["exempt"]),
    )


def check_names(rules: Sequence[Rule], given: Mapping[str, Any]) -> None:
    """Raises `ConfigError` for the name of a rule that the pack doesn't have. `all` is the engine's own."""
    known = [rule.name for rule in rules]
    for name in given:
        if name not in known and name != "all":
            raise ConfigError(f"unknown rule {name!r}{_nearest(name, known)}")


def _exemption(rule: Rule, entry: Mapping[str, str], today: dt.date) -> Exemption:
    try:
        expires = dt.date.fromisoformat(entry["expires"])
    except ValueError:
        raise ConfigError(f"{rule.name}: exempt: {entry['expires']!r} is no date (YYYY-MM-DD)") from None
    if expires < today:
        raise ConfigError(
            f"{rule.name}: the exemption of {entry['urn']!r} ({entry['reason']}) expired on {expires}: "
            "put the resource right, or renew the exemption with a reason"
        )
    return Exemption(entry["urn"], entry["reason"], expires)


def _nearest(name: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


def problems(value: Any, wanted: Mapping[str, Any], path: str) -> Iterator[str]:
    """What in a value breaks its JSON schema: the part of the standard that the pack's own schemas use."""
    kind = wanted.get("type")
    if kind is not None and not _is(value, kind):
        yield f"{path}: {value!r} is not of type {kind}"
        return
    if "enum" in wanted and value not in wanted["enum"]:
        yield f"{path}: {value!r} is not one of {', '.join(map(str, wanted['enum']))}"
    if "minimum" in wanted and value < wanted["minimum"]:
        yield f"{path}: {value:g} is less than {wanted['minimum']:g}"
    if "maximum" in wanted and value > wanted["maximum"]:
        yield f"{path}: {value:g} is more than {wanted['maximum']:g}"
    if "minLength" in wanted and len(value) < wanted["minLength"]:
        yield f"{path}: {value!r} is empty"
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from problems(item, wanted.get("items", {}), f"{path}[{place}]")
    if isinstance(value, dict):
        yield from _object_problems(value, wanted, path)


def _object_problems(value: Mapping[str, Any], wanted: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in wanted.get("required", ()):
        if name not in value:
            yield f"{path}: {name!r} is missing"
    fields = wanted.get("properties", {})
    others = wanted.get("additionalProperties", {})
    for name, item in value.items():
        if name in fields:
            yield from problems(item, fields[name], f"{path}.{name}")
        elif others is False:
            yield f"{path}: unknown key {name!r}{_nearest(name, fields)}"
        else:
            yield from problems(item, others, f"{path}.{name}")


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer":
        return isinstance(value, (int, float)) and float(value).is_integer()
    return isinstance(value, _TYPES[kind])

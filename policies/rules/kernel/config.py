"""A rule's configuration: its schema, and the checks on what was given."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from policies.graph import View

from .exemptions import Exemption, entry_schema, exemption
from .rule import Rule
from .schemas import ConfigError, nearest, problems


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
            "items": entry_schema(rule),
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
            raise ConfigError(f"{rule.name}: unknown setting {name!r}{nearest(name, known)}")
        for problem in problems(value, known[name], name):
            raise ConfigError(f"{rule.name}: {problem}")
    values = {name: given.get(name, wanted.get("default")) for name, wanted in known.items()}
    return Settings(
        options=View(values),
        tiers=tuple(sorted({int(tier) for tier in values["mandatoryTiers"]})),
        exemptions=tuple(
            exemption(entry, f"{rule.name}: exempt[{place}]", today)
            for place, entry in enumerate(values["exempt"])
        ),
    )


def check_names(rules: Sequence[Rule], given: Mapping[str, Any]) -> None:
    """Raises `ConfigError` for the name of a rule that the pack doesn't have. `all` is the engine's own."""
    known = [rule.name for rule in rules]
    for name in given:
        if name not in known and name != "all":
            raise ConfigError(f"unknown rule {name!r}{nearest(name, known)}")

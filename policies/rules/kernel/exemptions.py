"""Where a rule need not hold, why, and until when: how it is written, what it covers, and whether it was of use.

An exemption stands in the pack's configuration, under the rule's own `exempt`, or in the stack's, under `holdfast:exemptions`, where each
entry names its rule (decision 0012).
"""

from __future__ import annotations

import datetime as dt
import fnmatch
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from .rule import Rule
from .schemas import ConfigError, nearest, problems

STACK_KEY: Final = "holdfast:exemptions"
"""The key of a stack's configuration."""
LONGEST: Final = dt.timedelta(days=366)
"""From today to the last day of the longest exemption: a year, which may be a leap year."""
_DATE: Final = re.compile(r"(\d{4}-\d{2}-\d{2})(?: 00:00:00 \+0000 UTC)?")
"""A date as it is written; with what follows, as the Pulumi CLI hands on a date that stands in YAML without quotes."""
_TEXT: Final = {"type": "string", "minLength": 1}


@dataclass(frozen=True, slots=True)
class Exemption:
    """One exemption of one rule."""

    place: str
    """Where it is written, for messages."""
    resource: str
    """URN or name, or a pattern of either."""
    marks: Mapping[str, str]
    """What the finding must say besides, by the names in `Rule.marks`; patterns as well."""
    reason: str
    until: dt.date
    """Its last day."""
    ended: bool

    def names(self, urn: str) -> bool:
        """Whether it is about this resource."""
        return any(fnmatch.fnmatchcase(each, self.resource) for each in (urn, urn.rsplit("::", 1)[-1]))

    def covers(self, urn: str, marks: Mapping[str, str]) -> bool:
        """Whether it is about this finding."""
        return self.names(urn) and all(
            fnmatch.fnmatchcase(marks.get(name, ""), pattern) for name, pattern in self.marks.items()
        )


def entry_schema(rule: Rule) -> dict[str, Any]:
    """JSON schema of an exemption of a rule."""
    return {
        "type": "object",
        "required": ["resource", "reason", "until"],
        "additionalProperties": False,
        "properties": {
            "resource": {**_TEXT, "description": "URN or name, or a pattern with * and ?"},
            **{name: dict(mark) for name, mark in rule.marks.items()},
            "reason": {**_TEXT, "description": "why the rule need not hold there"},
            "until": {**_TEXT, "description": "last day, YYYY-MM-DD, at most a year ahead"},
        },
    }


def exemption(entry: Mapping[str, str], place: str, today: dt.date) -> Exemption:
    """An exemption whose schema was checked. Raises `ConfigError` for a last day that can't be."""
    until = _date(entry["until"], place)
    if until > today + LONGEST:
        raise ConfigError(
            f"{place}.until: {until} is more than a year ahead: until {today + LONGEST} at the latest"
        )
    return Exemption(
        place=place,
        resource=entry["resource"],
        marks={name: value for name, value in entry.items() if name not in ("resource", "reason", "until")},
        reason=" ".join(entry["reason"].split()).rstrip("."),
        until=until,
        ended=until < today,
    )


def _date(text: str, place: str) -> dt.date:
    found = _DATE.fullmatch(text)
    try:
        return dt.date.fromisoformat(found[1] if found else text)
    except ValueError:
        raise ConfigError(f"{place}.until: {text!r} is no date (YYYY-MM-DD)") from None


def of_stack(
    config: Mapping[str, str], rules: Sequence[Rule], today: dt.date
) -> dict[str, tuple[Exemption, ...]]:
    """The exemptions in a stack's configuration, by rule. Raises `ConfigError`."""
    text = config.get(STACK_KEY, "")
    try:
        entries = json.loads(text) if text else []
    except ValueError:
        entries = text
    if not isinstance(entries, list):
        raise ConfigError(f"{STACK_KEY}: {entries!r} is no list of exemptions")
    known = {rule.name: rule for rule in rules}
    found: dict[str, tuple[Exemption, ...]] = {}
    for number, entry in enumerate(entries):
        place = f"{STACK_KEY}[{number}]"
        rule, rest = _rule(entry, known, place)
        for problem in problems(rest, entry_schema(rule), place):
            raise ConfigError(problem)
        found[rule.name] = (*found.get(rule.name, ()), exemption(rest, place, today))
    return found


def _rule(entry: Any, known: Mapping[str, Rule], place: str) -> tuple[Rule, dict[str, Any]]:
    """The rule that an entry names, and the rest of it."""
    if not isinstance(entry, dict):
        raise ConfigError(f"{place}: {entry!r} is no exemption: rule, resource, reason and until")
    rest = dict(entry)
    name = rest.pop("rule", None)
    if name is None:
        raise ConfigError(f"{place}: 'rule' is missing")
    if name not in known:
        raise ConfigError(f"{place}.rule: unknown rule {name!r}{nearest(str(name), known)}")
    return known[name], rest


@dataclass(frozen=True, slots=True)
class Exemptions:
    """All exemptions of one rule, and which of them were of use."""

    given: tuple[Exemption, ...] = ()
    _used: set[str] = field(default_factory=set)
    """Places of those that covered a finding, or may cover one that can't be made yet."""

    def of(self, urn: str, marks: Mapping[str, str]) -> Exemption | None:
        """The one that covers a finding; one that has ended where no other does."""
        found = sorted((each for each in self.given if each.covers(urn, marks)), key=lambda each: each.ended)
        self._used.update(each.place for each in found)
        return found[0] if found else None

    def undecided(self, urn: str) -> None:
        """Note that the rule can't judge a resource yet: what would cover it may still be of use."""
        self._used.update(each.place for each in self.given if each.names(urn))

    def idle(self, judged: Sequence[str]) -> Iterator[str]:
        """What to tell of those that were of no use to anything; `judged` are the URNs of all that the rule judges."""
        for each in self.given:
            if each.place in self._used:
                continue
            what = f"{each.place}: the exemption of {each.resource!r} ({each.reason})"
            if any(map(each.names, judged)):
                yield f"{what} is not needed: the rule has nothing to say where it points. Remove it."
            else:
                yield f"{what} matches no resource of this stack that the rule judges. Correct or remove it."

"""Checks AWS cron expressions before AWS does.

https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cron-expressions.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from components.checks import ArgumentError, need

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_DAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")


@dataclass(frozen=True, kw_only=True)
class _Field:
    name: str
    low: int
    high: int
    names: Mapping[str, int] = field(default_factory=dict)
    special: str = r"(?!)"
    """Pattern of what only this field may say."""

    def number(self, text: str) -> int | None:
        value = self.names.get(text.upper(), int(text) if text.isdecimal() else None)
        return value if value is not None and self.low <= value <= self.high else None

    def allows(self, item: str) -> bool:
        if re.fullmatch(self.special, item):
            return True
        base, _, step = item.partition("/")
        if "/" in item and not (step.isdecimal() and 1 <= int(step) <= self.high):
            return False
        if base == "*":
            return True
        first, dash, last = base.partition("-")
        bounds = [self.number(text) for text in ((first, last) if dash else (first,))]
        return None not in bounds


_DAY_OF_MONTH = r"L|LW|([1-9]|[12]\d|3[01])W"
_DAY_OF_WEEK = r"L|([1-7]|SUN|MON|TUE|WED|THU|FRI|SAT)(L|#[1-5])"
_FIELDS = (
    _Field(name="minutes", low=0, high=59),
    _Field(name="hours", low=0, high=23),
    _Field(name="day of month", low=1, high=31, special=_DAY_OF_MONTH),
    _Field(name="month", low=1, high=12, names={name: i for i, name in enumerate(_MONTHS, 1)}),
    _Field(
        name="day of week",
        low=1,
        high=7,
        names={name: i for i, name in enumerate(_DAYS, 1)},
        special=_DAY_OF_WEEK,
    ),
    _Field(name="year", low=1970, high=2199),
)


def validate_cron(argument: str, expression: str) -> None:
    """Raise ArgumentError, naming `argument` and the field, when AWS would refuse `expression`."""
    inner = re.fullmatch(r"cron\((.*)\)", expression)
    parts = inner[1].split(" ") if inner else []
    if len(parts) != len(_FIELDS):
        allowed = "cron(minutes hours day-of-month month day-of-week year), for example cron(0 5 ? * * *)"
        raise ArgumentError(argument, repr(expression), allowed)
    days = (parts[2], parts[4])
    need(days.count("?") == 1, argument, repr(expression), "'?' for either day of month or day of week")
    for spec, part in zip(_FIELDS, parts, strict=True):
        if part == "?" and spec.name.startswith("day"):
            continue
        for item in part.split(","):
            allowed = f"{spec.low} to {spec.high}, '*', ranges a-b, steps a/b and lists of these"
            need(spec.allows(item), argument, f"{expression!r} with {item!r} for {spec.name}", allowed)

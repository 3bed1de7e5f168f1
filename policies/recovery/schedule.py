"""How far apart the runs of a schedule can be.

AWS cron has six fields (minutes hours day-of-month month day-of-week year), AWS rate is `rate(n unit)`.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html
"""

from __future__ import annotations

import calendar
import functools
import itertools
import re
from datetime import UTC, date, datetime, timedelta

_NAMES = {
    "month": {m.upper(): i for i, m in enumerate(calendar.month_abbr) if m},
    "day": {d: i for i, d in enumerate(("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"), start=1)},
    "": {},
}
_UNITS = {"minute": 60, "hour": 3600, "day": 86400}
_FIELDS = 6
_FROM, _TO = date(2027, 1, 1), date(2033, 1, 1)
"""Six years with a leap year: long enough for the 29th of February, short enough to walk through."""


@functools.lru_cache(maxsize=256)
def largest_gap(expression: str) -> int | None:
    """Seconds between the two runs that are farthest apart; None for an expression that runs less than twice in six years.

    ValueError names what can't be read.
    """
    text = expression.strip()
    if match := re.fullmatch(r"rate\(\s*(\d+)\s+(minute|hour|day)s?\s*\)", text):
        count = int(match[1])
        if count == 0:
            raise ValueError(f"schedule {expression!r}: a rate of 0, expected at least 1")
        return count * _UNITS[match[2]]
    match = re.fullmatch(r"cron\((.*)\)", text)
    if match is None:
        raise ValueError(f"schedule {expression!r}: expected cron(...) or rate(...)")
    parts = match[1].split()
    if len(parts) != _FIELDS:
        raise ValueError(f"schedule {expression!r}: {len(parts)} fields, expected 6")
    return _gap(parts, expression)


def _gap(parts: list[str], expression: str) -> int | None:
    minutes = _values(parts[0], 0, 59, "", expression)
    hours = _values(parts[1], 0, 23, "", expression)
    months = _values(parts[3], 1, 12, "month", expression)
    years = _values(parts[5], 1970, 2199, "", expression)
    times = [h * 3600 + m * 60 for h in hours for m in minutes]
    days = []
    day = _FROM
    while day < _TO:
        if day.year in years and day.month in months and _on(day, parts[2], parts[4], expression):
            days.append(day)
        day += timedelta(days=1)
    if not days:
        return None
    inside = max((b - a for a, b in itertools.pairwise(times)), default=0)
    night = 86400 - times[-1] + times[0]
    across = max(((b - a).days * 86400 - 86400 + night for a, b in itertools.pairwise(days)), default=0)
    return max(inside, across) or None


def _on(day: date, of_month: str, of_week: str, expression: str) -> bool:
    if of_week != "?":
        if of_month not in ("?", "*"):
            raise ValueError(
                f"schedule {expression!r}: day of month and day of week together, expected ? in one of them"
            )
        return _on_weekday(day, of_week, expression)
    last = calendar.monthrange(day.year, day.month)[1]
    if of_month == "L":
        return day.day == last
    if match := re.fullmatch(r"(\d+|L)W", of_month):
        wanted = last if match[1] == "L" else min(int(match[1]), last)
        return day.day == _nearest_workday(day.year, day.month, wanted, last)
    return day.day in _values(of_month, 1, 31, "", expression)


def _on_weekday(day: date, of_week: str, expression: str) -> bool:
    weekday = day.isoweekday() % 7 + 1
    if match := re.fullmatch(r"(\w+)#([1-5])", of_week):
        return weekday in _values(match[1], 1, 7, "day", expression) and (day.day - 1) // 7 + 1 == int(
            match[2]
        )
    if match := re.fullmatch(r"(\w+)L", of_week):
        last = calendar.monthrange(day.year, day.month)[1]
        return weekday in _values(match[1], 1, 7, "day", expression) and day.day > last - 7
    return weekday in _values("7" if of_week == "L" else of_week, 1, 7, "day", expression)


def _nearest_workday(year: int, month: int, wanted: int, last: int) -> int:
    at = datetime(year, month, wanted, tzinfo=UTC).isoweekday()
    if at == 6:  # noqa: PLR2004 - Saturday
        return wanted - 1 if wanted > 1 else wanted + 2
    if at == 7:  # noqa: PLR2004 - Sunday
        return wanted + 1 if wanted < last else wanted - 2
    return wanted


@functools.lru_cache(maxsize=1024)
def _values(text: str, low: int, high: int, names: str, expression: str) -> tuple[int, ...]:
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        if span in ("*", "?"):
            first, last = low, high
        else:
            a, dash, b = span.partition("-")
            first = _value(a, names, expression)
            last = _value(b, names, expression) if dash else (high if step else first)
        if (
            (step and (not step.isdigit() or int(step) == 0))
            or not low <= first <= high
            or not low <= last <= high
        ):
            raise ValueError(f"schedule {expression!r}: {part!r}, expected values from {low} to {high}")
        every = int(step) if step else 1
        wrapped = last if last >= first else last + high - low + 1
        found |= {(v - low) % (high - low + 1) + low for v in range(first, wrapped + 1, every)}
    return tuple(sorted(found))


def _value(text: str, names: str, expression: str) -> int:
    if text.upper() in _NAMES[names]:
        return _NAMES[names][text.upper()]
    if not text.isdigit():
        raise ValueError(f"schedule {expression!r}: {text!r} is no number or name")
    return int(text)

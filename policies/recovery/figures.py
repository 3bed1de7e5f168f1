"""Every figure of the estimator: read from figures.json, overridable by configuration."""

from __future__ import annotations

import functools
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .model import GRADES, Estimate
from .words import span

_FILE = Path(__file__).with_name("figures.json")


@dataclass(frozen=True)
class Figure:
    """One figure: `low` and `high` in `unit`, its grade, and where it was printed."""

    key: str
    low: float
    high: float
    unit: str
    grade: str
    about: str
    source: str

    @functools.cached_property
    def estimate(self) -> Estimate:
        """The figure as a duration in seconds."""
        if self.unit != "s":
            raise ValueError(f"figure {self.key} is in {self.unit}, not in seconds")
        return Estimate(self.low, self.high, self.grade, frozenset({self.key}))


@functools.cache
def _table() -> dict[str, Figure]:
    raw: dict[str, dict[str, Any]] = json.loads(_FILE.read_text(encoding="utf-8"))
    return {key: Figure(key=key, **row) for key, row in raw.items()}


class Figures:
    """The figures in use.

    `overrides` maps a key to a number (both ends) or to {"low", "high", "grade"}; an overridden figure is graded `declared`
    unless it says otherwise. ValueError on an unknown key, a negative or reversed range, or an unknown grade.
    """

    def __init__(self, overrides: Mapping[str, Any] | None = None) -> None:
        self._figures = dict(_table())
        for key, given in (overrides or {}).items():
            if key not in self._figures:
                raise ValueError(
                    f"figure {key!r} is unknown: expected one of {', '.join(sorted(self._figures))}"
                )
            self._figures[key] = _override(self._figures[key], given)

    def __getitem__(self, key: str) -> Estimate:
        return self._figures[key].estimate

    def __iter__(self) -> Iterator[Figure]:
        return iter(self._figures.values())

    def figure(self, key: str) -> Figure:
        """The row itself, for its unit, source and words."""
        return self._figures[key]

    def number(self, key: str) -> float:
        """The pessimistic end of a figure that isn't a duration."""
        return self._figures[key].high

    def describe(self, key: str) -> str:
        """One line for the list of assumptions."""
        f = self._figures[key]
        ends = f"{f.low:g}" if f.low == f.high else f"{f.low:g} to {f.high:g}"
        figure = span(f.estimate) if f.unit == "s" else f"{ends} {f.unit}"
        return f"{f.about}: {figure} ({f.key}, grade {f.grade})"


def _override(figure: Figure, given: Any) -> Figure:
    given = given if isinstance(given, Mapping) else {"low": given, "high": given}
    extra = set(given) - {"low", "high", "grade"}
    if extra:
        raise ValueError(
            f"figure {figure.key}: {', '.join(sorted(extra))} is not allowed, expected low, high, grade"
        )
    low, high = given.get("low", figure.low), given.get("high", figure.high)
    for name, value in (("low", low), ("high", high)):
        if (
            isinstance(value, bool)
            or not isinstance(value, int | float)
            or not math.isfinite(value)
            or value < 0
        ):
            raise ValueError(
                f"figure {figure.key}: {name} is {value!r}, expected a number of {figure.unit}, 0 or more"
            )
    grade = given.get("grade", "declared")
    if grade not in GRADES:
        raise ValueError(f"figure {figure.key}: grade is {grade!r}, expected one of {', '.join(GRADES)}")
    if low > high:
        raise ValueError(f"figure {figure.key}: low {low:g} is above high {high:g}")
    return Figure(figure.key, low, high, figure.unit, grade, figure.about, "configuration")

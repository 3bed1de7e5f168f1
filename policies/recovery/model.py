"""The words of the estimator: failures, estimates with their grade and source, terms, options."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass, field
from typing import Any

from policies.graph import Unknown


class Failure(enum.StrEnum):
    """What is lost."""

    INSTANCE = "instance"
    ZONE = "zone"
    REGION = "region"
    CORRUPTION = "corruption"
    """Data corrupted or deleted: what replication copies faithfully."""


class Verdict(enum.StrEnum):
    """How an estimate compares with its objective, from best to worst."""

    MET = "met"
    MET_IF = "met-if"
    """Met, but at least half of the time rests on assumptions that nobody published or measured."""
    AT_RISK = "at-risk"
    UNDETERMINED = "undetermined"
    BREACHED = "breached"
    UNATTAINABLE = "unattainable"
    """No option survives the failure."""

    @property
    def severity(self) -> int:
        """0 for met, rising to the worst."""
        return _SEVERITY[self]


_SEVERITY = {verdict: place for place, verdict in enumerate(Verdict)}
GRADES = ("measured", "A", "B", "C", "declared", "D")
"""Best to worst: measured in a game day, printed by AWS, AWS in words only, third party, declared by a tag, assumption."""

_GRADE = {grade: place for place, grade in enumerate(GRADES)}


def worse_grade(a: str, b: str) -> str:
    """The worse of two grades."""
    return a if _GRADE[a] >= _GRADE[b] else b


@dataclass(frozen=True)
class Estimate:
    """A duration (or a loss, as a duration) in whole seconds; infinity where there is no way back."""

    low: float
    high: float
    grade: str = "A"
    sources: frozenset[str] = field(default_factory=frozenset)
    """Keys of the figures it was made from."""

    def __post_init__(self) -> None:
        if self.grade not in _GRADE:
            raise ValueError(f"grade {self.grade!r}: expected one of {', '.join(GRADES)}")
        if math.isnan(self.low) or math.isnan(self.high) or self.low < 0 or self.high < self.low:
            raise ValueError(f"estimate {self.low}..{self.high}: expected 0 <= low <= high")
        # Whole seconds, outwards: sums stay exact, so that addition is associative.
        object.__setattr__(self, "low", self.low if math.isinf(self.low) else float(math.floor(self.low)))
        object.__setattr__(self, "high", self.high if math.isinf(self.high) else float(math.ceil(self.high)))

    def __add__(self, other: Estimate) -> Estimate:
        return Estimate(
            self.low + other.low,
            self.high + other.high,
            worse_grade(self.grade, other.grade),
            self.sources | other.sources,
        )

    def times(self, factor: float) -> Estimate:
        """Both ends multiplied by `factor` (0 or more)."""
        return Estimate(self.low * factor, self.high * factor, self.grade, self.sources)

    def graded(self, grade: str) -> Estimate:
        """The same figure held with another grade."""
        return Estimate(self.low, self.high, grade, self.sources)

    @property
    def recoverable(self) -> bool:
        """Whether there is any way back."""
        return not math.isinf(self.low)

    def as_json(self) -> dict[str, float | None]:
        """`low` and `high` in seconds, None where there is no way back."""
        return {"low": _seconds(self.low), "high": _seconds(self.high)}


def _seconds(value: float) -> float | None:
    return None if math.isinf(value) else int(value)


NOTHING = Estimate(0, 0)
UNRECOVERABLE = Estimate(math.inf, math.inf)


class Step(enum.StrEnum):
    """The terms that a recovery time is the sum of, in the order in which they happen."""

    DETECT = "detect"
    DECIDE = "decide"
    FAIL_OVER = "fail over"
    PROPAGATE = "propagate"
    CAPACITY = "capacity"


SHARED = frozenset({Step.DETECT, Step.DECIDE, Step.PROPAGATE})
"""Charged once for a failure, not once for every resource on the path."""


@dataclass(frozen=True)
class Term:
    """One part of a recovery time, the resource it comes from, and the setting that would change it."""

    step: Step
    time: Estimate
    urn: str
    why: str
    setting: str = ""
    """What to change to make it shorter, in the words of the resource."""

    def as_json(self) -> dict[str, Any]:
        """As in the report."""
        return {
            "term": str(self.step),
            **self.time.as_json(),
            "grade": self.time.grade,
            "why": self.why,
            "urn": self.urn,
            "setting": self.setting,
        }


@dataclass(frozen=True, kw_only=True)
class Option:
    """One way to get a resource or its data back."""

    name: str
    survives: frozenset[Failure]
    rpo: Estimate
    terms: tuple[Term, ...] = ()
    managed: bool = False
    """AWS detects and acts: neither detection nor decision is charged beyond the figure."""
    manual: bool = True
    """Somebody must decide. Automation that is declared takes that away."""
    retention: float | Unknown | None = None
    """Seconds for which a recovery point is kept; corruption noticed later than that isn't covered. None: no limit."""
    unsure: tuple[str, ...] = ()
    """Properties not known yet that decide whether this option exists."""
    vague: tuple[str, ...] = ()
    """Properties not known yet that widen its figures; the estimate spans what they can be."""
    automation: str = ""
    """The kind of step in a Region switch plan that would take this option without a person."""
    findings: tuple[str, ...] = ()


I, Z, R, X = Failure.INSTANCE, Failure.ZONE, Failure.REGION, Failure.CORRUPTION  # noqa: E741 - the field's letters


def survive(*failures: Failure) -> frozenset[Failure]:
    """A set of failures."""
    return frozenset(failures)

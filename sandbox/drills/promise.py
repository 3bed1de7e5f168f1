"""What the estimator promises for one failure of one system."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.drills.failed import DrillError

STORE = "Aurora cluster"


@dataclass(frozen=True)
class Span:
    """Seconds from low to high; high is None where there is no way back."""

    low: float | None
    high: float | None

    def shown(self) -> dict[str, float | None]:
        """As JSON."""
        return {"low": self.low, "high": self.high}


@dataclass(frozen=True)
class Promise:
    """Time of the system and loss of its database, in seconds."""

    time: Span
    loss: Span
    by: str
    """The way back of the database, or of the servers where there is none, in the estimator's words."""
    least: float = 0.0
    """Seconds that the longest part takes alone, at its low end: parts may overlap where the estimator adds them up."""


def promise(report: Mapping[str, Any], failure: str, system: str, *, stores: bool = True) -> Promise:
    """Read it from a report. Raises DrillError when the system isn't judged, or has no such database though it `stores`."""
    found = report["failures"][failure]
    tier = next((each for each in found["systems"] if each["system"] == system), None)
    if tier is None:
        raise DrillError(f"the estimator does not judge {system} for the loss of: {failure}")
    parts = [n for n in found["nodes"] if n["urn"] in tier["path"]]
    least = max(float(n["rto"]["low"]) for n in parts)
    if not stores:
        slowest = max(parts, key=lambda n: float(n["rto"]["low"]))
        return Promise(_span(tier["rto"]), Span(0, 0), slowest["option"], least)
    found_stores = [n for n in parts if n["kind"] == STORE]
    if not found_stores:
        raise DrillError(f"{system} has no {STORE} on its way back from the loss of: {failure}")
    store = found_stores[-1]
    return Promise(_span(tier["rto"]), _span(store["rpo"]), store["option"], least)


def _span(said: Mapping[str, Any]) -> Span:
    return Span(said["low"], said["high"])

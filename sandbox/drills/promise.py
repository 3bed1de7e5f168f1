"""What the estimator promises for one failure of one system."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sandbox.drills.failed import DrillError

BESIDE = {"ElastiCache": "cache", "DynamoDB table": "sessions", "EFS file system": "files"}
"""Stores beside the database: the estimator's words for them, and the application's."""
STORES = ("Aurora cluster", "Aurora DSQL cluster")


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
    failed: Span = Span(0, 0)
    """For how long clients may be failed by a bad release."""


_ONCE = ("detect", "decide", "propagate")
"""Terms that the estimator charges once for a failure; the others add up along the path."""


def of_servers(report: Mapping[str, Any], failure: str, system: str) -> Promise:
    """The same of a failure that leaves the stores alone: what servers and load balancers take. DrillError when it isn't judged."""
    found = report["failures"][failure]
    parts = [n for n in found["nodes"] if n["urn"] in _tier(found, failure, system)["path"]]
    terms = [term for each in parts if each["rpo"] is None for term in each["terms"]]
    if not terms or any(term["high"] is None for term in terms):
        raise DrillError(f"the estimator promises nothing of the servers of {system} for: {failure}")
    low, high = (_together(terms, end) for end in ("low", "high"))
    return Promise(Span(low, high), Span(0, 0), f"servers without a {failure}")


def of_release(report: Mapping[str, Any], system: str, region: str) -> Promise:
    """The same of a bad release of each of a system's services at once. `failed` is how long clients may be failed meanwhile."""
    found = [e for e in report.get("releases", ()) if (e["system"], e["region"]) == (system, region)]
    if not found:
        raise DrillError(
            f"the estimator promises nothing of a release of {system}: it has no service in {region}"
        )
    return Promise(
        _slowest(each["back"] for each in found),
        Span(0, 0),
        "deployments that are taken back",
        failed=_slowest(each["failed"] for each in found),
    )


def _slowest(spans: Iterable[Mapping[str, Any]]) -> Span:
    """Of those beside each other; without a high end where one has no way back."""
    lows, highs = zip(*((each["low"], each["high"]) for each in spans), strict=True)
    return Span(*(None if None in ends else max(ends) for ends in (lows, highs)))


def _together(terms: Sequence[Mapping[str, Any]], end: str) -> float:
    steps: dict[str, list[float]] = {}
    for each in terms:
        steps.setdefault(each["term"], []).append(float(each[end]))
    return sum(max(times) if step in _ONCE else sum(times) for step, times in steps.items())


def _tier(found: Mapping[str, Any], failure: str, system: str) -> Mapping[str, Any]:
    """The system in the estimator's judgement of a failure."""
    tier = next((each for each in found["systems"] if each["system"] == system), None)
    if tier is None:
        raise DrillError(f"the estimator does not judge {system} for the loss of: {failure}")
    return dict(tier)


def promise(report: Mapping[str, Any], failure: str, system: str, *, stores: bool = True) -> Promise:
    """Read it from a report. Raises DrillError when the system isn't judged, or has no such database though it `stores`."""
    found = report["failures"][failure]
    tier = _tier(found, failure, system)
    parts = [n for n in found["nodes"] if n["urn"] in tier["path"]]
    least = max(_least(n) for n in parts)
    if not stores:
        slowest = max(parts, key=_least)
        return Promise(_span(tier["rto"]), Span(0, 0), slowest["option"], least)
    found_stores = [n for n in parts if n["kind"] in STORES]
    if not found_stores:  # what goes on by itself is on nobody's way
        found_stores = [n for n in found["nodes"] if n["urn"] in tier["units"] and n["kind"] in STORES]
    if not found_stores:
        raise DrillError(f"{system} has no {' or '.join(STORES)} on its way back from the loss of: {failure}")
    store = found_stores[-1]
    return Promise(_span(tier["rto"]), _span(store["rpo"]), store["option"], least)


def beside(report: Mapping[str, Any], system: str) -> dict[str, Span]:
    """What of each store beside the database is lost with a region."""
    found = report["failures"]["region"]
    ours = {urn for each in found["systems"] if each["system"] == system for urn in each["units"]}
    return {
        BESIDE[n["kind"]]: _span(n["rpo"]) for n in found["nodes"] if n["kind"] in BESIDE and n["urn"] in ours
    }


def _least(part: Mapping[str, Any]) -> float:
    """What a part takes alone at its low end. What looks in intervals may be due at once, and a name's answer may just expire."""
    waiting = ("detect",) if part["kind"] in STORES else ("detect", "propagate")
    return sum(float(term["low"]) for term in part["terms"] if term["term"] not in waiting)


def _span(said: Mapping[str, Any]) -> Span:
    return Span(said["low"], said["high"])

"""Rows that simulated databases hold: who wrote what when, what a follower has of it, and what a restore brings back."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

ROWS: dict[str, list[Row]] = {}
"""By the ARN of the cluster that they were written to, or that took them over."""
LOST: dict[str, float] = {}
"""When each region was lost, in simulated seconds."""
NEVER = float("inf")


@dataclass(frozen=True)
class Row:
    """A numbered row."""

    number: int
    at: float
    """When it was acknowledged."""
    spoilt: float = NEVER
    """When it was corrupted."""


def write(cluster: Any, number: int) -> None:
    """Acknowledge a row."""
    ROWS.setdefault(cluster.db_cluster_arn, []).append(Row(number, CLOCK.now))


def remember(cluster: Any, found: list[Row]) -> None:
    """Rows that were written before the clock was started."""
    ROWS.setdefault(cluster.db_cluster_arn, [])[:0] = found


def spoil(cluster: Any) -> int:
    """Corrupt every row that is there, and say how many: what a bad release or a wrong statement does."""
    found = ROWS.get(cluster.db_cluster_arn, [])
    ROWS[cluster.db_cluster_arn] = [replace(row, spoilt=min(row.spoilt, CLOCK.now)) for row in found]
    return len(found)


def put_back(into: Any, out_of: Any) -> None:
    """Corrupted rows of a cluster are as a restored one has them, or gone where it hasn't; the others stay."""
    good = [row for row in ROWS.get(into.db_cluster_arn, []) if row.spoilt > CLOCK.now]
    known = {row.number for row in good}
    restored = [row for row in ROWS.get(out_of.db_cluster_arn, []) if row.number not in known]
    ROWS[into.db_cluster_arn] = [*restored, *good]
    CLOCK.note("operator", f"has put {len(restored)} rows back", into.region)


def content(cluster: Any, source: Any = None) -> list[Row]:
    """The rows of a cluster now; of one that follows `source`, what has arrived from there. Corruption arrives like any change."""
    if source is None or source is cluster:
        return list(ROWS.get(cluster.db_cluster_arn, []))
    arrived = min(CLOCK.now, LOST.get(source.region, NEVER)) - CLOCK.lasts("aurora.global_lag")
    return _as_of(ROWS.get(source.db_cluster_arn, []), arrived)


def take_over(cluster: Any, found: list[Row]) -> None:
    """A cluster that becomes a writer, or a restored one, has these rows of its own."""
    ROWS[cluster.db_cluster_arn] = list(found)


def at(cluster: Any, moment: float) -> list[Row]:
    """The rows as they were at a moment: what a restore to it brings back."""
    return _as_of(ROWS.get(cluster.db_cluster_arn, []), moment)


def _as_of(rows: list[Row], moment: float) -> list[Row]:
    return [r if r.spoilt <= moment else replace(r, spoilt=NEVER) for r in rows if r.at <= moment]


def lose(region: str) -> None:
    """Nothing leaves a region from now on."""
    if TABLE.region_lost(region):
        LOST.setdefault(region, CLOCK.now)
    else:
        LOST.pop(region, None)

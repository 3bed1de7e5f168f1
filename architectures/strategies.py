"""What a recovery strategy means: what exists of a system in a region, how much of it runs, and what sends clients there."""

from __future__ import annotations

import enum
from collections.abc import Iterable
from dataclasses import dataclass


class Strategy(enum.StrEnum):
    """How much of a system stands ready in the region that is not active.

    Source: https://docs.aws.amazon.com/wellarchitected/latest/reliability-pillar/rel_planning_for_recovery_disaster_recovery.html
    """

    BACKUP_AND_RESTORE = "backup-and-restore"
    """Recovery points and the means to rebuild."""
    PILOT_LIGHT = "pilot-light"
    """Live data; servers are defined, and none runs."""
    WARM_STANDBY = "warm-standby"
    """Live data, and a share of the servers, which serves at once."""
    ACTIVE_ACTIVE = "active-active"
    """Live data and as many servers as one region needs alone. Both regions serve, and write where the database lets them."""


class Traffic(enum.Enum):
    """What decides which region a client is sent to, among those that are healthy."""

    ACTIVE_FIRST = "failover"
    """The active region; the other one when it is unhealthy."""
    NEAREST = "latency"
    """The one with the shortest way to the client's resolver."""


@dataclass(frozen=True, kw_only=True)
class Posture:
    """How one region's part of a system stands."""

    data: bool
    """Whether the region has stores of its own."""
    replicated: bool
    """Whether the stores of one region follow those of the other; else only recovery points are in both."""
    share: float | None
    """Servers that run, as a share of what the whole load needs with a zone lost: 0 to 1. None: not even defined."""
    traffic: Traffic
    forwards_writes: bool
    """Whether this region's clients write through it, although another region may have the writer."""


def backups_a_day(strategies: Iterable[Strategy], *, alone: bool = False) -> int:
    """How often stores are backed up where these strategies are followed.

    Where recovery points alone cross regions, or are all that brings a database back (`alone`), twice: half a day, with the windows of
    job and copy, stays within a day.
    """
    return 2 if alone or Strategy.BACKUP_AND_RESTORE in strategies else 1


_STANDBY_SHARE: dict[Strategy, float | None] = {
    Strategy.BACKUP_AND_RESTORE: None,
    Strategy.PILOT_LIGHT: 0,
    Strategy.ACTIVE_ACTIVE: 1,
}
"""Servers in the region that isn't active. A warm standby's share is the system's own to say."""


def posture(
    strategy: Strategy, *, active: bool, share: float, rebuilt: bool = False, kept: bool = False
) -> Posture:
    """Return how a region stands under that strategy.

    `share` is a warm standby's, 0 to 1. `rebuilt`: the region's stores were restored from recovery points, so it is to serve. `kept`:
    the region has stores from when it served, which stay although nothing follows them.
    """
    both = strategy is Strategy.ACTIVE_ACTIVE
    replicated = strategy is not Strategy.BACKUP_AND_RESTORE
    running: float | None = 1 if active or rebuilt else _STANDBY_SHARE.get(strategy, share)
    if running is None and kept:
        running = 0
    return Posture(
        data=running is not None,
        replicated=replicated,
        share=running,
        traffic=Traffic.NEAREST if both else Traffic.ACTIVE_FIRST,
        forwards_writes=both and not active,
    )

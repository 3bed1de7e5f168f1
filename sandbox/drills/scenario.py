"""A drill as data: what breaks, who acts how, and what must be so in the end."""

from __future__ import annotations

import enum
from dataclasses import dataclass

from sandbox.drills.system import Place, System


class Break(enum.StrEnum):
    """What is broken."""

    REGION = "region"
    """The region that serves."""
    ZONE = "zone"
    """The zone of the database's writer, or where every zone's writes, of a server."""
    INSTANCE = "instance"
    """A server, and the database's writer where there is one."""
    TIER = "tier"
    """The servers of one zone in the tier behind the first one."""
    ROWS = "rows"
    """Every row that is there is corrupted."""
    RELEASE = "release"
    """A release that doesn't start is rolled out."""
    NOTHING = "nothing"


class Act(enum.StrEnum):
    """What a person does."""

    NONE = "none"
    TAKE_OVER = "take over"
    """Bring the other region up: its plan, its state machine, or the call that a runbook would name."""
    SWITCH = "switch over"
    """The same while nothing is lost, without loss of rows."""
    RESTORE = "restore"
    """Bring the database back to the moment before the corruption."""


class Loss(enum.StrEnum):
    """Which acknowledged rows are gone in the end."""

    NONE = "none"
    LAG = "what was not replicated"
    RESTORED = "what was written after the point restored, or after the backup"
    BACKED_UP = "what was written after the last backup, and corrupted"


QUICK = 5.0
"""Seconds between a client's rows where minutes matter."""


@dataclass(frozen=True)
class Scenario:
    """One drill."""

    name: str
    about: str
    breaks: Break
    act: Act
    loses: Loss
    elsewhere: bool
    """Whether the other region serves in the end."""
    failure: str | None = None
    """The estimator's word for it; None: it promises nothing for this."""
    back: bool = False
    """Whether the drill ends with a way back, to the region that served at first."""
    every: float = 5
    """Seconds between a client's rows while anything is going on."""

    def step(self, system: System) -> float:
        """The same for a system: a deployment of services is over in minutes, an instance refresh in hours."""
        return min(self.every, QUICK) if self.breaks is Break.RELEASE and system.tasks else self.every

    def ends_in(self, system: System) -> Place:
        """Where the system serves in the end. Raises DrillError for the other region when nothing there could."""
        return system.away if self.elsewhere else system.home

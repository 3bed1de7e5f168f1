"""When a session ends: some time after its last request, and some time after it began however much it is used."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST = 365 * 86_400
"""Seconds. Grade D: what lasts longer than a year isn't a session."""


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Seconds, each a whole number from 1 on.

    OWASP gives ranges: idle 2 to 5 minutes where much is at stake, 15 to 30 where little is; in all 4 to 8 hours for a working day.
    https://cheatsheetseries.owasp.org/cheatsheets/Session_Management_Cheat_Sheet.html#session-expiration
    """

    idle_seconds: int = 1800
    """After its last request that was noted, at most `absolute_seconds`."""
    absolute_seconds: int = 28_800
    """After sign-in, at most a year."""
    note_seconds: int = 60
    """A request is noted when the last one noted is so old: a write now and then, not one for each request. So a session ends up to this
    much sooner than `idle_seconds` after its last request, never later. Less than `idle_seconds`; 0: each request is noted."""

    def __post_init__(self) -> None:
        """Raise ValueError for a number that can't be."""
        _between("absolute_seconds", self.absolute_seconds, 1, LONGEST)
        _between("idle_seconds", self.idle_seconds, 1, self.absolute_seconds)
        _between("note_seconds", self.note_seconds, 0, self.idle_seconds - 1)

    def ends(self, started: int, seen: int) -> int:
        """The second from which on a session is no more that began and was seen last then."""
        return min(seen + self.idle_seconds, started + self.absolute_seconds)


def _between(name: str, value: int, low: int, high: int) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name}: got {value}, allowed is {low} to {high}")

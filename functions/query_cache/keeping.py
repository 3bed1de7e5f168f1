"""How long results are kept, and who asks the database when one is missing."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

LONGEST = 86_400.0
"""Seconds. Grade D: what may be a day old is better copied than cached."""


@dataclass(frozen=True, kw_only=True)
class Keeping:
    """Times are in seconds. Defaults are grade D: how old a result may be is the application's to say."""

    ttl_seconds: float = 60.0
    """A result is never served that is older, counted from before its query began. Above 0, at most a day."""
    empty_seconds: float = 5.0
    """The same for a result without rows (None or an empty list): what isn't there yet is soon. At most `ttl_seconds`."""
    jitter: float = 0.1
    """By up to this share of its time a result ends earlier, at random, so that what was stored together doesn't end together. 0 to 0.9."""
    beta: float = 1.0
    """How eagerly a result is asked for anew before it ends; 0: not before. 1 is the best that is known: Vattani, Chierichetti, Lowenstein,
    "Optimal Probabilistic Cache Stampede Prevention", PVLDB 8(8), 2015, https://doi.org/10.14778/2757807.2757813."""
    lock_seconds: float = 5.0
    """Who asks the database for a missing result has it to himself so long. Above 0."""
    wait_seconds: float = 0.5
    """Who finds somebody at it waits so long at most, then asks too. 0 to `lock_seconds`."""
    poll_seconds: float = 0.02
    """Between two looks while waiting; above 0."""
    largest_bytes: int = 262_144
    """A result that takes more as JSON isn't kept: it would hold up all who share the connection."""

    def __post_init__(self) -> None:
        """Raise ValueError for a number that can't be."""
        _between("ttl_seconds", self.ttl_seconds, 0.001, LONGEST)
        _between("empty_seconds", self.empty_seconds, 0.001, self.ttl_seconds)
        _between("jitter", self.jitter, 0, 0.9)
        _between("beta", self.beta, 0, 10)
        _between("lock_seconds", self.lock_seconds, 0.001, LONGEST)
        _between("wait_seconds", self.wait_seconds, 0, self.lock_seconds)
        _between("poll_seconds", self.poll_seconds, 0.001, LONGEST)
        _between("largest_bytes", self.largest_bytes, 1, 512 * 1024 * 1024)

    def lasts(self, value: Any, rng: Callable[[], float] = random.random) -> float:
        """Seconds that a result is good, counted from before its query began."""
        whole = self.empty_seconds if value is None or value == [] else self.ttl_seconds
        return whole * (1 - self.jitter * rng())

    def early(self, left: float, took: float, rng: Callable[[], float] = random.random) -> bool:
        """Whether to ask anew although the result is good for `left` seconds: the likelier the nearer its end and the longer it `took`."""
        return -took * self.beta * math.log(1 - rng()) >= left


def _between(name: str, value: float, low: float, high: float) -> None:
    if not low <= value <= high:
        raise ValueError(f"{name}: got {value:.12g}, allowed is {low:.12g} to {high:.12g}")

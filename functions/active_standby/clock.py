"""Time, as a value, so that it can be simulated."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


def _elapsed() -> float:
    return time.clock_gettime(time.CLOCK_BOOTTIME)


@dataclass(frozen=True)
class Clock:
    """Three functions of time, in seconds."""

    now: Callable[[], float] = _elapsed
    """Grows evenly, also while the machine is suspended, which `time.monotonic` doesn't: what bounds a right to act is measured by it."""
    wall: Callable[[], float] = time.time
    """Since 1970. Compared between invocations, but only for the cool-down and the end of a pause."""
    sleep: Callable[[float], None] = time.sleep

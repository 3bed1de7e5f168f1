"""The simulated clock of an AWS, as who waits for that AWS sees it: time passes while all of them wait, and not while anybody works."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator

_STILL = 1.0
"""Real seconds without a call after which nobody is at work any more: a program may have to think before it asks for the next thing."""


class Clock:
    """Moved by the threads of one program."""

    def __init__(self, advance: Callable[[float], object]) -> None:
        """`advance` lets that many simulated seconds pass."""
        self._advance = advance
        self._changed = threading.Condition()
        self._resting: dict[int, float | None] = {}
        """Of each thread that waits for something, the moment until which it does; None while it looks whether it is there."""
        self._at_work, self._last, self._now = 0, time.monotonic(), 0.0

    @contextlib.contextmanager
    def rest(self) -> Iterator[None]:
        """The calling thread waits for something meanwhile: its looks are no work."""
        me = threading.get_ident()
        with self._changed:
            self._resting[me] = None
        try:
            yield
        finally:
            with self._changed:
                del self._resting[me]
                self._last = time.monotonic()

    @contextlib.contextmanager
    def work(self) -> Iterator[None]:
        """A call. Time stands while it is made, also if it is a look of somebody who waits."""
        with self._changed:
            looks = threading.get_ident() in self._resting
            self._at_work += not looks
        try:
            yield
        finally:
            with self._changed:
                self._at_work -= not looks
                self._last = self._last if looks else time.monotonic()

    def pass_time(self, seconds: float) -> None:
        """Let time pass for the calling thread, which rests, and for all others at once."""
        me = threading.get_ident()
        with self._changed:
            until = self._resting[me] = self._now + seconds
            while self._now < until:
                ends = self._next()
                if ends is None:
                    self._changed.wait(_STILL / 20)
                    continue
                self._advance(ends - self._now)
                self._now = ends
                self._changed.notify_all()
            self._resting[me] = None

    def _next(self) -> float | None:
        """The moment at which somebody looks again; None while anybody works or looks."""
        moments = [each for each in self._resting.values() if each is not None and each > self._now]
        still = not self._at_work and time.monotonic() - self._last >= _STILL
        return min(moments) if still and len(moments) == len(self._resting) else None

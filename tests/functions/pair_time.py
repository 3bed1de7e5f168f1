"""Simulated time for concurrent runs of the real handler: each runs in a thread of its own, and stops at every call and every sleep.

One thread runs at a time, and what comes next is decided by simulated time alone, so that a run with the same seed is the same run.
"""

from __future__ import annotations

import heapq
import itertools
import threading
from collections.abc import Callable
from typing import Any


class Killed(BaseException):
    """Lambda has ended the process."""


class Loop:
    """What is due when. Seconds."""

    def __init__(self) -> None:
        self.now = 0.0
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._count = itertools.count()

    def at(self, moment: float, act: Callable[[], None]) -> None:
        heapq.heappush(self._due, (max(moment, self.now), next(self._count), act))

    def after(self, seconds: float, act: Callable[[], None]) -> None:
        self.at(self.now + seconds, act)

    def run(self, until: float, stop: Callable[[], bool] = lambda: False) -> None:
        """Let time pass, until a moment or until `stop` says so after something has happened."""
        while self._due and self._due[0][0] <= until:
            self.now, _, act = heapq.heappop(self._due)
            act()
            if stop():
                return
        self.now = max(self.now, until)


class Process:
    """A thread that gives way at each `wait`. Its clock has an offset of its own, and a rate."""

    def __init__(
        self, loop: Loop, work: Callable[[Process], Any], offset: float = 0, rate: float = 1
    ) -> None:
        self.loop, self.offset, self.rate = loop, offset, rate
        self.done = False
        self.result: Any = None
        self.error: BaseException | None = None
        self._work = work
        self._value: Any = None
        self._raised: BaseException | None = None
        self._killed = False
        self._mine, self._loops = threading.Semaphore(0), threading.Semaphore(0)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def clock(self) -> float:
        return self.offset + self.loop.now * self.rate

    def wait(self, arm: Callable[[], None]) -> Any:
        """Called by the thread: `arm` makes sure that `resume` is called some time."""
        if self._killed:
            raise Killed
        self._arm = arm
        self._loops.release()
        self._mine.acquire()
        raised, self._raised = self._raised, None
        if raised is not None:
            raise raised
        return self._value

    def sleep(self, seconds: float) -> None:
        self.wait(lambda: self.loop.after(seconds / self.rate, self.resume))

    def resume(self, value: Any = None, raised: BaseException | None = None) -> None:
        """Let the thread go on until its next wait."""
        if self.done:
            return
        self._value, self._raised = value, raised
        self._arm: Callable[[], None] | None = None
        self._mine.release()
        self._loops.acquire()
        if self.done:
            self._thread.join()
        elif self._arm is not None:
            self._arm()

    def kill(self) -> None:
        """End it, wherever it is. What it has sent is on its way."""
        self._killed = True
        self.resume(raised=Killed())

    def _run(self) -> None:
        self._mine.acquire()
        try:
            if self._raised is None:
                self.result = self._work(self)
        except BaseException as error:  # noqa: BLE001 - kept for whoever asks
            self.error = error
        finally:
            self.done = True
            self._loops.release()

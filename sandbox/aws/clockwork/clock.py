"""The simulated clock: seconds since it was started, what is due when, and what happened."""

from __future__ import annotations

import functools
import heapq
import itertools
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

Action = Callable[[], None]


@dataclass(frozen=True)
class Happening:
    """One line of the timeline."""

    at: float
    """Simulated seconds since the clock was started."""
    who: str
    """Who acted: a service, `operator`, `drill`."""
    what: str
    where: str = ""
    """Region; empty for what belongs to none."""


class Clock:
    """Moves by `advance` alone. Not started, it lets everything happen at once."""

    def __init__(self) -> None:
        self.running = False
        self.now = 0.0
        self.pace = 0.0
        self.epoch = datetime(1970, 1, 1)  # noqa: DTZ001 - moto's moments know no zone
        """The moment at which the clock was started, in UTC."""
        self.timeline: list[Happening] = []
        self.settled: Action | None = None
        """Called before time moves: whoever is still at work, in another thread, has come to rest then."""
        self._due: list[tuple[float, int, Action]] = []
        self._count = itertools.count()
        self._waiting: set[str] = set()
        self._lock = threading.RLock()

    def start(self, pace: float) -> None:
        """Begin at zero. `pace`, 0 to 1, says where in a figure's range durations lie: 0 is its low end, 1 its high end.

        Raises ValueError on another pace, RuntimeError when it runs already.
        """
        if not 0 <= pace <= 1:
            raise ValueError(f"pace is {pace!r}, allowed is 0 (low end of each figure) to 1 (high end)")
        if self.running:
            raise RuntimeError("the clock runs already")
        self.running, self.pace = True, pace
        _simulate_time(self)

    def lasts(self, *keys: str) -> float:
        """Seconds that the figures of these keys take together, at the clock's pace; none while the clock isn't running."""
        return 0.0 if not self.running else sum(lasting(key, self.pace) for key in keys)

    def after(self, seconds: float, act: Action) -> None:
        """Do something that many simulated seconds from now; at once when the clock isn't running."""
        if not self.running:
            act()
            return
        with self._lock:
            heapq.heappush(self._due, (self.now + seconds, next(self._count), act))

    def once(self, name: str, seconds: float, act: Action) -> None:
        """The same, but not while something of that name waits already."""
        if name in self._waiting:
            return
        if self.running:
            self._waiting.add(name)

        def due() -> None:
            self._waiting.discard(name)
            act()

        self.after(seconds, due)

    def every(self, seconds: float, act: Action) -> None:
        """Do something again and again, first after one period."""

        def due() -> None:
            act()
            self.after(seconds, due)

        self.after(seconds, due)

    def advance(self, seconds: float) -> None:
        """Let time pass: what is due happens in order, each at its own moment. ValueError on a negative number."""
        if seconds < 0:
            raise ValueError(f"seconds is {seconds!r}, allowed is 0 or more")
        until = self.now + seconds
        while True:
            if self.settled is not None:
                self.settled()
            with self._lock:
                if not self._due or self._due[0][0] > until:
                    self.now = until
                    return
                self.now, _, act = heapq.heappop(self._due)
            act()

    def note(self, who: str, what: str, where: str = "") -> None:
        """Write a line of the timeline."""
        if self.running:
            self.timeline.append(Happening(self.now, who, what, where))

    def since(self, count: int) -> list[dict[str, Any]]:
        """The timeline after its first `count` lines."""
        return [asdict(line) for line in self.timeline[count:]]


@functools.cache
def figures() -> Any:
    """The estimator's figures."""
    from policies.recovery.figures import Figures

    return Figures()


def lasting(key: str, pace: float) -> float:
    """Seconds that a figure stands for: at pace 0 its low end, at pace 1 its high end."""
    figure = figures().figure(key)
    return float(figure.low + (figure.high - figure.low) * pace)


def _simulate_time(clock: Clock) -> None:
    """Let moto's timestamps follow the clock."""
    from moto.core import utils

    asking = who_asks()
    clock.epoch = utils.utcnow()

    def utcnow() -> datetime:
        return clock.epoch + timedelta(seconds=clock.now)

    for module in asking:
        module.utcnow = utcnow


_asking: tuple[int, list[Any]] = 0, []


def who_asks() -> list[Any]:
    """The modules that ask moto for the time, told again while no others are loaded: a copy would get all modules' memory for a look."""
    from moto.core import utils

    global _asking  # noqa: PLW0603  one a process
    if _asking[0] != len(sys.modules):
        real, loaded = utils.utcnow, list(sys.modules.values())
        found = [each for each in loaded if getattr(each, "__dict__", {}).get("utcnow") is real]
        _asking = len(sys.modules), found
    return _asking[1]


CLOCK = Clock()
"""The clock of this process."""


def pace_of(document: Mapping[str, Any]) -> float:
    """The pace that a request gives. Raises ValueError when it is no number."""
    pace = document.get("pace", 0.5)
    if isinstance(pace, bool) or not isinstance(pace, int | float):
        raise ValueError(f"pace is {pace!r}, allowed is 0 to 1")  # noqa: TRY004 - one error type
    return float(pace)

"""Which instance is called next: the less busy of two taken at random, none that failed a moment ago while another one is left.

Two choices keep the busiest about as busy as the others, where one choice doesn't, and nobody counts all of them.
Source: https://doi.org/10.1109/71.963420 (Mitzenmacher, The power of two choices in randomized load balancing, 2001)
"""

from __future__ import annotations

import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Sequence

from .instances import Instance

OUT_SECONDS, LONGEST_SECONDS = 5.0, 300.0
"""How long one that failed is left out: at first, and at most; twice as long each time in a row."""


class NobodyError(Exception):
    """There is no instance."""


class Balancer:
    """What a client has seen of instances itself, by their ids; safe for threads."""

    def __init__(
        self,
        out_seconds: float = OUT_SECONDS,
        clock: Callable[[], float] = time.monotonic,
        chance: random.Random | None = None,
    ) -> None:
        self._out_seconds, self._clock = out_seconds, clock
        self._chance = chance or random.Random()  # noqa: S311  nobody guesses what it spreads
        self._busy: Counter[str] = Counter()
        self._failures: Counter[str] = Counter()
        self._until: dict[str, float] = {}
        self._lock = threading.Lock()

    def begin(self, among: Sequence[Instance], without: Collection[str] = ()) -> Instance:
        """The instance to call, which counts as busy until `end`. `without`: ids that this call has tried.

        Those that Cloud Map calls healthy come before others, any that didn't fail before those that did; where all failed, one of all is
        taken. Raises NobodyError where there is none.
        """
        with self._lock:
            self._forget(among)
            now = self._clock()
            untried = [each for each in among if each.id not in without] or list(among)
            well = [each for each in untried if self._until.get(each.id, now) <= now]
            candidates = [each for each in well if each.healthy] or well or untried
            if not candidates:
                raise NobodyError
            two = self._chance.sample(candidates, min(2, len(candidates)))
            found = min(two, key=lambda each: self._busy[each.id])
            self._busy[found.id] += 1
            return found

    def end(self, instance: Instance, *, failed: bool) -> None:
        """A call of the instance is over."""
        id_ = instance.id
        with self._lock:
            self._busy[id_] -= 1
            if not failed:
                self._until.pop(id_, None)
                del self._failures[id_]
                return
            self._failures[id_] += 1
            doubled = self._out_seconds * 2 ** min(self._failures[id_] - 1, 16)
            self._until[id_] = self._clock() + min(doubled, LONGEST_SECONDS)

    def _forget(self, among: Sequence[Instance]) -> None:
        """What is known of those that are gone, and aren't called any more."""
        there = {each.id for each in among}
        for id_ in [each for each in {*self._busy, *self._until} if each not in there]:
            if self._busy[id_] <= 0:
                self._until.pop(id_, None)
                del self._busy[id_], self._failures[id_]

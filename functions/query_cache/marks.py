"""Marks of tags: a result is good only while each of its tags has the mark that it had before the query began.

To invalidate a tag is to give it another mark, at random: a mark that was lost, evicted or expired never comes back, as a counter
would. So a query that read the old rows and is stored after the tag was invalidated is not good either.
"""

from __future__ import annotations

import math
import threading
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from .breaker import Breaker, LostError
from .client import Client
from .keys import Namespace

KEPT_SECONDS = 86_400
"""A mark that nobody gives anew is forgotten after a day and the time that results are good for: they are then asked for once more."""


@dataclass(eq=False)
class _Renewed:
    """An invalidation: when, and whether the cache knows."""

    at: float
    confirmed: bool = False


@dataclass
class Marks:
    """The marks of a namespace. Safe to use from several threads."""

    client: Client
    breaker: Breaker
    namespace: Namespace
    good_seconds: float
    """No result is good for longer."""
    clock: Callable[[], float]
    _renewed: dict[str, _Renewed] = field(default_factory=dict)
    """By tag: the last invalidation here, while results from before it may be about."""
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def renew(self, tag: str) -> bool:
        """Invalidate the tag; False when the cache hasn't confirmed it: it is then owed, and what is read here doesn't trust the tag."""
        this = _Renewed(self.clock())
        with self._lock:
            gone = this.at - self.good_seconds
            self._renewed = {each: other for each, other in self._renewed.items() if other.at >= gone}
            self._renewed[tag] = this
        return self._paid(tag, this)

    def read(self, tags: Sequence[str]) -> dict[str, str]:
        """The mark of each tag, which gets one if it has none. Raises LostError when one can't be told."""
        for tag in tags:
            last = self._last(tag)
            if last and not last.confirmed and not self._paid(tag, last):
                raise LostError("an invalidation is owed")
        return {tag: self._one(tag) for tag in tags}

    def since(self, tags: Sequence[str]) -> float:
        """The second (since 1970) of the last invalidation here: also of a cache that has forgotten it, as one whose replica took over."""
        return max((last.at for tag in tags if (last := self._last(tag))), default=-math.inf)

    def _last(self, tag: str) -> _Renewed | None:
        with self._lock:
            found = self._renewed.get(tag)
        return found if found and found.at >= self.clock() - self.good_seconds else None

    def _paid(self, tag: str, this: _Renewed) -> bool:
        """Give the tag another mark, which nobody has had: also when it is tried again, since the first try may have arrived."""
        try:
            self._give(tag)
        except LostError:
            return False
        this.confirmed = True
        return True

    def _one(self, tag: str) -> str:
        key = self.namespace.tag(tag)
        found = self.breaker.ask(lambda: self.client.get(key))
        if found is None:
            self._give(tag, nx=True)
            found = self.breaker.ask(lambda: self.client.get(key))
        if found is None:
            raise LostError("it keeps no mark")
        # Whatever it is: what has been invalidated since has another one.
        return found.decode(errors="replace") if isinstance(found, bytes) else str(found)

    def _give(self, tag: str, *, nx: bool = False) -> None:
        key, lasts = self.namespace.tag(tag), int((self.good_seconds + KEPT_SECONDS) * 1000)
        self.breaker.ask(lambda: self.client.set(key, uuid.uuid4().hex, px=lasts, nx=nx))

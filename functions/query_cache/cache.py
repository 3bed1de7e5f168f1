"""A query's result, out of the cache when it is there and good, else out of the database.

What is returned was the truth at a moment that is no longer ago than `ttl_seconds`, however the cache fails: one that doesn't answer, is
late, is empty or tells rubbish costs a query, and never the request. After `invalidate` has returned, nobody here is served what was read
before it; on other servers too, once the cache has confirmed it (True), else after `ttl_seconds` at the latest. Servers' clocks are
compared: where one is behind by a second, a result may be a second older. Source of the pattern:
https://docs.aws.amazon.com/whitepapers/latest/database-caching-strategies-using-redis/caching-patterns.html

A write comes first, then `invalidate`, in this order: the other way round, what is read in between is kept.
"""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import entries
from .breaker import Breaker, LostError
from .client import Client
from .entries import Entry
from .keeping import Keeping
from .keys import Namespace
from .marks import Marks

Query = Callable[[], Any]
"""Asks the database; what it returns must go through JSON."""


@dataclass(frozen=True)
class _Missing:
    """A result that is to be asked for."""

    marks: dict[str, str] | None = None
    """What its tags had before; None: the cache isn't to be had, and nothing is kept."""
    lock: str | None = None


@dataclass
class QueryCache:
    """The results of one application's queries. Safe to use from several threads, as its client is."""

    client: Client
    namespace: Namespace
    keeping: Keeping = field(default_factory=Keeping)
    breaker: Breaker = field(default_factory=Breaker)
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], None] = time.sleep
    rng: Callable[[], float] = random.random
    counts: Counter[str] = field(default_factory=Counter)
    """How often: `hit`, `miss`, `early` (asked anew before its end), `lost` (the cache wasn't to be had), `unkept` (too large)."""

    def __post_init__(self) -> None:
        """Begin with nothing owed."""
        good = self.keeping.ttl_seconds
        self._marks = Marks(self.client, self.breaker, self.namespace, good, self.clock)
        self._counting = threading.Lock()

    def read(self, statement: str, parameters: Any, query: Query, *, tags: Sequence[str] = ()) -> Any:
        """The result of the statement with these parameters, as it comes out of JSON. `tags` is what it depends on.

        Raises what `query` raises, and TypeError or ValueError for a parameter that can't be told apart or a result that JSON can't say.
        """
        key = self.namespace.result(statement, parameters)
        try:
            found = self._known(key, tags)
        except LostError:
            self._count("lost")
            found = _Missing()
        return found.value if isinstance(found, Entry) else self._asked(key, query, found)

    def invalidate(self, *tags: str) -> bool:
        """Let no result be served any more that depends on one of the tags and was read before now; True once the cache has confirmed it.

        Never raises for the cache's sake. False: this process trusts none of these tags until the cache has confirmed, or all is too old.
        """
        confirmed = [self._marks.renew(tag) for tag in tags]
        return all(confirmed)

    def _known(self, key: str, tags: Sequence[str]) -> Entry | _Missing:
        found, marks = self._look(key, tags)
        if found is None:
            self._count("miss")
            return self._turn(key, tags, marks)
        if not self.keeping.early(found.until - self.clock(), found.took, self.rng):
            self._count("hit")
            return found
        self._count("early")
        return _Missing(marks)  # others are served what is there

    def _look(self, key: str, tags: Sequence[str]) -> tuple[Entry | None, dict[str, str]]:
        """The entry, if it is good, and the marks that are now."""
        text = self.breaker.ask(lambda: self.client.get(key))
        marks = self._marks.read(tags)
        found = None if text is None else entries.read(key, text)
        if found is None or found.marks != marks or found.began <= self._marks.since(tags):
            return None, marks
        now = self.clock()
        good = found.began <= now < min(found.until, found.began + self.keeping.ttl_seconds)
        return (found if good else None), marks

    def _turn(self, key: str, tags: Sequence[str], marks: dict[str, str]) -> Entry | _Missing:
        """One asks the database, the others wait for what comes of it, but not for long."""
        own, lasts = uuid.uuid4().hex, int(self.keeping.lock_seconds * 1000)
        ends = self.clock() + self.keeping.wait_seconds
        while not self.breaker.ask(lambda: self.client.set(_lock(key), own, px=lasts, nx=True)):
            if self.clock() >= ends:
                return _Missing(marks)
            self.sleep(self.keeping.poll_seconds)
            found, marks = self._look(key, tags)
            if found is not None:
                return found
        # Whoever had the lock may have kept the result between the last look and now.
        found, marks = self._look(key, tags)
        if found is None:
            return _Missing(marks, own)
        self._let_go(_lock(key), own)
        return found

    def _asked(self, key: str, query: Query, missing: _Missing) -> Any:
        began, entry = self.clock(), None
        try:
            value = entries.plain(query())
            if missing.marks is not None:
                until = began + self.keeping.lasts(value, self.rng)
                entry = Entry(value, began, until, max(self.clock() - began, 0), missing.marks)
            return value
        finally:
            self._settle(key, entry, missing.lock)

    def _settle(self, key: str, entry: Entry | None, lock: str | None) -> None:
        """Keep the entry, if there is one, and let others ask."""
        try:
            if entry is not None:
                self._keep(key, entry)
            if lock is not None:
                self._let_go(_lock(key), lock)
        except LostError:
            self._count("lost")  # the lock ends by itself

    def _keep(self, key: str, entry: Entry) -> None:
        left, text = int((entry.until - self.clock()) * 1000), entries.written(key, entry)
        if left > 0 and len(text) <= self.keeping.largest_bytes:
            self.breaker.ask(lambda: self.client.set(key, text, px=left))
        else:
            self._count("unkept")

    def _let_go(self, lock: str, own: str) -> None:
        """Where it has ended and is another one's by now, it is left alone; were it taken in between, two would ask."""
        if self.breaker.ask(lambda: self.client.get(lock)) in (own, own.encode()):
            self.breaker.ask(lambda: self.client.delete(lock))

    def _count(self, what: str) -> None:
        with self._counting:
            self.counts[what] += 1


def _lock(key: str) -> str:
    return f"{key}:lock"

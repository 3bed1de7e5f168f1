"""Any order of reads, writes, time and failures of the cache: what is read was the truth, not too long ago, and not before an invalidation."""

from __future__ import annotations

import random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from functions.query_cache.breaker import Breaker
from functions.query_cache.cache import QueryCache
from functions.query_cache.keeping import Keeping
from functions.query_cache.keys import Namespace
from tests.functions.cache_stand_in import Store

TTL = 10.0
WAYS = ("refuses", "is_silent", "loses_answers", "only_reads", "is_slow", "mixes_up", "tells_rubbish")
WORDS = (
    *["read"] * 8,
    *["write"] * 2,
    *["wait"] * 2,
    *("other", "fail", "mend", "mend", "evict", "empty", "keep", "go_back", "go_back", "hold"),
)
STEPS = st.lists(st.integers(0, len(WORDS) * 2 * 2 * 8 - 1), min_size=25, max_size=60)
"""Each number is a word, a server, a row and a number up to 7: one draw, which is quick."""


def decoded(step: int) -> tuple[str, int, int, int]:
    rest, word = divmod(step, len(WORDS))
    rest, server = divmod(rest, 2)
    number, row = divmod(rest, 2)
    return WORDS[word], server, row, number


class Play:
    """Two servers, two rows, and a database that remembers what it was when."""

    def __init__(self, seed: int) -> None:
        self.store, self.counter = Store(), 0
        rng = random.Random(seed)
        keeping = Keeping(
            ttl_seconds=TTL, empty_seconds=TTL / 2, lock_seconds=2, wait_seconds=1, poll_seconds=0.3
        )
        self.servers = [
            QueryCache(
                self.store,
                Namespace("shop"),
                keeping,
                Breaker(failures=2, pause_seconds=3, clock=self.clock),
                clock=self.clock,
                sleep=self.sleep,
                rng=rng.random,
            )
            for _ in range(2)
        ]
        self.truths: list[list[tuple[float, Any]]] = [[(self.store.now, 0)], [(self.store.now, 1_000_000)]]
        self.own = {(server, row): 0 for server in range(2) for row in range(2)}
        """By server and row: the oldest truth that it may still tell, by what it invalidated itself."""
        self.all = [0, 0]
        """By row: the same, by invalidations that a cache has confirmed which hasn't forgotten them."""
        self.inside: list[tuple[str, int, int, int]] = []
        """Steps that happen while the next query runs, or somebody waits."""
        self.saved = self.store.copied()
        self.hits = 0

    def clock(self) -> float:
        return self.store.now

    def sleep(self, seconds: float) -> None:
        self.store.now += seconds
        self.nested()

    def nested(self) -> None:
        if self.inside:
            self.step(self.inside.pop())

    def step(self, step: tuple[str, int, int, int]) -> None:
        word, server, row, number = step
        getattr(self, word)(server, row, number)

    def floor(self, server: int, row: int) -> int:
        return max(self.own[server, row], self.all[row])

    def read(self, server: int, row: int, number: int) -> None:
        floor, own, asked = self.floor(server, row), self.own[server, row], []

        def query() -> Any:
            asked.append(len(self.truths[row]) - 1)
            found = self.truths[row][-1][1]
            self.store.now += number / 8
            self.nested()
            return found

        found = self.servers[server].read("SELECT", (row,), query, tags=(f"row {row}", "rows"))
        told = next(place for place, (_, value) in enumerate(self.truths[row]) if value == found)
        if asked:
            assert asked == [told]
            return
        self.hits += 1
        # A cache that forgot something while this was asked had promised nothing.
        assert told >= max(own, min(floor, self.floor(server, row))), "from before an invalidation"
        ended = self.truths[row][told + 1][0] if told + 1 < len(self.truths[row]) else self.store.now
        assert ended > self.store.now - TTL, "too old"

    def write(self, server: int, row: int, number: int) -> None:
        """A server's own: it tells the cache, by the row's tag or that of all."""
        self.change(row, number)
        every = number % 2
        if number < 6:
            self.saved = self.store.copied()
        confirmed = self.servers[server].invalidate("rows" if every else f"row {row}")
        for each in range(2) if every else [row]:
            self.own[server, each] = len(self.truths[each]) - 1
            if confirmed:
                self.all[each] = len(self.truths[each]) - 1

    def other(self, _server: int, row: int, number: int) -> None:
        """Somebody else's, of which no cache is told."""
        self.change(row, number)

    def change(self, row: int, number: int) -> None:
        self.counter += 1
        self.truths[row].append((self.store.now, None if number == 7 and self.counter == 1 else self.counter))

    def wait(self, _server: int, _row: int, number: int) -> None:
        self.store.now += (0.001, 0.3, 1, 2, 4, 8, 9.99, 11)[number]

    def fail(self, _server: int, _row: int, number: int) -> None:
        self.store.fails = getattr(self.store, WAYS[number % len(WAYS)])

    def keep(self, *_: int) -> None:
        """It tells what has ended."""
        self.store.keeps = True

    def mend(self, *_: int) -> None:
        self.store.fails, self.store.keeps = None, False

    def evict(self, _server: int, _row: int, number: int) -> None:
        if self.store.data:
            self.store.data.pop(sorted(self.store.data)[number % len(self.store.data)])

    def empty(self, *_: int) -> None:
        self.store.data = {}

    def go_back(self, *_: int) -> None:
        """A replica takes over that lacks what came since the last write or the one before."""
        self.store.data, self.all = dict(self.saved), [0, 0]

    def hold(self, _server: int, row: int, number: int) -> None:
        """Somebody holds the lock, and dies."""
        key = self.servers[0].namespace.result("SELECT", (row,))
        self.store.data[f"{key}:lock"] = b"dead", self.store.now + number / 4


def test_any_order() -> None:
    seen, hits = set(), []

    @settings(max_examples=250, deadline=None)
    @given(st.integers(0, 7), STEPS)
    def any_order(seed: int, steps: list[int]) -> None:
        play, words = Play(seed), [decoded(each) for each in steps]
        while words:
            word, *rest = words.pop()
            if word == "read":  # what comes next happens while it waits or asks
                play.inside = [words.pop() for _ in range(rest[2] % 3) if words]
            play.step((word, *rest))
            seen.add(word)
        hits.append(play.hits)

    any_order()
    assert seen == set(WORDS)
    assert sum(hits) > 500, "the cache is of use"

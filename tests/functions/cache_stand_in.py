"""A cache in a dictionary, with GET, SET PX NX and DEL as Valkey and redis-py have them, on a clock of its own, and every way to fail.

No server stands behind it: the suite needs neither redis-py nor a server. `test_the_stand_in` in
test_query_cache.py says what of Valkey it has; the same statements hold of a Redis 7.0.15 asked by redis-py 8.1.0.
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any


class StandInError(Exception):
    """What a client raises, of which the library knows nothing."""


class Store:
    """A server with one client."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0
        self.data: dict[str, tuple[bytes, float]] = {}
        self.calls: list[tuple[str, str]] = []
        self.fails: Callable[[str, Callable[[], Any]], Any] | None = None
        """What a call does instead: is given its name and what it would have done."""
        self.keeps = False
        """Whether it tells what has ended, as one whose clock is behind."""

    def _call(self, name: str, key: str, what: Callable[[], Any]) -> Any:
        self.calls.append((name, key))
        return what() if self.fails is None else self.fails(name, what)

    def _there(self, name: str) -> bytes | None:
        value, ends = self.data.get(name, (b"", 0.0))
        return value if self.now < ends or (self.keeps and name in self.data) else None

    def get(self, name: str) -> Any:
        return self._call("get", name, lambda: self._there(name))

    def set(self, name: str, value: str, *, px: int, nx: bool = False) -> Any:
        def put() -> bool | None:
            if not isinstance(px, int) or px <= 0:
                raise StandInError("invalid expire time in 'set' command")
            if nx and self._there(name) is not None:
                return None
            self.data[name] = value.encode(), self.now + px / 1000
            return True

        return self._call("set", name, put)

    def delete(self, name: str) -> Any:
        def gone() -> int:
            there = self._there(name) is not None
            self.data.pop(name, None)
            return int(there)

        return self._call("delete", name, gone)

    def copied(self) -> dict[str, tuple[bytes, float]]:
        return copy.copy(self.data)

    # Ways to fail

    def refuses(self, _name: str, _what: Callable[[], Any]) -> Any:
        raise StandInError("connection refused")

    def is_silent(self, _name: str, _what: Callable[[], Any]) -> Any:
        self.now += 0.05
        raise TimeoutError

    def loses_answers(self, _name: str, what: Callable[[], Any]) -> Any:
        what()
        self.now += 0.05
        raise TimeoutError

    def only_reads(self, name: str, what: Callable[[], Any]) -> Any:
        if name == "get":
            return what()
        raise StandInError("READONLY You can't write against a read only replica.")

    def is_slow(self, _name: str, what: Callable[[], Any]) -> Any:
        found = what()
        self.now += 3
        return found

    def mixes_up(self, name: str, what: Callable[[], Any]) -> Any:
        """Another key's value, as of a connection on which an answer was left."""
        found = what()
        others = [value for value, _ in self.data.values() if value != found]
        return others[0] if name == "get" and others else found

    def tells_rubbish(self, name: str, what: Callable[[], Any]) -> Any:
        found = what()
        if name != "get":
            return found
        return [b"\xff\xfe", b"{}", b"null", b"[]", 7, b'{"form":1}', (found or b"{")[:-1]][int(self.now) % 7]

"""Writes of one hot key spread over several partitions, and read together again.

A partition of DynamoDB takes 1,000 writes and 3,000 reads a second, however idle the table is: a key that gets more is throttled. So its
items are written to `key#0` ... `key#N-1`. Which one an item goes to follows from its own id: the same item always finds itself again,
and a write that is tried twice is one.
Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-sharding.html
"""

from __future__ import annotations

import hashlib
import heapq
import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

LARGEST = 1000
"""More shards than this are more requests for each read than anybody waits for."""
_AT_ONCE = 16

Item = Mapping[str, Any]
Query = Callable[[str], Iterable[Item]]
"""Items of one partition, in the order of their sort key."""


@dataclass(frozen=True)
class Shards:
    """A hot key's partitions."""

    number: int
    """1 to 1,000. To raise it is safe, since reads ask all; to lower it hides what is in the shards that go."""

    def __post_init__(self) -> None:
        """Raise ValueError for a number that can't be."""
        if not 1 <= self.number <= LARGEST:
            raise ValueError(f"shards: got {self.number}, allowed is 1 to {LARGEST}")

    def key(self, key: str, item_id: str) -> str:
        """The partition of an item, by its own id."""
        digest = hashlib.sha256(item_id.encode()).digest()
        return f"{key}#{int.from_bytes(digest[:8]) % self.number}"

    def keys(self, key: str) -> Sequence[str]:
        """Every partition of the key."""
        return [f"{key}#{shard}" for shard in range(self.number)]

    def gather(
        self, key: str, query: Query, *, order: str, limit: int | None = None, newest_first: bool = False
    ) -> list[Item]:
        """Items of all partitions, asked at once, by their sort key `order`; at most `limit`.

        `query` must answer in the same order, and no fewer of one partition than `limit`. An error of one partition is the whole read's:
        a part that looks like everything would be worse.
        """
        keys = self.keys(key)
        with ThreadPoolExecutor(min(len(keys), _AT_ONCE)) as pool:
            parts = list(pool.map(lambda each: list(query(each)), keys))
        merged = heapq.merge(*parts, key=lambda item: item[order], reverse=newest_first)
        return list(itertools.islice(merged, limit))

"""What is asked of a cache: three calls as redis-py has them, each of one key, so that a client of a sharded cache has them too."""

from __future__ import annotations

from typing import Any, Protocol


class Client(Protocol):
    """redis-py's `Redis` or `RedisCluster`, or what is called as they are.

    It must give up after some 50 ms and not try again by itself (`connecting.arguments` says so to redis-py): who asks waits once.
    """

    def get(self, name: str, /) -> Any:
        """The value, None without one."""

    def set(self, name: str, value: str, /, *, px: int, nx: bool = False) -> Any:
        """Keep the value for `px` milliseconds; with `nx` only where there is none: None then."""

    def delete(self, name: str, /) -> Any:
        """Forget it."""

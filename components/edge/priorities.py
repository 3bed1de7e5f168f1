"""Which of several paths a listener looks at first: numbers that stay as they are when a path comes or goes."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

DEEPEST = 8
SHARE = 5000
"""Numbers for the paths of each depth: ten depths are all that AWS has."""


def priorities(paths: Iterable[str]) -> dict[str, int]:
    """A number for each path, the deeper the smaller: 1 to 45,000.

    Two paths of one depth never lie within each other, so any order of them will do: a path's number is made of itself, and another path
    moves it only where both would have the same. A load balancer takes 100 rules.
    """
    taken: dict[int, str] = {}
    for path in sorted(set(paths)):
        depth = 0 if path == "/" else path.count("/")
        base = (DEEPEST - depth) * SHARE
        number = int(hashlib.sha256(path.encode()).hexdigest(), 16) % SHARE
        while base + number + 1 in taken:
            number = (number + 1) % SHARE
        taken[base + number + 1] = path
    return {path: number for number, path in taken.items()}

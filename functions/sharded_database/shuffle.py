"""Shuffle sharding: each customer is given a few of many members, and hardly anybody gets the same few.

What one customer brings down, with all members that it has, takes along who shares all of them: with k of n, one other customer in
C(n, k). Who shares fewer has others left. The members are those whose weights for the customer are heaviest (rendezvous hashing), so that
they follow from the customer's name alone, and a member that comes or goes changes at most one of anybody's.
Source: https://aws.amazon.com/blogs/architecture/shuffle-sharding-massive-and-magical-fault-isolation/,
https://doi.org/10.1109/90.663936 (Thaler and Ravishankar, Using name-based mappings to increase hit rates, 1998)
"""

from __future__ import annotations

import hashlib
import heapq
import math
from collections.abc import Collection


def members(customer: str, among: Collection[str], take: int) -> frozenset[str]:
    """The `take` members of a customer, whatever the order of `among`. Raises ValueError unless there are so many different ones."""
    known = frozenset(among)
    if len(known) != len(among):
        raise ValueError(f"among: got {sorted(among)}, allowed is each member once")
    if not 1 <= take <= len(known):
        raise ValueError(f"take: got {take}, allowed is 1 to {len(known)}, as many as there are")
    return frozenset(heapq.nlargest(take, known, key=lambda member: _weight(customer, member)))


def _weight(customer: str, member: str) -> bytes:
    # The length tells where a name ends: no customer and member look like two others.
    return hashlib.sha256(f"{len(member)}/{member}/{customer}".encode()).digest()


def share_with(overlap: int, among: int, take: int) -> float:
    """The share of other customers, 0 to 1, with whom one has exactly `overlap` members in common, of `take` out of `among`.

    It is hypergeometric: C(k, j) C(n - k, k - j) / C(n, k). With `overlap` equal to `take`: who is lost with the customer, 1 / C(n, k).
    """
    if not 1 <= take <= among:
        raise ValueError(f"take: got {take}, allowed is 1 to {among}, as many as there are")
    if not 0 <= overlap <= take:
        raise ValueError(f"overlap: got {overlap}, allowed is 0 to {take}, as many as are taken")
    apart = take - overlap
    if apart > among - take:
        return 0.0
    return math.comb(take, overlap) * math.comb(among - take, apart) / math.comb(among, take)

"""Slots: the unit in which keys move. A key has one for good, by a stable hash over a number of them that never changes."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable

SLOTS = (2, 16_384)
"""How many there may be: each of a map's ranges is read by people, and a slot is moved as a whole."""
_RANGE = re.compile(r"(0|[1-9]\d{0,5})(?:-(0|[1-9]\d{0,5}))?", re.ASCII)


class MapError(ValueError):
    """What can't be in a map: where, what was given, what is allowed."""

    def __init__(self, where: str, got: object, allowed: str) -> None:
        """`where` is a key of the map, as `shards.a.slots`."""
        super().__init__(f"{where}: got {got}, allowed is {allowed}")
        self.where, self.got, self.allowed = where, got, allowed


def slot_of(key: str, slots: int) -> int:
    """The slot of a key, 0 to `slots` - 1: the same in every process, region and year. Raises ValueError for an empty key."""
    if not key:
        raise ValueError("key: got '', allowed is a text that isn't empty")
    digest = hashlib.sha256(key.encode()).digest()
    # 64 bits over at most 2**14 slots: no slot is likelier than another by more than one in 2**50.
    return int.from_bytes(digest[:8]) % slots


def parsed(text: str, slots: int, where: str) -> range:
    """The slots of a text such as 0-511 or 7. Raises MapError for another form, and for slots that there aren't."""
    found = _RANGE.fullmatch(text)
    if found is None:
        raise MapError(where, repr(text), "slots such as '0-511' or '7'")
    first, last = int(found[1]), int(found[2] or found[1])
    if last < first:
        raise MapError(where, repr(text), "the lower slot first")
    if last >= slots:
        raise MapError(where, repr(text), f"slots from 0 to {slots - 1}")
    return range(first, last + 1)


def written(slots: Iterable[int]) -> list[str]:
    """The same the other way: the fewest texts for these slots, in their order."""
    found: list[list[int]] = []
    for slot in sorted(set(slots)):
        if found and found[-1][1] == slot - 1:
            found[-1][1] = slot
        else:
            found.append([slot, slot])
    return [str(first) if first == last else f"{first}-{last}" for first, last in found]

"""The map of a sharded database: which shard has which slot, as of a version.

A slot belongs to exactly one shard. While its rows are copied to another one it is `moving`, and its keys are answered by nobody: whoever
wrote to the former shard would write what the new one never gets.
Source: https://aws.amazon.com/blogs/database/sharding-with-amazon-relational-database-service/
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from .slots import SLOTS, MapError, parsed, slot_of, written

LEAST = 2
"""Shards: one alone is a database."""


class MovingError(Exception):
    """The key's slot is being moved; the text says which."""


@dataclass(frozen=True)
class ShardMap:
    """One version of it. The same number of slots for good: another one would send nearly every key elsewhere."""

    version: int
    """1 or more; each change raises it, and who has seen one takes none that is older."""
    slots: int
    names: frozenset[str]
    """The shards; one that was just made, or is to go, has no slot."""
    shard_of: Mapping[int, str]
    """By slot, of every one."""
    moving: frozenset[int] = frozenset()

    @classmethod
    def of(
        cls, version: int, slots: int, shards: Mapping[str, Sequence[str]], moving: Sequence[str] = ()
    ) -> ShardMap:
        """A map as people write it: of each shard its ranges. Raises MapError for slots that two shards have, or none."""
        if version < 1:
            raise MapError("map.version", version, "1 or more")
        if not SLOTS[0] <= slots <= SLOTS[1]:
            raise MapError("map.slots", slots, f"{SLOTS[0]} to {SLOTS[1]}")
        if len(shards) < LEAST:
            raise MapError("shards", len(shards), f"{LEAST} or more: one alone is a database")
        owners: dict[int, str] = {}
        for name, ranges in shards.items():
            where = f"shards.{name}.slots"
            for text in ranges:
                for slot in parsed(text, slots, where):
                    if slot in owners:
                        raise MapError(where, repr(text), f"each slot once: {owners[slot]} has {slot}")
                    owners[slot] = name
        if missing := written(set(range(slots)) - set(owners)):
            raise MapError("shards", f"none with {', '.join(missing)}", f"a shard for each of {slots} slots")
        gone = frozenset(slot for text in moving for slot in parsed(text, slots, "map.moving"))
        return cls(version, slots, frozenset(shards), owners, gone)

    @classmethod
    def read(cls, text: str) -> ShardMap:
        """The map out of the JSON that `told` makes. Raises MapError as `of` does."""
        return cls.plain(json.loads(text))

    @classmethod
    def plain(cls, found: Mapping[str, Any]) -> ShardMap:
        """The same of data that were read already; Pulumi's numbers are all floats."""
        return cls.of(int(found["version"]), int(found["slots"]), found["shards"], found["moving"])

    @property
    def told(self) -> dict[str, Any]:
        """As plain data, each range as short as can be."""
        shards: dict[str, list[int]] = {name: [] for name in self.names}
        for slot, name in self.shard_of.items():
            shards[name].append(slot)
        return {
            "version": self.version,
            "slots": self.slots,
            "shards": {name: written(held) for name, held in sorted(shards.items())},
            "moving": written(self.moving),
        }

    def slot(self, key: str) -> int:
        """The slot of a key, which no version changes."""
        return slot_of(key, self.slots)

    def shard(self, key: str) -> str:
        """The shard that answers for a key. Raises MovingError while nobody does."""
        slot = self.slot(key)
        if slot in self.moving:
            raise MovingError(f"slot {slot} is being moved")
        return self.shard_of[slot]

    def begun(self, slots: Iterable[int]) -> ShardMap:
        """The next version, in which these are on their way, too. Raises MapError for a slot that there isn't."""
        moving = self.moving | self._known(slots, "map.moving")
        return replace(self, version=self.version + 1, moving=moving)

    def moved(self, slots: Iterable[int], to: str) -> ShardMap:
        """The next version, in which these belong to a shard and no longer move.

        Raises MapError for a slot or a shard that there isn't, and for a slot that isn't on its way: its keys might have been written to
        meanwhile.
        """
        if to not in self.names:
            raise MapError("shards", repr(to), f"one of {', '.join(sorted(self.names))}")
        given = self._known(slots, f"shards.{to}.slots")
        if still := written(given - self.moving):
            raise MapError(f"shards.{to}.slots", ", ".join(still), "slots that are moving")
        owners = {**self.shard_of, **dict.fromkeys(given, to)}
        return replace(self, version=self.version + 1, shard_of=owners, moving=self.moving - given)

    def _known(self, slots: Iterable[int], where: str) -> frozenset[int]:
        given = frozenset(slots)
        if unknown := sorted(given - set(range(self.slots))):
            raise MapError(where, unknown[0], f"slots from 0 to {self.slots - 1}")
        return given


def newer(held: ShardMap | None, found: ShardMap) -> ShardMap:
    """Which of two maps holds: what was found, unless it is older than the one that is held.

    Raises MapError for one that says something else under the same version, or that has another number of slots.
    """
    if held is None:
        return found
    if found.slots != held.slots:
        raise MapError("map.slots", found.slots, f"{held.slots}, as it was: keys would go elsewhere")
    if found.version == held.version and found != held:
        raise MapError("map.version", found.version, f"above {held.version}: it says something else")
    return found if found.version > held.version else held

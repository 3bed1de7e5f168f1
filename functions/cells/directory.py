"""Where keys' places are written down: a table with the key `pk`, one item a key.

An item has `cell`, `epoch`, and `phase`: `settled`, or `moving` with the `target` it goes to. The router writes a new key's first place;
moves are written by people, as the runbook says, and each of them names the epoch that it found.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from .places import Held

SETTLED, MOVING = "settled", "moving"


@dataclass(frozen=True)
class Directory:
    """The table of one region."""

    table: Any
    """boto3's Table."""

    def held(self, key: str) -> Held | None:
        """A key's place; None where none is written down. What this region has written is seen at once."""
        item = self.table.get_item(Key={"pk": key}, ConsistentRead=True).get("Item")
        if item is None:
            return None
        return Held(cell=str(item["cell"]), epoch=int(item["epoch"]), moving=str(item["phase"]) != SETTLED)

    def pin(self, key: str, cell: str) -> Held:
        """Write down a new key's place; the place that it has when somebody else was first."""
        item = {"pk": key, "cell": cell, "epoch": 1, "phase": SETTLED}
        try:
            self.table.put_item(Item=item, ConditionExpression="attribute_not_exists(pk)")
        except self.table.meta.client.exceptions.ConditionalCheckFailedException:
            found = self.held(key)
            if found is None:  # taken away in between, which nothing of ours does
                raise
            return found
        return Held(cell=cell, epoch=1)

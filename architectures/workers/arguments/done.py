"""What the table of what is done is given, and how long it knows it."""

from __future__ import annotations

from typing import Any

from architectures.parts import tables
from architectures.stack import Stack
from architectures.strategies import Posture
from components.data import GlobalTableArgs
from components.data.queue import RETENTION_SECONDS

HASH, RANGE, EXPIRES = "pk", "sk", "expires"


def kept_seconds(archive_days: int) -> int:
    """How long is known what was done: as long as it may come again, out of the dead letters or out of an archive, and a day."""
    return max(RETENTION_SECONDS[1], archive_days * 86_400) + 86_400


def table(stack: Stack, stands: Posture, **ground: Any) -> GlobalTableArgs:
    """The arguments of the table of what is done; `ground` as in `parts.tables.table`."""
    own: dict[str, Any] = {"range_key": RANGE, "ttl_attribute": EXPIRES}
    return tables.table({HASH: "S", RANGE: "S"}, stack, stands, **own, **ground)

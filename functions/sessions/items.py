"""A session, and the item that keeps it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

LARGEST = 400 * 1024
"""Bytes of an item, names of attributes included.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html"""
_NUMBER = 21
"""Most bytes that a number takes: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html"""
DATA, VERSION, STARTED, SEEN, BY = "data", "version", "started", "seen", "by"
"""Attributes besides the key and the one that expires; `by` is the write that made this version."""


@dataclass(frozen=True)
class Session:
    """A session as it was read or written last."""

    id: str = field(repr=False)
    """What the cookie holds; no log or trace shows it."""
    data: Mapping[str, Any]
    """What the application keeps: as it comes out of JSON."""
    version: int
    started: int
    """Second since 1970 at which the user signed in, or came."""
    seen: int
    """Second since 1970 of the last request that was noted."""


def packed(data: Mapping[str, Any]) -> str:
    """Data as JSON. Raises TypeError or ValueError for what JSON can't say."""
    return json.dumps(data, separators=(",", ":"), allow_nan=False)


def item(session: Session, by: str) -> dict[str, Any]:
    """The session's attributes, all but its key and when it expires."""
    return {
        DATA: packed(session.data),
        VERSION: session.version,
        STARTED: session.started,
        SEEN: session.seen,
        BY: by,
    }


def session(session_id: str, found: Mapping[str, Any]) -> Session:
    """The session that an item keeps."""
    numbers = (int(found[each]) for each in (VERSION, STARTED, SEEN))
    return Session(session_id, json.loads(found[DATA]), *numbers)


def check_size(attributes: Mapping[str, str | int]) -> None:
    """Raise ValueError for an item that DynamoDB would refuse for its size."""
    size = sum(
        len(name.encode()) + (len(value.encode()) if isinstance(value, str) else _NUMBER)
        for name, value in attributes.items()
    )
    if size > LARGEST:
        allowed = (
            f"{LARGEST}: DynamoDB's largest item; keep what is large elsewhere, and its key in the session"
        )
        raise ValueError(f"session: got {size} bytes, allowed is up to {allowed}")

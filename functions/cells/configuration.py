"""What the router is told by its environment.

TABLE: name of the table. CELLS: JSON, by name `address` and `state`. KEY: JSON, where a request has its key: one of `header`, `query`,
`claim` (names) and `part` (of the path, from 1). PINS: `true` where a new key's place is written down. RETRY_SECONDS: after which a
client asks again for a key that nobody answers for.
"""

from __future__ import annotations

import functools
import json
import os
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config

from .directory import Directory
from .places import Cell, Places, State

_WITHIN = Config(connect_timeout=1, read_timeout=1, retries={"mode": "standard", "total_max_attempts": 3})
"""Three attempts, with pauses that grow, in some 4 s at most: the function has more. Each is a read, or a write with a condition."""


@dataclass(frozen=True)
class Configuration:
    """The same, read."""

    directory: Directory
    places: Places
    source: str
    """Kind of place where a request has its key: `header`, `query`, `claim` or `part`."""
    named: str
    """The header's name in lower case, and so on; a part's number."""
    pins: bool
    retry_seconds: str


@functools.cache
def configuration() -> Configuration:
    """Of this execution environment: it doesn't change while that lives."""
    cells: dict[str, Any] = json.loads(os.environ["CELLS"])
    [(source, named)] = json.loads(os.environ["KEY"]).items()
    table = boto3.resource("dynamodb", config=_WITHIN).Table(os.environ["TABLE"])
    return Configuration(
        directory=Directory(table),
        places=Places({name: Cell(each["address"], State(each["state"])) for name, each in cells.items()}),
        source=source,
        named=str(named).lower() if source == "header" else str(named),
        pins=os.environ["PINS"] == "true",
        retry_seconds=os.environ["RETRY_SECONDS"],
    )

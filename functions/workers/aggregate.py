"""Counts and sums a stream's records by key, window by window, and writes one item for each window, shard and key.

Lambda cuts the stream into windows that follow each other and hands each shard's state on from batch to batch. A batch that is tried again
has the state from before it, and the item of a window is put, not added to: whatever comes twice counts once. A record that can't be read
is counted as such, since it would hold up its shard. Environment: TABLE, KEPT_SECONDS.
Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
"""

from __future__ import annotations

import base64
import functools
import json
import logging
import os
import time
from decimal import Decimal
from typing import Any

import boto3

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
UNREADABLE = "unreadable"


@functools.cache
def _table(name: str) -> Any:
    return boto3.resource("dynamodb").Table(name)


def counted(state: dict[str, Any], records: list[Any]) -> dict[str, Any]:
    """The state of a window with these records in it."""
    keys = {key: dict(found) for key, found in state.get("keys", {}).items()}
    for record in records:
        key, value = _read(record["kinesis"]["data"])
        found = keys.setdefault(key, {"count": 0, "sum": 0})
        found["count"] += 1
        found["sum"] += value
    # A state that grew too large is ended early, and the window goes on with an empty one: each part has a name of its own.
    first = state.get("first") or (records[0]["kinesis"]["sequenceNumber"] if records else None)
    return {"keys": keys, "first": first}


def _read(data: str) -> tuple[str, float]:
    """Key and value of a record."""
    try:
        said = json.loads(base64.b64decode(data))
        return str(said["key"]), float(said["value"])
    except (ValueError, KeyError, TypeError):
        log.warning("a record that can't be read: %s", data[:100])
        return UNREADABLE, 0.0


def _write(event: Any, state: dict[str, Any]) -> None:
    stream = event["eventSourceARN"].partition("/")[2].partition("/")[0]
    expires = int(time.time() + float(os.environ["KEPT_SECONDS"]))
    with _table(os.environ["TABLE"]).batch_writer() as batch:
        for key, found in state["keys"].items():
            batch.put_item(
                Item={
                    "pk": f"window#{stream}#{event['window']['start']}",
                    "sk": f"{key}#{event['shardId']}#{state['first']}",
                    "count": found["count"],
                    "sum": Decimal(str(found["sum"])),
                    "expires": expires,
                }
            )


def handler(event: Any, _context: Any) -> dict[str, Any]:
    """Take a batch of a window. Answers the window's state."""
    state = counted(event.get("state") or {}, event.get("Records", []))
    if event.get("isFinalInvokeForWindow") or event.get("isWindowTerminatedEarly"):
        if state["keys"]:
            _write(event, state)
        return {"state": {}}
    return {"state": state}

"""The table: an item for each object of each region, which that region's functions alone write.

So no two regions ever write the same item, and the table's replication, by which the last writer wins, takes nothing back. What one region
had is known in the other one about a second later, long before its objects are there.

Key: `pk` is region and owner, `us-east-1#0b5d...`, `sk` the object's key. The owner is what the key has before its first slash.
"""

from __future__ import annotations

import time
from datetime import UTC, datetime
from typing import Any

from boto3.dynamodb.conditions import Attr, ConditionBase
from botocore.exceptions import ClientError

from .blobs import Blob, Gone, moment

STORED, DELETED, MISSING = "stored", "deleted", "missing"
"""States: there; deleted by who may; gone although nobody deleted it."""
SEQUENCER = 64
"""Digits of a sequencer as it is kept: more than S3 has ever sent."""


def owner(key: str) -> str:
    """Whose an object is; nobody's when its key has no slash."""
    return key.partition("/")[0] if "/" in key else ""


def place(region: str, key: str) -> dict[str, str]:
    """The item's key."""
    return {"pk": f"{region}#{owner(key)}", "sk": key}


def padded(sequencer: str) -> str:
    """A sequencer as it sorts among others of the same object. ValueError for what is none.

    They differ in length: the shorter one is filled with zeros at its right.
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
    """
    if not 0 < len(sequencer) <= SEQUENCER:
        raise ValueError(f"a sequencer has 1 to {SEQUENCER} digits: {sequencer!r}")
    int(sequencer, 16)
    return sequencer.upper().ljust(SEQUENCER, "0")


def item(region: str, key: str, seen: Blob | Gone, sequencer: str, kept_seconds: float) -> dict[str, Any]:
    """What is written down of an object that was looked at just now."""
    now = datetime.now(UTC)
    found: dict[str, Any] = {
        **place(region, key),
        "owner": owner(key),
        "sequencer": sequencer,
        "looked": moment(now),
    }
    if isinstance(seen, Blob):
        own = {"version": seen.version, "size": seen.size, "etag": seen.etag, "checksum": seen.checksum}
        return {**found, **own, "state": STORED, "changed": seen.changed}
    if seen.deleted:
        return {**found, "state": DELETED, "changed": moment(now), "expires": int(time.time() + kept_seconds)}
    return {**found, "state": MISSING, "changed": moment(now)}


def written(table: Any, made: dict[str, Any], condition: ConditionBase) -> bool:
    """Put an item if that holds of what is there. Returns whether it was put."""
    try:
        table.put_item(Item=made, ConditionExpression=condition)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise
        return False
    return True


def follows(sequencer: str) -> ConditionBase:
    """That nothing is known of the object, or only what was before."""
    return Attr("pk").not_exists() | Attr("sequencer").lt(sequencer)


def unchanged(known: dict[str, Any] | None) -> ConditionBase:
    """That what is there is what was read."""
    if known is None:
        return Attr("pk").not_exists()
    return Attr("looked").eq(known["looked"]) & Attr("sequencer").eq(known["sequencer"])

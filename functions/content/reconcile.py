"""Compares bucket and table, and puts the table right: what no event told of is found here.

A round has two parts: each object has an item that says what it is, and each item that says an object is there has one. The bucket is
right; no object is ever touched. Both are gone through page by page, as far as the invocation's time goes, and the next invocation goes
on: a round ends however much there is. What was changed within GRACE_MINUTES is left to events that may be on their way.

At its end a round writes how often it found a blob without metadata, metadata without a blob, and a deletion that no event had told of.
An object that is gone although nobody deleted it is counted by every round until somebody has seen to it.
Environment: as of `record`, and GRACE_MINUTES, NAMESPACE, SYSTEM.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from boto3.dynamodb.conditions import Attr

from . import items, videos
from .aws import cloudwatch, region, s3, table
from .blobs import Blob, look, moment

BLOBS, METADATA, DELETIONS, ROUNDS = "BlobWithoutMetadata", "MetadataWithoutBlob", "DeletionFound", "Rounds"
"""Metrics, each of a round."""
PAGE, KEYS = 1000, 100
"""Objects that S3 lists at once, and items that DynamoDB gets at once, the most of each."""
RESERVE_MS = 20_000
"""Time that a page and the end of the invocation may take."""


class Round:
    """What is known of this region's round: where it is, and what it has found."""

    def __init__(self) -> None:
        self.key = {"pk": f"round#{region()}", "sk": "round"}
        kept = table().get_item(Key=self.key, ConsistentRead=True).get("Item", {})
        self.part: str = kept.get("part", "objects")
        self.after: Any = json.loads(kept.get("after", "null"))
        self.found = Counter({name: int(value) for name, value in kept.get("found", {}).items()})

    def save(self) -> None:
        """Keep it for the next invocation."""
        told = {"part": self.part, "after": json.dumps(self.after), "found": dict(self.found)}
        table().put_item(Item={**self.key, **told})

    def end(self) -> dict[str, int]:
        """Tell what it has found. The next one begins anew."""
        told = {name: self.found[name] for name in (BLOBS, METADATA, DELETIONS)}
        dimensions = [{"Name": "System", "Value": os.environ["SYSTEM"]}]
        cloudwatch().put_metric_data(
            Namespace=os.environ["NAMESPACE"],
            MetricData=[
                {"MetricName": name, "Dimensions": dimensions, "Value": value, "Unit": "Count"}
                for name, value in {**told, ROUNDS: 1}.items()
            ],
        )
        table().delete_item(Key=self.key)
        return told


def settled() -> str:
    """What was changed before that has been told of."""
    return moment(datetime.now(UTC) - timedelta(minutes=float(os.environ["GRACE_MINUTES"])))


def known(keys: list[str]) -> dict[str, dict[str, Any]]:
    """The items of these objects, by key."""
    found: dict[str, dict[str, Any]] = {}
    resource, name = table().meta.client, table().name
    for start in range(0, len(keys), KEYS):
        wanted: Any = {name: {"Keys": [items.place(region(), key) for key in keys[start : start + KEYS]]}}
        while wanted:
            answer = resource.batch_get_item(RequestItems=wanted)
            found |= {each["sk"]: each for each in answer["Responses"].get(name, [])}
            wanted = answer.get("UnprocessedKeys")
    return found


def right(key: str, before: dict[str, Any] | None) -> str:
    """Write down what is there of an object; the item that was read says otherwise. Returns the state, nothing if an event came first."""
    seen = look(s3(), os.environ["BUCKET"], key)
    videos.submit(key, seen)
    # The sequencer stays: whatever event comes next looks at the bucket again.
    sequencer = before["sequencer"] if before else "0" * items.SEQUENCER
    made = items.item(region(), key, seen, sequencer, float(os.environ["KEPT_SECONDS"]))
    return str(made["state"]) if items.written(table(), made, items.unchanged(before)) else ""


def objects(now: Round) -> Any:
    """A page of the bucket: each object has its item. Returns where the next one begins."""
    more = {"StartAfter": now.after} if now.after else {}
    page = s3().list_objects_v2(Bucket=os.environ["BUCKET"], MaxKeys=PAGE, **more)
    listed, before = page.get("Contents", []), settled()
    told = known([each["Key"] for each in listed if moment(each["LastModified"]) < before])
    for each in listed:
        item = told.get(each["Key"])
        same = item is not None and (item["state"], item.get("etag")) == (
            items.STORED,
            each["ETag"].strip('"'),
        )
        if moment(each["LastModified"]) < before and not same and right(each["Key"], item) == items.STORED:
            now.found[BLOBS] += 1
    return listed[-1]["Key"] if page["IsTruncated"] else None


def metadata(now: Round) -> Any:
    """A page of the table: each object that an item speaks of is there. Returns where the next one begins."""
    own = Attr("pk").begins_with(f"{region()}#") & Attr("state").is_in([items.STORED, items.MISSING])
    more = {"ExclusiveStartKey": now.after} if now.after else {}
    page = table().scan(FilterExpression=own & Attr("looked").lt(settled()), **more)
    for item in page["Items"]:
        if isinstance(look(s3(), os.environ["BUCKET"], item["sk"]), Blob):
            continue
        state = right(item["sk"], item)
        now.found[METADATA] += state == items.MISSING
        now.found[DELETIONS] += state == items.DELETED
    return page.get("LastEvaluatedKey")


PARTS: dict[str, Callable[[Round], Any]] = {"objects": objects, "items": metadata}


def pages(now: Round) -> Iterator[None]:
    """Go through what is left of a round, page by page."""
    parts = list(PARTS)
    while True:
        now.after = PARTS[now.part](now)
        if now.after is None:
            if now.part == parts[-1]:
                return
            now.part = parts[parts.index(now.part) + 1]
        yield


def handler(_event: Any, context: Any) -> dict[str, Any]:
    """Go on with the round, or begin one. Answers whether it ended, and what it has found so far."""
    now = Round()
    for _ in pages(now):
        if context.get_remaining_time_in_millis() < RESERVE_MS:
            now.save()
            return {"ended": False, **now.found}
    return {"ended": True, **now.end()}

"""Works off a bucket's events: writes down what is there of each object that one is about.

What an event says of the object isn't used, only which object it is and, by its sequencer, which of two events came later: the later one's
look at the bucket is written, however often and in whatever order they come. Environment: BUCKET, TABLE, KEPT_SECONDS (how long is known
that an object was deleted: longer than an event or a dead letter may come); of videos also as `videos` says.
"""

from __future__ import annotations

import json
import logging
import os
from typing import Any
from urllib.parse import unquote_plus

from . import items, videos
from .aws import region, s3, table
from .blobs import Gone, look

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
TEST = "s3:TestEvent"
"""What S3 sends when a bucket is told to send events."""


def record(said: Any) -> bool:
    """Write down what is there of one event's object. Returns whether that was news. ValueError for another bucket's event."""
    bucket, of = said["s3"]["bucket"]["name"], said["s3"]["object"]
    if bucket != os.environ["BUCKET"]:
        raise ValueError(f"an event of {bucket}: this function follows {os.environ['BUCKET']}")
    key, sequencer = unquote_plus(of["key"]), items.padded(of["sequencer"])
    seen = look(s3(), bucket, key)
    if isinstance(seen, Gone) and not seen.deleted and said["eventName"].startswith("ObjectRemoved:"):
        seen = Gone(deleted=True)  # a version was deleted, and it was the last one
    videos.submit(key, seen)  # before it is known: an event that comes again would be no news
    made = items.item(region(), key, seen, sequencer, float(os.environ["KEPT_SECONDS"]))
    return items.written(table(), made, items.follows(sequencer))


def message(body: str) -> None:
    """Work off one message of S3."""
    said = json.loads(body)
    if said.get("Event") == TEST:
        return
    for each in said["Records"]:
        record(each)


def handler(event: Any, _context: Any) -> dict[str, Any]:
    """Work off a batch of SQS. Answers which messages are to come again."""
    failed = []
    for each in event["Records"]:
        try:
            message(each["body"])
        except Exception:
            log.exception("message %s", each["messageId"])
            failed.append({"itemIdentifier": each["messageId"]})
    return {"batchItemFailures": failed}

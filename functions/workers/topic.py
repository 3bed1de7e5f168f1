"""Works off a topic of Kafka: each job is done once, however often its message comes.

A message that fails is tried again within the invocation, then it goes, with where it stood, to the queue LETTERS_URL: Lambda knows whole
batches only, and one bad message would hold up its partition. What can't even be put there ends the invocation, and the batch comes again.
Environment: as of `consume`, and LETTERS_URL.
Source: https://docs.aws.amazon.com/lambda/latest/dg/with-msk.html
"""

from __future__ import annotations

import base64
import functools
import json
import logging
import os
from collections.abc import Iterator, Mapping
from typing import Any

import boto3

from .consume import failed

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
ATTEMPTS = 3
LARGEST = 200_000
"""Characters of a message that go into its letter: SQS takes no more than 256 KiB, and Kafka does."""


@functools.cache
def _sqs() -> Any:
    return boto3.client("sqs")


def messages(event: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Where each message stands, and what it says; in order within a partition."""
    for records in event["records"].values():
        for record in records:
            said = base64.b64decode(record.get("value") or "").decode("utf-8", "replace")
            yield f"{record['topic']}/{record['partition']}/{record['offset']}", said


def handler(event: Any, context: Any) -> dict[str, int]:
    """Work off a batch. Answers how many were left over, which are letters now."""
    given = dict(messages(event))
    left = list(given)
    for _ in range(ATTEMPTS):
        left = failed([(each, given[each]) for each in left], context.get_remaining_time_in_millis() / 1000)
    for each in left:
        letter = {"at": each, "message": given[each][:LARGEST], "whole": len(given[each]) <= LARGEST}
        _sqs().send_message(QueueUrl=os.environ["LETTERS_URL"], MessageBody=json.dumps(letter))
    return {"letters": len(left)}

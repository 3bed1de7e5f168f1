"""Works off a queue: each job is done once, however often its message comes; messages that failed are told one by one, and come again.

Environment: TABLE, KEPT_SECONDS (how long is known what was done: longer than a message, a dead letter or an archived event may come).
"""

from __future__ import annotations

import functools
import logging
import os
from collections.abc import Iterable, Mapping
from typing import Any

import boto3

from functions.serverless_api.idempotency import Once

from .messages import job

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


@functools.cache
def _table(name: str) -> Any:
    return boto3.resource("dynamodb").Table(name)


def once() -> Once:
    """What keeps in mind which jobs are done."""
    return Once(_table(os.environ["TABLE"]), kept_seconds=float(os.environ["KEPT_SECONDS"]))


def work(said: Mapping[str, Any]) -> dict[str, Any]:
    """The work itself: the sample counts what it was given."""
    return {"fields": len(said)}


def failed(messages: Iterable[tuple[str, str]], seconds: float) -> list[str]:
    """Do the jobs of messages, each with its id and body, within that time. Returns the ids of those that must come again."""
    found = []
    for message, body in messages:
        try:
            key, said = job(body)
            once().do(key, said, seconds, functools.partial(work, said))
        except Exception:
            log.exception("message %s", message)
            found.append(message)
    return found


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Work off a batch of SQS. Answers which messages are to come again."""
    messages = [(record["messageId"], record["body"]) for record in event["Records"]]
    left = failed(messages, context.get_remaining_time_in_millis() / 1000)
    return {"batchItemFailures": [{"itemIdentifier": each} for each in left]}

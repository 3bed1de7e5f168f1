"""Work that takes longer than API Gateway waits: it is accepted at once (202), done from a queue, and asked for by its own address.

Environment: TABLE, and for who accepts work <NAME>_QUEUE_URL as QUEUE says (default WORKER_QUEUE_URL).
Source: https://docs.aws.amazon.com/prescriptive-guidance/latest/cloud-design-patterns/welcome.html
"""

from __future__ import annotations

import functools
import json
import os
import uuid
from typing import Any

import boto3

from .answers import ONCE, Request, answer, routed, seconds_left, table
from .idempotency import Once
from .retry import again

RETRY_AFTER = "5"
"""Seconds after which a client may ask again."""


@functools.cache
def _queue() -> Any:
    return boto3.client("sqs", config=ONCE)


def at(id_: str) -> dict[str, str]:
    """Where a job is in the table."""
    return {"pk": f"job#{id_}", "sk": "job"}


def accept(asked: Request, context: Any) -> dict[str, Any]:
    """Take a job, once for each idempotency key. It is in the table before it is in the queue: whoever asks finds it."""
    body = asked.body()

    def made() -> dict[str, Any]:
        id_ = uuid.uuid4().hex
        again(lambda: table().put_item(Item={**at(id_), "status": "accepted", "input": body}))
        url = os.environ[os.environ.get("QUEUE", "WORKER_QUEUE_URL")]
        again(lambda: _queue().send_message(QueueUrl=url, MessageBody=json.dumps({"job": id_})))
        where = f"/jobs/{id_}"
        return answer(202, {"id": id_, "status": "accepted"}, location=where, retry_after=RETRY_AFTER)

    return Once(table()).do(asked.key(), [asked.route, asked.text], seconds_left(context), made)


def status(asked: Request, _context: Any) -> dict[str, Any]:
    """How a job fares."""
    id_ = asked.parameters["id"]
    found = again(lambda: table().get_item(Key=at(id_))).get("Item")
    if found is None:
        return answer(404, {"message": "there is no such job"})
    told = {"id": id_, "status": found["status"]}
    if found["status"] == "done":
        return answer(200, {**told, "result": found["result"]})
    return answer(200, told, retry_after=RETRY_AFTER)


ROUTES = {"POST /jobs": accept, "GET /jobs/{id}": status}


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Answer a request of API Gateway."""
    return routed(ROUTES, event, context)

"""Events of an item, of which one may get more than a partition takes: their writes are spread, and a read asks all shards.

Environment: TABLE, SHARDS (default 8).
"""

from __future__ import annotations

import os
import time
import uuid
from collections.abc import Iterable
from typing import Any

from boto3.dynamodb.conditions import Key

from .answers import RefusedError, Request, answer, routed, seconds_left, table
from .idempotency import Once
from .retry import again
from .sharding import Item, Shards

SHARDS = "8"
MOST = 100


def _shards() -> Shards:
    return Shards(int(os.environ.get("SHARDS", SHARDS)))


def _key(asked: Request) -> str:
    return f"events#{asked.parameters['id']}"


def add(asked: Request, context: Any) -> dict[str, Any]:
    """Write an event, once for each idempotency key."""
    body = asked.body()

    def made() -> dict[str, Any]:
        id_ = uuid.uuid4().hex
        # By time, and by its own id where two are of one moment.
        at = f"{time.time_ns():020d}#{id_}"
        again(lambda: table().put_item(Item={"pk": _shards().key(_key(asked), id_), "sk": at, "data": body}))
        return answer(201, {"id": id_})

    return Once(table()).do(
        asked.key(), [asked.route, asked.parameters["id"], asked.text], seconds_left(context), made
    )


def _limit(asked: Request) -> int:
    text = asked.query.get("limit", str(MOST))
    if not text.isdecimal() or not 1 <= int(text) <= MOST:
        raise RefusedError(400, f"limit: got {text!r}, allowed is 1 to {MOST}")
    return int(text)


def newest(asked: Request, _context: Any) -> dict[str, Any]:
    """The newest events of an item."""
    limit = _limit(asked)

    def query(partition: str) -> Iterable[Item]:
        found: list[Item] = again(
            lambda: table().query(
                KeyConditionExpression=Key("pk").eq(partition), ScanIndexForward=False, Limit=limit
            )
        )["Items"]
        return found

    found = _shards().gather(_key(asked), query, order="sk", limit=limit, newest_first=True)
    return answer(200, {"events": [each["data"] for each in found]})


ROUTES = {"POST /items/{id}/events": add, "GET /items/{id}/events": newest}


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Answer a request of API Gateway."""
    return routed(ROUTES, event, context)

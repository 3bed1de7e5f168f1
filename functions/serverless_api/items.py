"""Items: made, read, changed and removed, each request of a change done once. And what Route 53 asks.

Environment: TABLE.
"""

from __future__ import annotations

import uuid
from typing import Any

from botocore.exceptions import ClientError

from .answers import RefusedError, Request, answer, routed, seconds_left, table
from .idempotency import Once
from .retry import again

_REFUSED = "ConditionalCheckFailedException"


def _at(id_: str) -> dict[str, str]:
    return {"pk": f"item#{id_}", "sk": "item"}


def create(asked: Request, context: Any) -> dict[str, Any]:
    """Make an item, once for each idempotency key."""
    body = asked.body()

    def made() -> dict[str, Any]:
        id_ = uuid.uuid4().hex
        again(lambda: table().put_item(Item={**_at(id_), "data": body}))
        return answer(201, {"id": id_}, location=f"/items/{id_}")

    return Once(table()).do(asked.key(), [asked.route, asked.text], seconds_left(context), made)


def read(asked: Request, _context: Any) -> dict[str, Any]:
    """Read one."""
    id_ = asked.parameters["id"]
    found = again(lambda: table().get_item(Key=_at(id_))).get("Item")
    return (
        answer(404, {"message": "there is no such item"})
        if found is None
        else answer(200, {"id": id_, **found["data"]})
    )


def replace(asked: Request, _context: Any) -> dict[str, Any]:
    """Replace one that is there: the same twice is the same."""
    body, id_ = asked.body(), asked.parameters["id"]
    try:
        again(
            lambda: table().put_item(
                Item={**_at(id_), "data": body}, ConditionExpression="attribute_exists(pk)"
            )
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _REFUSED:
            raise
        raise RefusedError(404, "there is no such item") from None
    return answer(200, {"id": id_})


def remove(asked: Request, _context: Any) -> dict[str, Any]:
    """Remove one; one that isn't there is removed."""
    again(lambda: table().delete_item(Key=_at(asked.parameters["id"])))
    return answer(204)


def health(_asked: Request, _context: Any) -> dict[str, Any]:
    """Whether the function answers."""
    return answer(200, {"status": "ok"})


def deep_health(_asked: Request, _context: Any) -> dict[str, Any]:
    """Whether the table of this region answers. Any error is a 500, which the check sees."""
    table().get_item(Key=_at("health"))
    return answer(200, {"status": "ok"})


ROUTES = {
    "POST /items": create,
    "GET /items/{id}": read,
    "PUT /items/{id}": replace,
    "DELETE /items/{id}": remove,
    "GET /health": health,
    "GET /health/deep": deep_health,
}


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Answer a request of API Gateway."""
    return routed(ROUTES, event, context)

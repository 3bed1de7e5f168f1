"""A request of API Gateway, of an HTTP API (format 2.0) or of a REST API, and what is answered to it."""

from __future__ import annotations

import base64
import functools
import json
import logging
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import boto3
from botocore.config import Config

from .idempotency import InProgressError, MismatchError

ONCE = Config(connect_timeout=1, read_timeout=2, retries={"total_max_attempts": 1})
"""Calls are tried again by `retry.again` alone: two that do would multiply."""
log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


class RefusedError(Exception):
    """A request that can't be: its status and why."""

    def __init__(self, status: int, said: str) -> None:
        """`status` of HTTP, 400 to 499."""
        super().__init__(said)
        self.status, self.said = status, said


@dataclass(frozen=True)
class Request:
    """What was asked."""

    route: str
    """Method and path as the route says it: `GET /items/{id}`."""
    parameters: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    """By name in lower case."""
    text: str

    def body(self) -> dict[str, Any]:
        """The body, a JSON object. Raises RefusedError for any other. Numbers are as DynamoDB takes them."""
        try:
            found = json.loads(self.text or "null", parse_float=Decimal)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise RefusedError(400, "the body must be a JSON object")
        return found

    def key(self) -> str:
        """Its idempotency key. Raises RefusedError without one."""
        found = self.headers.get("idempotency-key", "")
        if not found:
            raise RefusedError(
                400, "the header Idempotency-Key is missing: a request without one could be done twice"
            )
        return found


def request(event: Mapping[str, Any]) -> Request:
    """The request of an event in either format.

    What stands several times in a query or among the headers is told as format 2.0 does, with commas between; format 1.0 alone has the
    last one only, and all of them apart.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        text = base64.b64decode(text).decode()
    route = event.get("routeKey") or f"{event['httpMethod']} {event['resource']}"
    return Request(
        route=route,
        parameters=event.get("pathParameters") or {},
        query=_told(event, "queryStringParameters", "multiValueQueryStringParameters"),
        headers={name.lower(): value for name, value in _told(event, "headers", "multiValueHeaders").items()},
        text=text,
    )


def _told(event: Mapping[str, Any], once: str, several: str) -> dict[str, str]:
    found = {name: ",".join(values) for name, values in (event.get(several) or {}).items()}
    return {**(event.get(once) or {}), **found}


def answer(status: int, body: Any = None, **headers: str) -> dict[str, Any]:
    """An answer as JSON; `headers` with underscores for hyphens."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "statusCode": status,
        "headers": {"content-type": "application/json", **named},
        "body": "" if body is None else json.dumps(body, default=_plain),
    }


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"{type(value).__name__} is not JSON")


Route = Callable[[Request, Any], dict[str, Any]]


def routed(routes: Mapping[str, Route], event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """Have the event's route answer. What is refused is told; any other error is the function's, which API Gateway answers with 500."""
    asked = request(event)
    # A REST API tells the method that was asked for, also where the route takes any.
    found = routes.get(asked.route) or routes.get(f"ANY {asked.route.partition(' ')[2]}")
    if found is None:
        return answer(404, {"message": f"there is no {asked.route}"})
    try:
        return found(asked, context)
    except RefusedError as error:
        return answer(error.status, {"message": error.said})
    except InProgressError:
        return answer(
            409, {"message": "the first one of these requests is still being done"}, retry_after="1"
        )
    except MismatchError:
        return answer(422, {"message": "the idempotency key was used for another request"})
    except ValueError as error:
        return answer(400, {"message": str(error)})


def seconds_left(context: Any) -> float:
    """How long the invocation may still take."""
    return float(context.get_remaining_time_in_millis()) / 1000


@functools.cache
def table() -> Any:
    """The table of the environment variable TABLE, in the function's own region."""
    return boto3.resource("dynamodb", config=ONCE).Table(os.environ["TABLE"])

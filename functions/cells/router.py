"""Sends each request to the cell of its key: 307 with that cell's address, or 503 while no cell may answer for the key."""

from __future__ import annotations

import json
import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .configuration import Configuration, configuration
from .places import NotNowError
from .requests import DEEP_HEALTH, HEALTH, LOOKUP, Event, RefusedError, at, checked, claims, key_of

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)


def _answer(status: int, body: Any, **headers: str) -> dict[str, Any]:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return {
        "statusCode": status,
        # A key may be moved at any time: nobody keeps an answer.
        "headers": {"content-type": "application/json", "cache-control": "no-store", **named},
        "body": json.dumps(body),
    }


def _placed(key: str, told: Configuration) -> dict[str, Any]:
    """A key's cell; a new key's place is written down first. Raises NotNowError."""
    held = told.directory.held(key)
    if held is None:
        name = told.places.first(key)
        if not told.pins:
            return {"key": key, "cell": name, "address": told.places.cells[name].address, "epoch": None}
        held = told.directory.pin(key, name)
    return {"key": key, "cell": held.cell, "address": told.places.of(held).address, "epoch": held.epoch}


def _lookup(event: Event, told: Configuration) -> dict[str, Any]:
    key = checked((event.get("pathParameters") or {}).get("key"), "the path")
    if told.source == "claim" and claims(event).get(told.named) != key:
        raise RefusedError(403, "the token is for another key")
    return _answer(200, _placed(key, told))


def _sent(event: Event, told: Configuration) -> dict[str, Any]:
    found = _placed(key_of(event, told.source, told.named), told)
    return _answer(307, {"cell": found["cell"]}, location=at(found["address"], event))


def handler(event: Any, _context: Any) -> dict[str, Any]:
    """Answer a request of API Gateway."""
    route, told = event["routeKey"], configuration()
    if route == HEALTH:
        return _answer(200, {"status": "ok"})
    if route == DEEP_HEALTH:
        told.directory.held("health")  # any error is a 500, which the check sees
        return _answer(200, {"status": "ok"})
    try:
        return _lookup(event, told) if route == LOOKUP else _sent(event, told)
    except RefusedError as error:
        return _answer(error.status, {"message": error.said})
    except NotNowError as error:
        return _answer(503, {"message": str(error)}, retry_after=told.retry_seconds)
    except (BotoCoreError, ClientError):
        # Never by the hash instead: a key that was moved would be sent to a cell that no longer has it.
        log.exception("the table doesn't answer")
        return _answer(503, {"message": "the key's place can't be read"}, retry_after=told.retry_seconds)

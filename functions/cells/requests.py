"""A request of API Gateway's HTTP API (format 2.0): the key that it has, and where it goes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

LOOKUP, HEALTH, DEEP_HEALTH = "GET /cells/{key}", "GET /health", "GET /health/deep"
"""Routes that the router answers itself; every other one leads to a cell."""
Event = Mapping[str, Any]
KEY = re.compile(r"[A-Za-z0-9._~@:+-]{1,128}", re.ASCII)
"""What a key may be: it stands in paths, and is compared letter by letter."""
ALLOWED = "1 to 128 letters, digits and . _ ~ @ : + -"
_KEPT = "/:@!$&'()*+,;=~"
"""Characters of a path that stand as they are. https://www.rfc-editor.org/rfc/rfc3986#section-3.3"""


class RefusedError(Exception):
    """A request that can't be: its status and why."""

    def __init__(self, status: int, said: str) -> None:
        """`status` of HTTP, 400 to 499."""
        super().__init__(said)
        self.status, self.said = status, said


def key_of(event: Event, source: str, named: str) -> str:
    """The request's key. Raises RefusedError where it has none, or one that can't be."""
    return checked(_found(event, source, named), f"{source} {named}")


def checked(key: str | None, where: str) -> str:
    """A key as it is. Raises RefusedError unless it is one."""
    if not key:
        raise RefusedError(400, f"the request has no key: {where} is missing")
    if not KEY.fullmatch(key):
        raise RefusedError(400, f"the key in {where} can't be one: allowed are {ALLOWED}")
    return key


def _found(event: Event, source: str, named: str) -> str | None:
    if source == "header":
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        return headers.get(named)
    if source == "query":
        return (event.get("queryStringParameters") or {}).get(named)
    if source == "claim":
        return claims(event).get(named)
    parts = [part for part in str(event.get("rawPath") or "").split("/") if part]
    return parts[int(named) - 1] if len(parts) >= int(named) else None


def claims(event: Event) -> Mapping[str, str]:
    """What the token says of whoever asks; nothing without one."""
    authorizer = (event.get("requestContext") or {}).get("authorizer") or {}
    found: Mapping[str, str] = (authorizer.get("jwt") or {}).get("claims") or {}
    return found


def at(address: str, event: Event) -> str:
    """The same path and query at another address. An HTTP API hands over the path decoded, and the query as it was sent."""
    path, query = str(event.get("rawPath") or "/"), str(event.get("rawQueryString") or "")
    return f"{address}/{quote(path.removeprefix('/'), safe=_KEPT)}{'?' if query else ''}{query}"

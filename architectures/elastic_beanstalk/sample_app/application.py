"""A web application as the simplest bundle has it: one callable, which the platform's server asks.

It keeps nothing: any instance of any region answers. What it says comes from its environment.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterable
from typing import Any

Start = Callable[[str, list[tuple[str, str]]], object]


def page() -> dict[str, Any]:
    """What it is there for."""
    return {"greeting": os.environ.get("GREETING", "Hello"), "region": os.environ.get("AWS_REGION")}


def answer(path: str) -> tuple[str, dict[str, Any]]:
    """Status and content for a path."""
    if path == "/":
        return "200 OK", page()
    if path == "/health":
        return "200 OK", {"status": "ok"}
    if path == "/health/deep":
        return "200 OK", {"status": "ok", "page": page()}
    return "404 Not Found", {"status": "not found"}


def application(environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
    """The WSGI callable, under the name that the Python platform looks for."""
    status, found = answer(str(environ.get("PATH_INFO", "/")))
    content = json.dumps(found).encode()
    start_response(
        status,
        [
            ("Content-Type", "application/json"),
            ("Content-Length", str(len(content))),
            ("Strict-Transport-Security", "max-age=31536000; includeSubDomains"),
        ],
    )
    return [content]

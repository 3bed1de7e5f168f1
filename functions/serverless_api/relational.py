"""How the system's relational database is: asked by its proxy, as its functions find it.

Environment: DATABASE_HOST, DATABASE_PORT, DATABASE_NAME, DATABASE_USER, and DATABASE_READER_HOST where there are readers; AWS_REGION.
"""

from __future__ import annotations

import os
from typing import Any

import boto3

from .answers import ONCE, Request, answer, routed
from .postgresql import DatabaseError, connected

SECONDS = 5.0
"""Longer than the proxy takes while it has a connection, shorter than the function's own time."""
STATE = "SELECT current_database(), pg_is_in_recovery()"


def token(host: str) -> str:
    """What the proxy takes for a password, for fifteen minutes: signed by the function's own role, with no call to AWS."""
    return str(
        boto3.client("rds", config=ONCE).generate_db_auth_token(
            DBHostname=host, Port=int(os.environ["DATABASE_PORT"]), DBUsername=os.environ["DATABASE_USER"]
        )
    )


def _asked(host: str) -> dict[str, Any]:
    """What the database behind a host says of itself, or why nothing is said."""
    try:
        with connected(
            host,
            int(os.environ["DATABASE_PORT"]),
            user=os.environ["DATABASE_USER"],
            database=os.environ["DATABASE_NAME"],
            password=lambda: token(host),
            seconds=SECONDS,
        ) as connection:
            [[name, follows]] = connection.query(STATE)
    except (DatabaseError, OSError) as error:
        return {"answers": False, "said": str(error)}
    return {"answers": True, "database": name, "writes": follows == "f"}


def state(_asked_for: Request, _context: Any) -> dict[str, Any]:
    """How it is here: 200 where it is written, 503 where it is only read, or not even that."""
    hosts = {"writer": os.environ["DATABASE_HOST"], "reader": os.environ.get("DATABASE_READER_HOST")}
    found = {name: _asked(host) for name, host in hosts.items() if host is not None}
    return answer(200 if found["writer"].get("writes") else 503, found)


ROUTES = {"GET /health/database": state}


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Answer a request of API Gateway."""
    return routed(ROUTES, event, context)

"""The groups of keys that systems with an API have."""

from __future__ import annotations

from typing import Annotated, Literal

from architectures.keys import Section, shaped
from architectures.parts.sections import Moved

_TABLE = r"arn:aws[a-z-]*:dynamodb:[a-z0-9-]+:\d{12}:table/[A-Za-z0-9_.-]{3,255}"


class Stays(Moved):
    """What moves the system to the other region: health checks, since nothing has to be started there."""

    by: Literal["none"] = "none"


class Table(Section):
    """The DynamoDB table, on demand."""

    recovery_days: int = 35
    """Point-in-time recovery reaches back so far."""
    restored: Annotated[str, shaped(_TABLE, "the ARN of a DynamoDB table")] | None = None
    """A table of this region that was restored: the functions use it instead. None: the system's own."""


class Authorizer(Section):
    """Who issues tokens, of which API Gateway checks signature, time and audience."""

    issuer: str
    """Its URL, as a Cognito user pool's."""
    audience: tuple[str, ...] = ()
    """Clients that a token may be for; a REST API, which doesn't ask, has none."""


class Throttling(Section):
    """What all clients together may ask; above it they are answered 429."""

    rate: float = 100
    """Requests a second."""
    burst: int = 200
    """Requests at one moment."""

"""What a request to a route of a REST API must have, and how many there may be."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.checks import each_once, need
from components.edge import json_schema, rest_paths
from components.edge.api_args import check_throttle

_NAME = re.compile(r"[A-Za-z0-9._$-]+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class RequestShape:
    """What a request must have; what hasn't is answered 400 and reaches no function.

    A body is looked at by its content type: one that says anything but application/json is not.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html
    """

    body: Mapping[str, Any] | None = None
    """JSON schema of draft 4. None: any body."""
    headers: Sequence[str] = ()
    query: Sequence[str] = ()
    """Parameters of the query."""

    def check(self, before: str) -> None:
        """Raise ArgumentError, for an argument that begins with `before`, on what API Gateway would refuse or not look at."""
        said = self.body is not None or bool(self.headers) or bool(self.query)
        need(said, before, "nothing", "a body, headers or a query that a request must have")
        if self.body is not None:
            json_schema.check(f"{before}.body", self.body)
        for key, names in (("headers", self.headers), ("query", self.query)):
            for each in names:
                fits = bool(_NAME.fullmatch(each))
                need(fits, f"{before}.{key}", repr(each), "letters, digits and . _ $ -, as API Gateway takes")
            # Headers are the same in small letters.
            each_once(f"{before}.{key}", [each.lower() if key == "headers" else each for each in names])


@dataclass(frozen=True, kw_only=True)
class Throttle:
    """What all clients together may ask of one route."""

    rate: float
    """Requests a second, up to the API's."""
    burst: int
    """Requests at one moment, up to the API's."""

    def check(self, before: str, route_key: str, whole: Throttle) -> None:
        """Raise ArgumentError, for an argument that begins with `before`, on limits that a route can't have within those of `whole`."""
        method = rest_paths.split(route_key)[0]
        allowed = "nothing for ANY method: each method has limits of its own"
        need(method != "ANY", before, "limits", allowed)
        check_throttle(f"{before}.", self.rate, self.burst)
        for key, mine, most in (("rate", self.rate, whole.rate), ("burst", self.burst, whole.burst)):
            need(mine <= most, f"{before}.{key}", f"{mine:g}", f"at most the API's own {most:g}")

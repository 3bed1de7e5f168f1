"""What the components of an API are given. The settings' checks look at the same."""

from __future__ import annotations

import math
from collections.abc import Mapping

from architectures.faults import PLACEHOLDER
from architectures.parts.api.sections import Authorizer, Throttling
from architectures.parts.arguments import PLACEHOLDER_TAGS
from components.edge import ApiRoute, HttpApiArgs, JwtAuthorizer, UrlTarget

TABLE_KEYS = {"recovery_days": "table.recoveryDays"}
"""Argument of the table that a setting decides -> key within the system."""
API_KEYS = {"rate": "throttling.rate", "burst": "throttling.burst"}
"""The same of the API, besides its routes and authorizers, which have their own."""


def authorizers(given: Mapping[str, Authorizer]) -> dict[str, JwtAuthorizer]:
    """Who issues tokens."""
    return {each: JwtAuthorizer(issuer=one.issuer, audience=one.audience) for each, one in given.items()}


def warm(provisioned: int, share: float | None) -> int:
    """Executions that are kept warm in a region that has that share of what serves."""
    return math.ceil(provisioned * (share or 0))


def placeholder_api(throttling: Throttling) -> HttpApiArgs:
    """An API's arguments for the checks of what doesn't belong to a route or an authorizer."""
    return HttpApiArgs(
        tags=PLACEHOLDER_TAGS,
        prefix=PLACEHOLDER,
        key_arn=PLACEHOLDER,
        actions=[PLACEHOLDER],
        routes={PLACEHOLDER: ApiRoute(route_key="GET /", to=PLACEHOLDER, auth="iam")},
        targets={PLACEHOLDER: UrlTarget(url="https://placeholder")},
        rate=throttling.rate,
        burst=throttling.burst,
    )

"""What a REST API needs beyond what every API does: the shape of requests, limits of single routes, who may ask it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.checks import need
from components.edge import rest_paths
from components.edge.api_args import API_SECONDS, ApiArgs, ApiRoute, JwtAuthorizer
from components.edge.rest_policy import Clients
from components.edge.rest_requests import RequestShape, Throttle

LONGEST_SECONDS = 300
"""The longest that an integration of a Regional API can be waited for, by a quota that AWS raises for an account, which may have to do
with fewer requests a second then. Grade D for the 300: AWS's page says that it is more than 29 and names no end.
https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html"""
POOL = re.compile(
    r"https://cognito-idp\.(?P<region>[a-z0-9-]+)\.amazonaws\.com/(?P<pool>(?P=region)_[A-Za-z0-9]+)",
    re.ASCII,
)
"""Issuer of a Cognito user pool's tokens."""


@dataclass(frozen=True, kw_only=True)
class RestRoute(ApiRoute):
    """One method of a path."""

    request: RequestShape | None = None
    """None: whatever comes."""
    throttle: Throttle | None = None
    """None: the API's own."""


@dataclass(frozen=True, kw_only=True)
class RestApiArgs(ApiArgs):
    """What a REST API needs."""

    routes: Mapping[str, RestRoute]
    logs_ready: pulumi.Input[str] | None = None
    """Known once the account lets API Gateway write logs. None: it does."""
    web_acl_arn: pulumi.Input[str] | None = None
    """A web ACL of this region, which looks at requests before all else. None: nothing does."""
    clients: Clients | None = None
    """None: no resource policy."""
    open_paths: Sequence[str] = ()
    """What is asked with GET from everywhere, as Route 53 does, whatever `clients` say."""
    seconds: int = API_SECONDS
    """How long an integration is waited for, 29 to 300; above 29 by a quota of the account."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that API Gateway would refuse."""
        super().check()
        check_seconds("seconds", self.seconds)
        rest_paths.check({each: route.route_key for each, route in self.routes.items()})
        whole = Throttle(rate=self.rate, burst=self.burst)
        for each, route in self.routes.items():
            if route.request is not None:
                route.request.check(f"routes[{each}].request")
            if route.throttle is not None:
                route.throttle.check(f"routes[{each}].throttle", route.route_key, whole)
        if self.clients is not None:
            self.clients.check(self.routes, self.open_paths)

    def _check_authorizer(self, each: str, given: JwtAuthorizer) -> None:
        check_pool(f"authorizers[{each}].", given)


def check_seconds(argument: str, seconds: int) -> None:
    """Raise ArgumentError for a time that no integration is waited for."""
    allowed = f"{API_SECONDS} to {LONGEST_SECONDS} s: above {API_SECONDS} by a quota that AWS raises for the account"
    need(API_SECONDS <= seconds <= LONGEST_SECONDS, argument, seconds, allowed)


def check_pool(before: str, given: JwtAuthorizer) -> None:
    """Raise ArgumentError, for an argument that begins with `before`, on who issues tokens that a REST API doesn't understand.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-integrate-with-cognito.html
    """
    allowed = (
        "a Cognito user pool's, https://cognito-idp.REGION.amazonaws.com/POOL, of a REST API: "
        "an HTTP API alone knows tokens of others"
    )
    need(bool(POOL.fullmatch(given.issuer)), f"{before}issuer", repr(given.issuer), allowed)
    allowed = (
        "none of a REST API: it takes tokens of any client of the user pool, and tells them apart by scopes"
    )
    need(not given.audience, f"{before}audience", repr(list(given.audience)), allowed)

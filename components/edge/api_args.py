"""What an API needs: its routes, who may use each, and where each leads."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.checks import at_least, between, each_once, need
from components.edge import checks
from components.logs import check_retention
from components.tags import Tags

API_SECONDS = 29
"""That an integration is waited for: a REST API's most unless AWS has raised it, and a second less than an HTTP API's.
https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html"""
ROUTES, AUTHORIZERS, SCOPES, AUDIENCES = 300, 10, 10, 50
RATE = (1, 10_000)
"""Requests a second: an account's own default in a region, https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html."""
BURST = (1, 5_000)
METHODS = ("ANY", "DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT")
_PATH = re.compile(r"/|(/([A-Za-z0-9._~:-]+|\{[A-Za-z0-9._-]+\}))*(/\{[A-Za-z0-9._-]+\+\})?/?", re.ASCII)
NONE, IAM = "none", "iam"
"""Who may use a route: everybody, who says so; whoever IAM lets, by a signed request; else whom an authorizer of that name knows."""


def check_route(argument: str, value: str) -> None:
    """Raise ArgumentError unless `value` is a method and a path, as API Gateway knows a route."""
    method, _, path = value.partition(" ")
    fits = method in METHODS and path.startswith("/") and bool(_PATH.fullmatch(path))
    words = f"a method ({', '.join(METHODS)}) and a path, such as GET /items/{{id}}, or ANY /{{proxy+}} for all that no other route takes"
    need(fits, argument, repr(value), words)


def check_throttle(before: str, rate: float, burst: int) -> None:
    """Raise ArgumentError unless API Gateway takes `rate` and `burst`, whose arguments begin with `before`."""
    between(f"{before}rate", rate, *RATE, "requests a second")
    between(f"{before}burst", burst, *BURST, "requests")
    allowed = f"{rate:g} (rate) or more: a second's requests may come at once"
    need(burst >= rate, f"{before}burst", burst, allowed)


@dataclass(frozen=True, kw_only=True)
class JwtAuthorizer:
    """Tokens of an issuer that API Gateway reads the keys of, as a Cognito user pool."""

    issuer: str
    """HTTPS URL, without a slash at its end: `https://cognito-idp.us-east-1.amazonaws.com/us-east-1_AbCdEfGhI`."""
    audience: Sequence[str]
    """Clients that a token may be for, 1 to 50."""


@dataclass(frozen=True, kw_only=True)
class FunctionTarget:
    """A function, by its alias."""

    invoke_arn: pulumi.Input[str]
    name: pulumi.Input[str]
    alias: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class UrlTarget:
    """Another HTTPS service; the request's path is added to its own."""

    url: str


@dataclass(frozen=True, kw_only=True)
class BalancerTarget:
    """A listener of a load balancer inside the VPC, reached by a VPC link."""

    listener_arn: pulumi.Input[str]
    server_name: str
    """Name on its certificate: API Gateway speaks TLS to it, and verifies that."""


Target = FunctionTarget | UrlTarget | BalancerTarget


@dataclass(frozen=True, kw_only=True)
class ApiRoute:
    """One route."""

    route_key: str
    """Method and path: `GET /items/{id}`."""
    to: str
    """Key of a target."""
    auth: str
    """`none`, `iam` or the key of an authorizer."""
    scopes: Sequence[str] = ()
    """Of which a token must have one; with an authorizer alone."""


@dataclass(frozen=True, kw_only=True)
class VpcReach:
    """From where a VPC link reaches load balancers, whose own groups let the VPC's network in."""

    vpc_id: pulumi.Input[str]
    cidr: str
    """The VPC's IPv4 network."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Private subnets by zone id, two zones or more."""


@dataclass(frozen=True, kw_only=True)
class ApiArgs:
    """What an API of either type needs."""

    tags: Tags
    prefix: str
    """Begins the physical name."""
    key_arn: pulumi.Input[str]
    """Customer key of the access log."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that the alarms notify; at least one."""
    routes: Mapping[str, ApiRoute]
    targets: Mapping[str, Target]
    authorizers: Mapping[str, JwtAuthorizer] = field(default_factory=dict)
    hosts: Sequence[str] = ()
    """Its names, each on the certificate. None: AWS's own name alone."""
    certificate_arn: pulumi.Input[str] | None = None
    """A validated certificate of this region, with `hosts`."""
    vpc: VpcReach | None = None
    """With a target inside the VPC."""
    rate: float = 100
    """Requests a second, of all clients, 1 to 10,000; what is above is answered 429."""
    burst: int = 200
    """Requests at one moment, 1 to 5,000."""
    error_percent: float = 5
    latency_seconds: float = 2
    """99th percentile above which somebody is told."""
    log_days: int = 90

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that API Gateway would refuse."""
        at_least("actions", self.actions, 1, "an alarm that notifies nobody is none")
        between("routes", len(self.routes), 1, ROUTES, "routes")
        between("authorizers", len(self.authorizers), 0, AUTHORIZERS, "authorizers")
        check_throttle("", self.rate, self.burst)
        check_retention("log_days", self.log_days)
        for each, authorizer in self.authorizers.items():
            self._check_authorizer(each, authorizer)
        for each, target in self.targets.items():
            if isinstance(target, UrlTarget):
                need(
                    target.url.startswith("https://"),
                    f"targets[{each}].url",
                    repr(target.url),
                    "an https URL",
                )
        inside = sorted(each for each, target in self.targets.items() if isinstance(target, BalancerTarget))
        need(not inside or self.vpc is not None, "vpc", "None", f"a VPC with {', '.join(inside)}")
        for host in self.hosts:
            checks.domain("hosts", host)
        certified = not self.hosts or self.certificate_arn is not None
        need(certified, "certificate_arn", "None", "a certificate with hosts")
        self._check_routes()

    def _check_authorizer(self, each: str, given: JwtAuthorizer) -> None:
        fits = given.issuer.startswith("https://") and not given.issuer.endswith("/")
        need(
            fits,
            f"authorizers[{each}].issuer",
            repr(given.issuer),
            "an https URL without a slash at its end",
        )
        between(f"authorizers[{each}].audience", len(given.audience), 1, AUDIENCES, "clients")

    def _check_routes(self) -> None:
        for each, route in self.routes.items():
            check_route(f"routes[{each}].route_key", route.route_key)
            need(
                route.to in self.targets,
                f"routes[{each}].to",
                repr(route.to),
                f"one of {', '.join(sorted(self.targets))}",
            )
            known = [IAM, NONE, *sorted(self.authorizers)]
            need(route.auth in known, f"routes[{each}].auth", repr(route.auth), f"one of {', '.join(known)}")
            allowed = "none but with an authorizer of tokens, which have them"
            need(
                route.auth in self.authorizers or not route.scopes,
                f"routes[{each}].scopes",
                repr(list(route.scopes)),
                allowed,
            )
            between(f"routes[{each}].scopes", len(route.scopes), 0, SCOPES, "scopes")
        each_once("routes", [route.route_key for route in self.routes.values()])


@dataclass(frozen=True, kw_only=True)
class HttpApiArgs(ApiArgs):
    """What an HTTP API needs."""

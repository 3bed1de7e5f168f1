"""The resource policy of a REST API: from which networks it may be asked, and which other accounts may sign requests.

It knows addresses of clients and, where a request is signed, its principal. It knows no country, and no VPC: those keys are for private
APIs alone. https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-resource-policies-aws-condition-keys.html
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from components.checks import each_once, need
from components.edge.api_args import IAM, ApiRoute
from components.edge.rest_paths import split

STAGE = "live"
"""The one stage that an API has."""
MOST_CHARACTERS = 8192
"""https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-execution-service-limits-table.html"""
_LONG = "arn:aws:execute-api:ap-southeast-1:123456789012:abcdefghij"
"""An execution ARN, for the length of a policy."""
_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_VARIES = re.compile(r"\{[^}]*\}")


def pattern(route_key: str) -> str:
    """A route as the ARN of its requests ends, where * stands for anything, slashes too."""
    method, path = split(route_key)
    return f"{'*' if method == 'ANY' else method}{_VARIES.sub('*', path)}"


def covers(routes: Mapping[str, ApiRoute], route_key: str) -> str | None:
    """A route that is for others than IAM's principals, and whose pattern has a request that this one has too; None: there is none."""
    mine = pattern(route_key)
    found = (
        each
        for each, route in sorted(routes.items())
        if route.auth != IAM and overlap(pattern(route.route_key), mine)
    )
    return next(found, None)


def overlap(one: str, other: str) -> bool:
    """Whether two patterns have a text in common."""
    todo, seen = [(0, 0)], {(0, 0)}
    while todo:
        i, j = todo.pop()
        if (i, j) == (len(one), len(other)):
            return True
        here, there = one[i : i + 1], other[j : j + 1]
        # A star ends, or takes what the other one has next; letters are the same.
        steps = {(i + 1, j)} if here == "*" else set()
        steps |= {(i, j + 1)} if there == "*" else set()
        steps |= {(i, j + 1)} if here == "*" and there else set()
        steps |= {(i + 1, j)} if there == "*" and here else set()
        steps |= {(i + 1, j + 1)} if here and here == there else set()
        todo += steps - seen
        seen |= steps
    return False


@dataclass(frozen=True, kw_only=True)
class Clients:
    """From where a REST API may be asked, by its resource policy, whoever asks."""

    networks: Sequence[str] = ()
    """IPv4 and IPv6 networks of clients' addresses. None: from everywhere."""
    accounts: Sequence[str] = ()
    """Other accounts whose principals may use routes with `iam`, as far as their own IAM lets them too."""

    def check(self, routes: Mapping[str, ApiRoute], open_paths: Sequence[str]) -> None:
        """Raise ArgumentError, for `clients` or the `route_key` of a route, on what no policy can say, or would say too much."""
        said = bool(self.networks) or bool(self.accounts)
        need(said, "clients", "nothing", "networks or accounts from which the API may be asked")
        for each in self.networks:
            allowed = "an IPv4 or IPv6 network, such as 203.0.113.0/24"
            need(_is_network(each), "clients.networks", repr(each), allowed)
        for each in self.accounts:
            need(bool(_ACCOUNT.fullmatch(each)), "clients.accounts", repr(each), "an account's twelve digits")
        signed = any(route.auth == IAM for route in routes.values())
        allowed = f"none without a route with {IAM}"
        need(signed or not self.accounts, "clients.accounts", repr(list(self.accounts)), allowed)
        each_once("clients.networks", [*self.networks])
        each_once("clients.accounts", [*self.accounts])
        for each, route in routes.items():
            other = covers(routes, route.route_key) if route.auth == IAM else None
            allowed = f"a path that {other}'s pattern in the resource policy doesn't cover: other accounts could use it"
            need(other is None, f"routes[{each}].route_key", repr(route.route_key), allowed)
        length = len(document(_LONG, routes, self, open_paths))
        allowed = f"at most {MOST_CHARACTERS} characters of policy: fewer networks, or routes"
        need(length <= MOST_CHARACTERS, "clients", length, allowed)


def _is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return "/" in text


def document(
    execution_arn: str,
    routes: Mapping[str, ApiRoute],
    clients: Clients,
    open_paths: Sequence[str],
) -> str:
    """The policy, as JSON.

    A request that carries no signature needs an explicit allow, which is bound to the networks but for `open_paths`. A signed one of the
    API's own account is let in by IAM alone, so there the networks are a deny; one of another account needs both.
    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html
    """
    asked = {f"GET {path}" for path in open_paths}
    patterns: dict[str, list[str]] = {"open": [], "bound": [], "signed": []}
    for _, route in sorted(routes.items()):
        kind = "signed" if route.auth == IAM else "open" if route.route_key in asked else "bound"
        patterns[kind].append(f"{execution_arn}/{STAGE}/{pattern(route.route_key)}")
    networks, accounts = [*clients.networks], clients.accounts
    within = {"Condition": {"IpAddress": {"aws:SourceIp": networks}}} if networks else {}
    without = {"Condition": {"NotIpAddress": {"aws:SourceIp": networks}}}
    told = {"AWS": [f"arn:aws:iam::{each}:root" for each in accounts]}
    statements: list[dict[str, Any] | None] = [
        _statement("Allow", "*", patterns["open"], {}),
        _statement("Allow", "*", patterns["bound"], within),
        _statement("Deny", "*", patterns["signed"], without) if networks else None,
        _statement("Allow", told, patterns["signed"], {}) if accounts else None,
    ]
    return json.dumps({"Version": "2012-10-17", "Statement": [each for each in statements if each]})


def _statement(
    effect: str, principal: Any, resources: Sequence[str], more: Mapping[str, Any]
) -> dict[str, Any] | None:
    """None where it would be about nothing."""
    if not resources:
        return None
    return {
        "Effect": effect,
        "Principal": principal,
        "Action": "execute-api:Invoke",
        "Resource": [*resources],
        **more,
    }

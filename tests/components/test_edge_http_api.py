"""What an HTTP API refuses before anything is registered; what it registers is tested with the kind that has one."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from components.checks import ArgumentError
from components.edge import ApiRoute, BalancerTarget, HttpApiArgs, JwtAuthorizer, UrlTarget
from components.tags import Tags

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
USERS = JwtAuthorizer(issuer="https://issuer.example", audience=["a"])
ARGS = HttpApiArgs(
    tags=TAGS,
    prefix="shop-prod-api",
    key_arn="key",
    actions=["topic"],
    routes={"read": ApiRoute(route_key="GET /items/{id}", to="old", auth="users", scopes=["read"])},
    targets={"old": UrlTarget(url="https://old.example")},
    authorizers={"users": USERS},
)


def route(**changes: Any) -> dict[str, ApiRoute]:
    return {"read": dataclasses.replace(ARGS.routes["read"], **changes)}


@pytest.mark.parametrize(
    "key", ["GET /", "ANY /{proxy+}", "POST /a/{b}/c", "PUT /a.b/~c-d_e:f", "DELETE /a/"]
)
def test_a_route_is_a_method_and_a_path(key: str) -> None:
    dataclasses.replace(ARGS, routes=route(route_key=key)).check()


@pytest.mark.parametrize(
    "key", ["GET", "get /", "GET items", "GET /{a+}/b", "GET /a b", "GET //", "$default", "GET /{}", ""]
)
def test_anything_else_is_none(key: str) -> None:
    with pytest.raises(ArgumentError, match=r"^routes\[read\]\.route_key: got '.*', allowed is a method "):
        dataclasses.replace(ARGS, routes=route(route_key=key)).check()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"actions": []}, "actions: got [], allowed is 1 or more: an alarm that notifies nobody is none"),
        ({"routes": {}}, "routes: got 0, allowed is 1 to 300 routes"),
        (
            {"authorizers": {f"a{each}": USERS for each in range(11)}},
            "authorizers: got 11, allowed is 0 to 10 authorizers",
        ),
        ({"rate": 0.5}, "rate: got 0.5, allowed is 1 to 10000 requests a second"),
        ({"burst": 5001}, "burst: got 5001, allowed is 1 to 5000 requests"),
        ({"burst": 99}, "burst: got 99, allowed is 100 (rate) or more: a second's requests may come at once"),
        ({"log_days": 2}, "log_days: got 2, allowed is one of 1, 3, 5"),
        (
            {"hosts": ["api"]},
            "hosts: got 'api', allowed is a lower-case domain name, such as shop.example.com",
        ),
        ({"hosts": ["api.example.com"]}, "certificate_arn: got None, allowed is a certificate with hosts"),
        (
            {"targets": {"old": UrlTarget(url="http://old.example")}},
            "targets[old].url: got 'http://old.example', allowed is an https URL",
        ),
        (
            {"targets": {"old": BalancerTarget(listener_arn="l", server_name="s")}},
            "vpc: got None, allowed is a VPC with old",
        ),
        ({"routes": route(to="new")}, "routes[read].to: got 'new', allowed is one of old"),
        (
            {"routes": route(auth="staff")},
            "routes[read].auth: got 'staff', allowed is one of iam, none, users",
        ),
        (
            {"routes": route(auth="iam")},
            "routes[read].scopes: got ['read'], allowed is none but with an authorizer of tokens, which have them",
        ),
        (
            {"routes": {**route(), "again": ARGS.routes["read"]}},
            "routes: got GET /items/{id} more than once, allowed is each once",
        ),
        (
            {"authorizers": {"users": JwtAuthorizer(issuer="http://issuer.example", audience=["a"])}},
            "authorizers[users].issuer: got 'http://issuer.example', allowed is an https URL without a slash at its end",
        ),
        (
            {"authorizers": {"users": JwtAuthorizer(issuer="https://issuer.example", audience=[])}},
            "authorizers[users].audience: got 0, allowed is 1 to 50 clients",
        ),
    ],
)
def test_what_can_not_be_is_said(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError) as told:
        dataclasses.replace(ARGS, **changes).check()
    assert str(told.value).startswith(said)

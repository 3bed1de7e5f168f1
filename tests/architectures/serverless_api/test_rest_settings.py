"""The keys of a REST API: what is refused, in one line each, and what an HTTP API has none of."""

from __future__ import annotations

from typing import Any

import pytest

from tests.architectures.serverless_api.conftest import configured as http
from tests.architectures.serverless_api.rest_example import configured
from tests.test_settings import load, refusals

CLAIMS, ORDERS = "holdfast:systems.claims", "holdfast:systems.orders"
POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Kl6Mn7Op8"
ONLY = "nothing but with api.type rest"
LISTENER = (
    "arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/old/50dc6c495c0c9188/f2f7dc8efc522ab2"
)


def test_the_example_is_taken() -> None:
    for stack in ("prod", "dr"):
        load(configured(stack))


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"api": {"type": "soap"}},
            "api.type: got 'soap', allowed is 'http' or 'rest'",
        ),
        (
            {"api": {"timeoutSeconds": 28}},
            "api.timeoutSeconds: got 28, allowed is 29 to 300 s: above 29 by a quota that AWS raises for the account",
        ),
        ({"api": {"timeoutSeconds": 301}}, "api.timeoutSeconds: got 301, allowed is 29 to 300 s"),
        (
            {"functions": {"items": {"timeoutSeconds": 30}}},
            "functions.items.timeoutSeconds: got 30, allowed is at most 29 beside a route",
        ),
        (
            {"api": {"timeoutSeconds": 60}, "functions": {"items": {"timeoutSeconds": 61}}},
            "functions.items.timeoutSeconds: got 61, allowed is at most 60 beside a route",
        ),
        (
            {"api": {"clients": {}}},
            "api.clients: got nothing, allowed is networks or accounts from which the API may be asked",
        ),
        (
            {"api": {"clients": {"networks": ["198.51.100.1"]}}},
            "api.clients.networks: got '198.51.100.1', allowed is an IPv4 or IPv6 network, such as 203.0.113.0/24",
        ),
        (
            {"api": {"clients": {"networks": ["198.51.100.1/24"]}}},
            "api.clients.networks: got '198.51.100.1/24', allowed is an IPv4 or IPv6 network",
        ),
        (
            {"api": {"clients": {"networks": ["198.51.100.0/24"] * 2}}},
            "api.clients.networks: got 198.51.100.0/24 more than once, allowed is each once",
        ),
        (
            {"api": {"clients": {"networks": [f"10.{each}.0.0/16" for each in range(256)]}}},
            "api.clients: got ",
        ),
        (
            {"api": {"clients": {"accounts": ["12345"]}}},
            "api.clients.accounts: got '12345', allowed is an account's twelve digits",
        ),
        (
            {
                "api": {"clients": {"accounts": ["210987654321"]}},
                "routes": {"remove": {"auth": "adjusters"}},
            },
            "api.clients.accounts: got ['210987654321'], allowed is none without a route with iam",
        ),
        (
            {
                "routes": {
                    "all": {"routeKey": "ANY /{proxy+}", "url": "https://a.example", "auth": "adjusters"}
                }
            },
            (
                "routes.remove.routeKey: got 'DELETE /items/{id}', allowed is a path that all's pattern in the resource policy "
                "doesn't cover: other accounts could use it"
            ),
        ),
        (
            {"authorizers": {"adjusters": {"issuer": "https://issuer.example"}}},
            (
                "authorizers.adjusters.issuer: got 'https://issuer.example', allowed is a Cognito user pool's, "
                "https://cognito-idp.REGION.amazonaws.com/POOL, of a REST API: an HTTP API alone knows tokens of others"
            ),
        ),
        (
            {"authorizers": {"adjusters": {"issuer": POOL.replace("/us-east-1_", "/eu-west-1_")}}},
            "authorizers.adjusters.issuer: got ",
        ),
        (
            {"authorizers": {"adjusters": {"audience": ["a"]}}},
            (
                "authorizers.adjusters.audience: got ['a'], allowed is none of a REST API: it takes tokens of any client of the user pool, and "
                "tells them apart by scopes"
            ),
        ),
        (
            {
                "api": {"clients": None},
                "routes": {"create": {"routeKey": "ANY /all", "throttling": {"rate": 5, "burst": 9}}},
            },
            "routes.create.throttling: got limits, allowed is nothing for ANY method: each method has limits of its own",
        ),
        (
            {"authorizers": {"iam": {"issuer": POOL}}},
            "authorizers.iam: got 'iam', allowed is a name that is neither iam nor none",
        ),
    ],
)
def test_an_api_that_can_not_be_is_one_line(changes: dict[str, Any], line: str) -> None:
    (told,) = refusals(configured("prod", **changes))
    assert told.startswith(f"{CLAIMS}.{line}")


@pytest.mark.parametrize(
    ("route", "keys", "line"),
    [
        (
            "read",
            {"routeKey": "GET /items/{claim}"},
            "routeKey: got 'DELETE /items/{id}', allowed is {claim} there as in another route: a REST API has one part that varies below a path",
        ),
        (
            "read",
            {"routeKey": "GET /items/~mine"},
            "routeKey: got 'GET /items/~mine', allowed is a path of letters, digits and . _ : - for a REST API, not '~mine'",
        ),
        (
            "read",
            {"routeKey": "GET /mine/"},
            "routeKey: got 'GET /mine/', allowed is a path that doesn't end with /",
        ),
        ("read", {"routeKey": "GET mine"}, "routeKey: got 'GET mine', allowed is a method "),
        (
            "create",
            {"request": {}},
            "request: got nothing, allowed is a body, headers or a query that a request must have",
        ),
        (
            "create",
            {"request": {"headers": ["A B"]}},
            "request.headers: got 'A B', allowed is letters, digits and . _ $ -, as API Gateway takes",
        ),
        (
            "create",
            {"request": {"headers": ["A", "a"]}},
            "request.headers: got a more than once, allowed is each once",
        ),
        (
            "create",
            {"request": {"query": ["a", "a"]}},
            "request.query: got a more than once, allowed is each once",
        ),
        (
            "create",
            {"request": {"body": {"properties": {"a": {"$ref": "b"}}}}},
            "request.body: got 'properties.a.$ref', allowed is words of JSON schema draft 4 alone, without references",
        ),
        (
            "create",
            {"throttling": {"rate": 0, "burst": 5}},
            "throttling.rate: got 0.0, allowed is 1 to 10000 requests a second",
        ),
        (
            "create",
            {"throttling": {"rate": 101, "burst": 150}},
            "throttling.rate: got 101, allowed is at most the API's own 100",
        ),
        (
            "create",
            {"throttling": {"rate": 50, "burst": 201}},
            "throttling.burst: got 201, allowed is at most the API's own 200",
        ),
        (
            "create",
            {"throttling": {"rate": 50, "burst": 49}},
            "throttling.burst: got 49, allowed is 50 (rate) or more: a second's requests may come at once",
        ),
    ],
)
def test_a_route_that_can_not_be_is_one_line(route: str, keys: dict[str, Any], line: str) -> None:
    (told,) = refusals(configured("prod", routes={route: keys}))
    other = "remove" if "{claim}" in line else route
    assert told.startswith(f"{CLAIMS}.routes.{other}.{line}")


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        (
            {"api": {"type": "http", "timeoutSeconds": 29}},
            f"api.timeoutSeconds: got a value, allowed is {ONLY}",
        ),
        (
            {"api": {"type": "http", "clients": {"networks": ["198.51.100.0/24"]}}},
            f"api.clients: got a value, allowed is {ONLY}",
        ),
        (
            {"routes": {"create": {"request": {"headers": ["A"]}}}},
            f"routes.create.request: got a shape, allowed is {ONLY}",
        ),
        (
            {"routes": {"create": {"throttling": {"rate": 1, "burst": 1}}}},
            f"routes.create.throttling: got limits, allowed is {ONLY}",
        ),
    ],
)
def test_what_an_http_api_has_not_is_one_line(changes: dict[str, Any], line: str) -> None:
    (told,) = refusals(http("prod", **changes))
    assert told == f"{ORDERS}.{line}"


def test_an_http_api_may_say_that_it_is_one() -> None:
    said = load(http("prod", api={"type": "http"})).agreement().systems["orders"]
    assert said == load(http("prod")).agreement().systems["orders"]
    assert "api.type" not in said


def test_a_load_balancer_is_of_the_stacks_region() -> None:
    wrong = LISTENER.replace("us-east-1", "eu-west-1")
    prices = {"url": None, "listener": wrong, "serverName": "old.holdfast.example"}
    (told,) = refusals(configured("prod", routes={"tariffs": prices}))
    assert told == f"{CLAIMS}.routes.tariffs.listener: got '{wrong}', allowed is a listener of us-east-1"


def test_a_region_lets_rest_apis_write_logs_where_one_stands() -> None:
    def let(config: dict[str, Any]) -> bool:
        return load(config).foundation(None).rest_logs

    assert let(configured("prod"))
    assert not let(http("prod"))
    empty = {**configured("dr"), "holdfast:strategy": "backup-and-restore"}
    assert not let(empty), "nothing stands there until it is rebuilt"

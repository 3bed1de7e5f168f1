"""What a REST API refuses before anything is registered, and the rules behind that; what it registers is tested with the kind that has one."""

from __future__ import annotations

import dataclasses
import fnmatch
import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.checks import ArgumentError
from components.edge import (
    Clients,
    JwtAuthorizer,
    RequestShape,
    RestApiArgs,
    RestRoute,
    Throttle,
    UrlTarget,
    json_schema,
    rest_paths,
)
from components.edge.rest_methods import balancer_of
from components.edge.rest_policy import document, overlap, pattern
from components.tags import Tags

TAGS = Tags(
    environment="prod", system="shop", owner="team-a", cost_center="42", dr_tier=1, rto_hours=1, rpo_minutes=5
)
POOL = "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_Kl6Mn7Op8"
ARGS = RestApiArgs(
    tags=TAGS,
    prefix="shop-prod-api",
    key_arn="key",
    actions=["topic"],
    routes={"read": RestRoute(route_key="GET /items/{id}", to="old", auth="users", scopes=["read"])},
    targets={"old": UrlTarget(url="https://old.example")},
    authorizers={"users": JwtAuthorizer(issuer=POOL, audience=[])},
)


def route(**changes: Any) -> dict[str, RestRoute]:
    return {"read": dataclasses.replace(ARGS.routes["read"], **changes)}


def test_what_fits_is_taken() -> None:
    ARGS.check()
    shape = RequestShape(body={"type": "object"}, headers=["A"], query=["b"])
    dataclasses.replace(
        ARGS,
        routes=route(request=shape, throttle=Throttle(rate=1, burst=2)),
        clients=Clients(networks=["2001:db8::/32"]),
        seconds=300,
    ).check()


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"seconds": 301}, "seconds: got 301, allowed is 29 to 300 s: above 29 by a quota"),
        ({"rate": 0.5}, "rate: got 0.5, allowed is 1 to 10000 requests a second"),
        (
            {"routes": route(route_key="GET /items/~")},
            "routes[read].route_key: got 'GET /items/~', allowed is a path of letters",
        ),
        ({"routes": route(request=RequestShape())}, "routes[read].request: got nothing, allowed is a body"),
        (
            {"routes": route(throttle=Throttle(rate=101, burst=101))},
            "routes[read].throttle.rate: got 101, allowed is at most the API's own 100",
        ),
        (
            {"clients": Clients(networks=["all"])},
            "clients.networks: got 'all', allowed is an IPv4 or IPv6 network",
        ),
        (
            {"authorizers": {"users": JwtAuthorizer(issuer="https://issuer.example", audience=[])}},
            "authorizers[users].issuer: got 'https://issuer.example', allowed is a Cognito user pool's",
        ),
        (
            {"authorizers": {"users": JwtAuthorizer(issuer=POOL, audience=["a"])}},
            "authorizers[users].audience: got ['a'], allowed is none of a REST API",
        ),
    ],
)
def test_what_can_not_be_is_said(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError) as told:
        dataclasses.replace(ARGS, **changes).check()
    assert str(told.value).startswith(said)


def test_all_paths_count_those_too_that_only_lead_to_others() -> None:
    many = {f"r{each}": f"GET /p{each}/a" for each in range(151)}
    with pytest.raises(ArgumentError, match=r"^routes: got 302 paths, allowed is at most 300"):
        rest_paths.check(many)
    rest_paths.check(dict(list(many.items())[:150]))
    rest_paths.check({"root": "GET /"})


SEGMENTS = st.lists(st.sampled_from(["a", "b", "{x}"]), max_size=3)
PATHS = SEGMENTS.map(lambda parts: "/" + "/".join(parts))


@given(st.lists(PATHS, max_size=6))
def test_a_tree_has_every_parent_once_and_before_its_children(paths: list[str]) -> None:
    found = rest_paths.tree(paths)
    assert len(set(found)) == len(found)
    assert set(paths) - {"/"} <= set(found)
    for i, path in enumerate(found):
        assert rest_paths.parent(path) in ["/", *found[:i]]


PATTERNS = st.text("ab/*", max_size=6)


@given(PATTERNS, PATTERNS)
def test_two_patterns_overlap_where_one_text_fits_both(one: str, other: str) -> None:
    texts = ("".join(each) for n in range(6) for each in itertools.product("ab/", repeat=n))
    witness = any(fnmatch.fnmatchcase(text, one) and fnmatch.fnmatchcase(text, other) for text in texts)
    # A text that fits both need not be longer than the letters of both.
    if len(one.replace("*", "")) + len(other.replace("*", "")) <= 5:
        assert overlap(one, other) is witness
    else:
        assert overlap(one, other) or not witness
    assert overlap(one, other) == overlap(other, one)


METHODS, AUTHS = st.sampled_from(["GET", "POST", "ANY"]), st.sampled_from(["iam", "none", "users"])
ROUTES = st.dictionaries(
    st.sampled_from("abcdef"),
    st.builds(
        lambda method, path, auth: RestRoute(route_key=f"{method} {path}", to="old", auth=auth),
        METHODS,
        PATHS,
        AUTHS,
    ),
    min_size=1,
)


def _asked(policy: str, request: str, address: str) -> tuple[bool, bool]:
    """Whether anybody's request from that address is allowed, and whether it is denied, by the policy alone."""
    found = {"Allow": False, "Deny": False}
    for each in json.loads(policy)["Statement"]:
        if each["Principal"] != "*" or not any(
            fnmatch.fnmatchcase(f"arn/live/{request}", a) for a in each["Resource"]
        ):
            continue
        here = address == "inside"
        condition = each.get("Condition", {})
        if ("IpAddress" in condition and not here) or ("NotIpAddress" in condition and here):
            continue
        found[each["Effect"]] = True
    return found["Allow"], found["Deny"]


@given(ROUTES)
def test_a_policy_that_is_taken_opens_no_route_of_iams_and_lets_the_others_in_from_inside(
    routes: dict[str, RestRoute],
) -> None:
    clients = Clients(networks=["198.51.100.0/24"])
    try:
        clients.check(routes, ["/a"])
    except ArgumentError as error:
        assert "pattern in the resource policy" in error.allowed  # noqa: PT017  any other refusal is a mistake here
        return
    policy = document("arn", routes, clients, ["/a"])
    for each in routes.values():
        request = pattern(each.route_key).replace("*/", "GET/", 1).replace("*", "z")
        inside, outside = _asked(policy, request, "inside"), _asked(policy, request, "outside")
        if each.auth == "iam":
            assert not inside[0], "its own account is let in by IAM alone"
            assert (inside[1], outside[1]) == (False, True)
        else:
            assert inside == (True, False)
            assert outside[0] is False or request == "GET/a"
    health = RestRoute(route_key="GET /a", to="old", auth="none")
    if routes.get("a") == health:
        assert _asked(policy, "GET/a", "outside")[0]


SCHEMAS = [
    ({}, "got nothing, allowed is a JSON schema"),
    ({"type": "text"}, "got type 'text', allowed is one or more of array, boolean"),
    ({"type": ["string", "null"]}, None),
    ({"required": True}, "got required True, allowed is a list of names there"),
    ({"required": []}, "got required [], allowed is a list of names there"),
    ({"properties": {"a": "string"}}, "got properties {'a': 'string'}, allowed is schemas by name there"),
    (
        {"properties": {"a": {"exclusiveMinimum": 3}}},
        "got properties.a.exclusiveMinimum 3, allowed is true or false",
    ),
    ({"items": [{"const": 1}]}, "got 'items.const', allowed is words of JSON schema draft 4 alone"),
    (
        {"additionalProperties": {"maxLength": -1}},
        "got additionalProperties.maxLength -1, allowed is a whole number",
    ),
    ({"anyOf": []}, "got anyOf [], allowed is a list of schemas"),
    ({"multipleOf": 0}, "got multipleOf 0, allowed is a number above 0"),
    ({"title": "x" * 409_600}, "got 4096"),
    ({"allOf": [{"not": {"enum": [1]}}], "additionalItems": False, "default": None}, None),
]


@pytest.mark.parametrize(("schema", "said"), SCHEMAS, ids=[str(each)[:40] for each, _ in SCHEMAS])
def test_a_schema_is_one_of_draft_4(schema: dict[str, Any], said: str | None) -> None:
    if said is None:
        json_schema.check("body", schema)
        assert json.loads(json_schema.written(schema)) == {"$schema": json_schema.DRAFT, **schema}
        return
    with pytest.raises(ArgumentError) as told:
        json_schema.check("body", schema)
    assert str(told.value).startswith(f"body: {said}")


def test_a_listener_is_known_by_its_load_balancer() -> None:
    begin = "arn:aws:elasticloadbalancing:us-east-1:123456789012"
    assert balancer_of(f"{begin}:listener/net/a/1/2") == f"{begin}:loadbalancer/net/a/1"

"""A REST API's deployment: made anew by every change of what it copies, and by nothing else."""

from __future__ import annotations

import dataclasses
from functools import partial
from typing import Any

import pytest

from components.edge import (
    Clients,
    FunctionTarget,
    JwtAuthorizer,
    RequestShape,
    RestApi,
    RestApiArgs,
    RestRoute,
    Throttle,
    UrlTarget,
)
from tests.components.test_edge_rest_api import ARGS, POOL
from tests.pulumi_mocks import _Answers, deploy

SHAPE = RequestShape(body={"type": "object"}, headers=["A"], query=["b"])
READ = dataclasses.replace(ARGS.routes["read"], request=SHAPE)
WHOLE = dataclasses.replace(ARGS, routes={"read": READ}, clients=Clients(networks=["198.51.100.0/24"]))


def copied(args: RestApiArgs) -> str:
    run = deploy(lambda: RestApi("api", args) and None)
    return str(run.one("aws:apigateway/deployment:Deployment").inputs["triggers"]["copied"])


@pytest.fixture(scope="module")
def before() -> str:
    return copied(WHOLE)


def read(**changes: Any) -> dict[str, Any]:
    return {"routes": {"read": dataclasses.replace(READ, **changes)}}


@pytest.mark.parametrize(
    "changes",
    [
        read(route_key="PUT /items/{id}"),
        read(route_key="GET /items/{key}"),
        read(auth="none", scopes=[]),
        read(scopes=["read", "write"]),
        read(request=None),
        read(request=dataclasses.replace(SHAPE, body={"type": "array"})),
        read(request=dataclasses.replace(SHAPE, headers=["B"])),
        read(request=dataclasses.replace(SHAPE, query=[])),
        {"routes": {"read": READ, "more": RestRoute(route_key="GET /more", to="old", auth="none")}},
        {"targets": {"old": UrlTarget(url="https://other.example")}},
        {"targets": {"old": FunctionTarget(invoke_arn="arn:invoke", name="f", alias="live")}},
        {"authorizers": {"users": JwtAuthorizer(issuer=f"{POOL}9", audience=[])}},
        {"seconds": 30},
        {"clients": None},
        {"clients": Clients(networks=["203.0.113.0/24"])},
        {"open_paths": ["/items/{id}"]},
    ],
    ids=lambda changes: str(changes)[:60],
)
def test_what_it_copies_makes_it_anew(before: str, changes: dict[str, Any]) -> None:
    assert copied(dataclasses.replace(WHOLE, **changes)) != before


def test_a_routes_key_counts_where_nothing_else_tells_of_it() -> None:
    function = {"old": FunctionTarget(invoke_arn="arn:invoke", name="f", alias="live")}
    alone = dataclasses.replace(WHOLE, clients=None, targets=function)
    other = dataclasses.replace(alone, **read(route_key="GET /items/{key}"))
    assert copied(alone) != copied(other)


def test_a_part_that_varies_keeps_its_resource_under_another_name() -> None:
    def parts(args: RestApiArgs) -> dict[str, str]:
        run = deploy(lambda: RestApi("api", args) and None)
        return {each.name: each.inputs["pathPart"] for each in run.all("aws:apigateway/resource:Resource")}

    assert parts(WHOLE) == {"api-items": "items", "api-items/()": "{id}"}
    changed = dataclasses.replace(WHOLE, **read(route_key="GET /items/{rest+}"))
    assert parts(changed) == {"api-items": "items", "api-items/()": "{rest+}"}


@pytest.mark.parametrize(
    "changes",
    [read(throttle=Throttle(rate=1, burst=1)), {"rate": 50}, {"log_days": 30}, {"web_acl_arn": "acl"}, {}],
    ids=str,
)
def test_what_the_stage_has_does_not(before: str, changes: dict[str, Any]) -> None:
    assert copied(dataclasses.replace(WHOLE, **changes)) == before


def test_a_plan_that_changes_nothing_makes_none(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plan knows of a resource that stays what AWS has told of it; all else of it counts as not known yet."""
    answer = _Answers.new_resource

    def told(self: _Answers, args: Any) -> Any:
        self.preview = False
        return answer(self, args)

    monkeypatch.setattr(_Answers, "new_resource", told)
    bare = dataclasses.replace(WHOLE, **read(auth="none", scopes=[], request=None))
    for args in (WHOLE, bare):
        plan = deploy(partial(lambda args: RestApi("api", args) and None, args), preview=True)
        planned = plan.one("aws:apigateway/deployment:Deployment").inputs["triggers"]["copied"]
        assert planned == copied(args)

"""The router against the sandbox's AWS, as API Gateway invokes it."""

from __future__ import annotations

import json
from typing import Any

import boto3
import pytest

from functions.cells import router
from functions.cells.configuration import configuration
from tests.sandbox.emptied import emptied

CELLS = {name: {"address": f"https://{name}.example", "state": "takes"} for name in ("east", "west", "north")}
PLACE = {"pk": "acme", "epoch": 4, "phase": "settled"}


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "dynamodb")


@pytest.fixture
def table(boto: Any, in_lambda: Any) -> Any:
    boto("dynamodb").create_table(
        TableName="places",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )
    told = {"TABLE": "places", "KEY": '{"header": "X-Tenant"}', "PINS": "true", "RETRY_SECONDS": "5"}
    for name, value in {**told, "CELLS": json.dumps(CELLS)}.items():
        in_lambda(name, value)
    configuration.cache_clear()
    yield boto3.resource("dynamodb").Table("places")
    configuration.cache_clear()


@pytest.fixture
def told(in_lambda: Any, table: Any) -> Any:
    """`told(NAME=value)` changes what the router is told."""

    def change(**variables: str) -> None:
        for name, value in variables.items():
            in_lambda(name, value)
        configuration.cache_clear()

    return change


def ask(path: str = "/", query: str = "", *, key: str = "", route: str = "ANY /{proxy+}", **more: Any) -> Any:
    event = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": path,
        "rawQueryString": query,
        "headers": {"x-tenant": key} if key else {},
        **more,
    }
    found = router.handler(event, None)
    return found["statusCode"], json.loads(found["body"]), found["headers"]


def lookup(key: str, **more: Any) -> Any:
    return ask(f"/cells/{key}", route="GET /cells/{key}", pathParameters={"key": key}, **more)


def test_a_new_key_is_written_down_and_sent_there(table: Any) -> None:
    status, body, headers = ask("/orders/7", "page=2&sort=a%20b", key="acme")
    assert status == 307
    assert headers["location"] == f"https://{body['cell']}.example/orders/7?page=2&sort=a%20b"
    assert headers["cache-control"] == "no-store"
    [item] = table.scan()["Items"]
    assert item == {"pk": "acme", "cell": body["cell"], "epoch": 1, "phase": "settled"}
    address = f"https://{body['cell']}.example"
    assert lookup("acme")[:2] == (
        200,
        {"key": "acme", "cell": body["cell"], "address": address, "epoch": 1},
    )


def test_a_key_stays_whatever_cells_there_are(table: Any, told: Any) -> None:
    before = {key: ask(key=key)[1]["cell"] for key in ("a", "b", "c", "d")}
    more = {
        **CELLS,
        **{f"new-{n}": {"address": f"https://new-{n}.example", "state": "takes"} for n in range(20)},
    }
    told(CELLS=json.dumps(more))
    assert {key: ask(key=key)[1]["cell"] for key in before} == before
    assert any(ask(key=f"other-{n}")[1]["cell"].startswith("new-") for n in range(4))


def test_a_full_cell_keeps_its_keys_and_a_drained_one_answers_for_none(table: Any, told: Any) -> None:
    table.put_item(Item={**PLACE, "cell": "east"})
    state = {**CELLS, "east": {**CELLS["east"], "state": "full"}}
    told(CELLS=json.dumps(state))
    assert ask(key="acme")[1]["cell"] == "east"
    assert {ask(key=f"new-{n}")[1]["cell"] for n in range(6)} <= {"west", "north"}
    told(CELLS=json.dumps({**state, "east": {**CELLS["east"], "state": "drained"}}))
    status, body, headers = ask(key="acme")
    assert (status, headers["retry-after"]) == (503, "5")
    assert body["message"] == "its cell east answers for none: it must be moved"
    assert "location" not in headers
    told(CELLS=json.dumps({"west": CELLS["west"]}))
    assert ask(key="acme")[0] == 503, "its cell is no longer there"


def test_a_key_that_is_being_moved_is_answered_by_nobody(table: Any) -> None:
    table.put_item(Item={**PLACE, "cell": "east", "phase": "moving", "target": "west"})
    status, body, headers = ask(key="acme")
    assert (status, headers["retry-after"]) == (503, "5")
    assert body["message"] == "it is being moved to another cell"
    assert lookup("acme")[0] == 503
    assert ask(key="other")[0] == 307


def test_whoever_is_second_to_write_a_new_key_down_takes_the_firsts_place(
    table: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    directory = configuration().directory
    found: list[Any] = []

    def held(self: Any, key: str) -> Any:
        if not found:  # somebody else is first, between the two calls
            found.append(key)
            table.put_item(Item={**PLACE, "pk": key, "cell": "north"})
            return None
        return original(self, key)

    original = type(directory).held
    monkeypatch.setattr(type(directory), "held", held)
    for key in ("k1", "k2", "k3"):
        found.clear()
        assert ask(key=key)[1] == {"cell": "north"}


def test_without_pins_nothing_is_written_and_what_people_wrote_holds(table: Any, told: Any) -> None:
    told(PINS="false")
    cell = ask(key="acme")[1]["cell"]
    assert lookup("acme")[1]["epoch"] is None
    assert table.scan()["Items"] == []
    other = next(name for name in CELLS if name != cell)
    table.put_item(Item={**PLACE, "cell": other})
    assert ask(key="acme")[1]["cell"] == other


def test_a_table_that_does_not_answer_is_no_reason_to_guess(table: Any, caplog: Any) -> None:
    table.delete()
    status, body, headers = ask(key="acme")
    assert (status, body["message"], headers["retry-after"]) == (503, "the key's place can't be read", "5")
    assert "the table doesn't answer" in caplog.text
    with pytest.raises(Exception, match="ResourceNotFound"):
        ask(route="GET /health/deep")
    assert ask(route="GET /health")[0] == 200


def test_health_asks_the_table(table: Any) -> None:
    assert ask(route="GET /health/deep")[0] == 200
    assert table.scan()["Items"] == []


TOKEN = {"requestContext": {"authorizer": {"jwt": {"claims": {"custom:tenant": "acme"}}}}}


@pytest.mark.parametrize(
    ("where", "asked"),
    [
        ({"header": "X-Tenant"}, {"key": "acme"}),
        ({"query": "tenant"}, {"queryStringParameters": {"tenant": "acme"}}),
        ({"part": 2}, {"path": "/tenants/acme/orders"}),
        ({"claim": "custom:tenant"}, TOKEN),
    ],
    ids=str,
)
def test_a_key_is_where_the_settings_say(table: Any, told: Any, where: Any, asked: Any) -> None:
    table.put_item(Item={**PLACE, "cell": "east"})
    told(KEY=json.dumps(where))
    assert ask(**asked)[1] == {"cell": "east"}
    status, body, _ = ask()
    assert (status, body["message"].split(":")[0]) == (400, "the request has no key")


def test_a_token_is_for_its_own_key(table: Any, told: Any) -> None:
    told(KEY='{"claim": "custom:tenant"}')
    assert lookup("acme", **TOKEN)[0] == 200
    assert lookup("other", **TOKEN)[0] == 403
    assert [item["pk"] for item in table.scan()["Items"]] == ["acme"]


@pytest.mark.parametrize("key", ["a b", "a/b", "a,b", "k" * 129, "ä", "a\r\nx: y"])
def test_what_can_not_be_a_key_is_refused_and_not_written(table: Any, key: str) -> None:
    status, body, _ = ask(key=key)
    assert (status, body["message"].split(":")[0]) == (400, "the key in header x-tenant can't be one")
    assert table.scan()["Items"] == []


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("/a b/ü", "/a%20b/%C3%BC"),
        ("/what?#%", "/what%3F%23%25"),
        ("/x\r\nSet-Cookie: a=b", "/x%0D%0ASet-Cookie:%20a=b"),
        ("//evil.example/x", "//evil.example/x"),
        (".evil.example", "/.evil.example"),
        ("", "/"),
    ],
)
def test_the_path_is_the_same_there_and_nothing_else(table: Any, path: str, there: str) -> None:
    table.put_item(Item={**PLACE, "cell": "east"})
    assert ask(path, key="acme")[2]["location"] == f"https://east.example{there}"

"""The sample's functions against the sandbox's AWS, as API Gateway and SQS invoke them."""

from __future__ import annotations

import base64
import json
from types import SimpleNamespace
from typing import Any

import boto3
import pytest

from functions.serverless_api import answers, events, items, jobs, worker
from functions.serverless_api.idempotency import InProgressError, MismatchError, Once

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 9_000)


@pytest.fixture
def table(boto: Any, in_lambda: Any) -> Any:
    boto("dynamodb").create_table(
        TableName="data",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
    )
    in_lambda("TABLE", "data")
    in_lambda("SHARDS", "4")
    answers.table.cache_clear()
    jobs._queue.cache_clear()
    yield boto3.resource("dynamodb").Table("data")
    answers.table.cache_clear()
    jobs._queue.cache_clear()


def ask(
    module: Any, route: str, body: Any = None, key: str = "", query: Any = None, **parameters: str
) -> tuple[int, Any, Any]:
    event = {
        "version": "2.0",
        "routeKey": route,
        "pathParameters": parameters or None,
        "queryStringParameters": query,
        "headers": {"Idempotency-Key": key} if key else {},
        "body": body if isinstance(body, str | None) else json.dumps(body),
    }
    found = module.handler({name: value for name, value in event.items() if value is not None}, CONTEXT)
    return found["statusCode"], json.loads(found["body"] or "null"), found["headers"]


def test_an_item_lives_and_goes(table: Any) -> None:
    status, made, headers = ask(items, "POST /items", {"price": 1.5, "name": "tea"}, "k1")
    assert (status, headers["location"]) == (201, f"/items/{made['id']}")
    assert ask(items, "GET /items/{id}", id=made["id"])[:2] == (
        200,
        {"id": made["id"], "price": 1.5, "name": "tea"},
    )
    assert ask(items, "PUT /items/{id}", {"price": 2}, id=made["id"])[0] == 200
    assert ask(items, "GET /items/{id}", id=made["id"])[1]["price"] == 2
    assert [ask(items, "DELETE /items/{id}", id=made["id"])[0] for _ in range(2)] == [204, 204]
    assert ask(items, "GET /items/{id}", id=made["id"])[0] == 404
    assert ask(items, "PUT /items/{id}", {}, id=made["id"])[0] == 404, "a replacement makes none"
    assert ask(items, "GET /health")[0] == ask(items, "GET /health/deep")[0] == 200


def test_a_request_that_is_sent_twice_is_done_once(table: Any) -> None:
    first = ask(items, "POST /items", {"name": "tea"}, "k1")
    assert ask(items, "POST /items", {"name": "tea"}, "k1") == first
    assert ask(items, "POST /items", {"name": "coffee"}, "k1")[0] == 422
    assert ask(items, "POST /items", {"name": "tea"}, "k2")[1]["id"] != first[1]["id"]
    kept = [item for item in table.scan()["Items"] if item["sk"] == "item"]
    assert len(kept) == 2


@pytest.mark.parametrize(
    ("asked", "status", "said"),
    [
        (("POST /items", {"name": "tea"}), 400, "the header Idempotency-Key is missing"),
        (("POST /items", "[1]", "k"), 400, "the body must be a JSON object"),
        (("POST /items", "{", "k"), 400, "the body must be a JSON object"),
        (("POST /items", {}, "k" * 256), 400, "idempotency key: got 256 characters, allowed is 1 to 255"),
        (("GET /other",), 404, "there is no GET /other"),
    ],
)
def test_what_is_refused(table: Any, asked: tuple[Any, ...], status: int, said: str) -> None:
    found = ask(items, *asked)
    assert found[0] == status
    assert found[1]["message"].startswith(said)
    assert table.scan()["Items"] == []


def test_a_claim_holds_until_its_invocation_ends(table: Any) -> None:
    now = [1000.0]
    once, seen = Once(table, clock=lambda: now[0]), []

    def inside() -> dict[str, Any]:
        with pytest.raises(InProgressError):
            once.do("k", "request", 10, lambda: {"again": 1})
        now[0] += 12  # this invocation is ended by its time-out, and another one takes over
        seen.append(once.do("k", "request", 10, lambda: {"by": "second"}))
        return {"by": "first"}

    with pytest.raises(Exception, match="ConditionalCheckFailed"):
        once.do("k", "request", 10, inside)  # it finds that the key is no longer its own
    assert seen == [{"by": "second"}]
    assert once.do("k", "request", 10, lambda: {"by": "third"}) == {"by": "second"}
    with pytest.raises(MismatchError):
        once.do("k", "another", 10, dict)
    now[0] += 25 * 3600
    assert once.do("k", "another", 10, lambda: {"by": "next day"}) == {"by": "next day"}


def test_a_request_that_failed_may_be_sent_again(table: Any) -> None:
    once, calls = Once(table), []

    def fails() -> dict[str, Any]:
        calls.append(1)
        if len(calls) == 1:
            raise RuntimeError("no")
        return {"done": True}

    with pytest.raises(RuntimeError):
        once.do("k", 1, 10, fails)
    assert once.do("k", 1, 10, fails) == {"done": True}


def test_events_of_a_hot_item_are_spread_and_read_together(table: Any) -> None:
    for number in range(12):
        assert ask(events, "POST /items/{id}/events", {"number": number}, f"k{number}", id="7")[0] == 201
    partitions = {item["pk"] for item in table.scan()["Items"] if item["pk"].startswith("events#")}
    assert len(partitions) > 1
    assert partitions <= {f"events#7#{shard}" for shard in range(4)}
    newest = ask(events, "GET /items/{id}/events", query={"limit": "5"}, id="7")[1]["events"]
    assert [each["number"] for each in newest] == [11, 10, 9, 8, 7]
    assert ask(events, "GET /items/{id}/events", id="8")[1] == {"events": []}
    assert ask(events, "GET /items/{id}/events", query={"limit": "0"}, id="7")[0] == 400


def delivered(queue: Any, url: str) -> dict[str, Any]:
    found = queue.receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
    return {"Records": [{"messageId": each["MessageId"], "body": each["Body"]} for each in found]}


def test_long_work_is_accepted_done_and_asked_for(table: Any, boto: Any, in_lambda: Any) -> None:
    queue = boto("sqs")
    url = queue.create_queue(QueueName="work", Attributes={"VisibilityTimeout": "0"})["QueueUrl"]
    in_lambda("WORKER_QUEUE_URL", url)
    status, made, headers = ask(jobs, "POST /jobs", {"a": 1, "b": 2}, "k1")
    assert (status, headers["location"], headers["retry-after"]) == (202, f"/jobs/{made['id']}", "5")
    assert ask(jobs, "POST /jobs", {"a": 1, "b": 2}, "k1")[1] == made, "accepted once"
    assert ask(jobs, "GET /jobs/{id}", id=made["id"])[1] == {"id": made["id"], "status": "accepted"}
    batch = delivered(queue, url)
    assert len(batch["Records"]) == 1
    assert worker.handler(batch, CONTEXT) == {"batchItemFailures": []}
    done = ask(jobs, "GET /jobs/{id}", id=made["id"])
    assert done[:2] == (200, {"id": made["id"], "status": "done", "result": {"fields": 2}})
    assert worker.handler(batch, CONTEXT) == {"batchItemFailures": []}, "a message may come twice"
    assert ask(jobs, "GET /jobs/{id}", id=made["id"]) == done
    assert ask(jobs, "GET /jobs/{id}", id="none")[0] == 404


def test_a_job_that_can_not_be_queued_is_not_accepted(table: Any, in_lambda: Any) -> None:
    in_lambda("WORKER_QUEUE_URL", "http://127.0.0.1:1/queue")
    with pytest.raises(Exception, match=r"NonExistentQueue|does not exist"):
        ask(jobs, "POST /jobs", {}, "k1")
    assert [item for item in table.scan()["Items"] if item["sk"] == "request"] == [], "its key is free"


def test_of_a_batch_the_messages_that_failed_come_again(table: Any) -> None:
    table.put_item(Item={**jobs.at("1"), "status": "accepted", "input": {}})
    records = [
        {"messageId": "m1", "body": '{"job": "1"}'},
        {"messageId": "m2", "body": '{"job": "none"}'},
        {"messageId": "m3", "body": "?"},
    ]
    found = worker.handler({"Records": records}, CONTEXT)
    assert found == {"batchItemFailures": [{"itemIdentifier": "m2"}, {"itemIdentifier": "m3"}]}
    assert table.get_item(Key=jobs.at("1"))["Item"]["status"] == "done"


def test_a_rest_apis_event_is_read_as_well() -> None:
    event = {
        "httpMethod": "POST",
        "resource": "/items",
        "pathParameters": None,
        "queryStringParameters": None,
        "headers": {"IDEMPOTENCY-KEY": "k"},
        "body": base64.b64encode(b'{"a": 1}').decode(),
        "isBase64Encoded": True,
    }
    found = answers.request(event)
    assert (found.route, found.key(), found.body(), found.parameters) == ("POST /items", "k", {"a": 1}, {})


def proxied(route: str, body: Any = None, key: str = "", **parameters: str) -> dict[str, Any]:
    """An event of a REST API."""
    method, _, resource = route.partition(" ")
    headers = {"Accept": "*/*", **({"Idempotency-Key": key} if key else {})}
    return {
        "resource": resource,
        "path": resource.replace("+}", "}").format(**parameters),
        "httpMethod": method,
        "headers": headers,
        "multiValueHeaders": {name: [value] for name, value in headers.items()},
        "queryStringParameters": None,
        "multiValueQueryStringParameters": None,
        "pathParameters": parameters or None,
        "stageVariables": None,
        "requestContext": {"resourcePath": resource, "httpMethod": method, "stage": "live"},
        "body": None if body is None else json.dumps(body),
        "isBase64Encoded": False,
    }


def test_an_item_of_a_rest_api_lives_and_goes(table: Any) -> None:
    made = items.handler(proxied("POST /items", {"name": "a"}, "k"), CONTEXT)
    id_ = json.loads(made["body"])["id"]
    again = items.handler(proxied("POST /items", {"name": "a"}, "k"), CONTEXT)
    assert (made["statusCode"], json.loads(again["body"])["id"]) == (201, id_), "done once"
    assert items.handler(proxied("POST /items", {"name": "a"}), CONTEXT)["statusCode"] == 400
    read = items.handler(proxied("GET /items/{id}", id=id_), CONTEXT)
    assert (read["statusCode"], json.loads(read["body"])) == (200, {"id": id_, "name": "a"})
    assert items.handler(proxied("DELETE /items/{id}", id=id_), CONTEXT)["statusCode"] == 204
    assert items.handler(proxied("GET /items/{id}", id=id_), CONTEXT)["statusCode"] == 404
    assert items.handler(proxied("GET /health/deep"), CONTEXT)["statusCode"] == 200
    assert items.handler(proxied("PATCH /items/{id}", id=id_), CONTEXT)["statusCode"] == 404


def test_long_work_of_a_rest_api_is_accepted_and_asked_for(table: Any, boto: Any, in_lambda: Any) -> None:
    in_lambda("WORKER_QUEUE_URL", boto("sqs").create_queue(QueueName="work")["QueueUrl"])
    accepted = jobs.handler(proxied("POST /jobs", {"n": 1}, "k"), CONTEXT)
    id_ = json.loads(accepted["body"])["id"]
    assert (accepted["statusCode"], accepted["headers"]["location"]) == (202, f"/jobs/{id_}")
    asked = jobs.handler(proxied("GET /jobs/{id}", id=id_), CONTEXT)
    assert (asked["statusCode"], json.loads(asked["body"])["status"]) == (200, "accepted")


def test_what_stands_several_times_is_told_alike_in_both_formats() -> None:
    event = proxied("GET /items")
    event |= {
        "queryStringParameters": {"tag": "b"},
        "multiValueQueryStringParameters": {"tag": ["a", "b"]},
        "headers": {"X-Via": "d"},
        "multiValueHeaders": {"X-Via": ["c", "d"]},
    }
    first = answers.request(event)
    assert (first.query, first.headers) == ({"tag": "a,b"}, {"x-via": "c,d"})
    second = answers.request(
        {"routeKey": "GET /items", "queryStringParameters": {"tag": "a,b"}, "headers": {"x-via": "c,d"}}
    )
    assert (second.query, second.headers) == (first.query, first.headers)


def test_a_route_for_any_method_answers_in_both_formats() -> None:
    def any_method(asked: answers.Request, _context: Any) -> dict[str, Any]:
        return answers.answer(200, asked.route)

    routes = {"ANY /{proxy+}": any_method}
    event = proxied("PUT /{proxy+}", proxy="a")
    assert answers.routed(routes, event, CONTEXT)["statusCode"] == 200
    assert answers.routed(routes, {"routeKey": "ANY /{proxy+}"}, CONTEXT)["statusCode"] == 200

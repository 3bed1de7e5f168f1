"""A topic of Kafka worked off against the sandbox's AWS: what comes twice is done once, in either region, and what fails holds nobody up.

Brokers are no part of it: batches are made as Lambda's documentation has them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError

from functions.workers import consume, topic
from tests.functions.workers_world import CONTEXT, TABLE, table
from tests.sandbox.emptied import emptied

EAST, WEST = "us-east-1", "us-west-2"


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "dynamodb", "sqs")


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Jobs that were begun, in order. One that says `fails` fails so often."""
    found: list[str] = []

    def work(said: Mapping[str, Any]) -> dict[str, Any]:
        found.append(said["id"])
        if found.count(said["id"]) <= said.get("fails", 0):
            raise RuntimeError("not yet")
        return {}

    monkeypatch.setattr(consume, "work", work)
    return found


@pytest.fixture
def letters(boto: Callable[..., Any], in_lambda: Any) -> Iterator[Callable[[], list[dict[str, Any]]]]:
    """What the queue of letters has in us-east-1, where functions run unless they say otherwise."""
    url = boto("sqs").create_queue(QueueName="unread")["QueueUrl"]
    for name, value in (("TABLE", TABLE), ("KEPT_SECONDS", "1296000"), ("LETTERS_URL", url)):
        in_lambda(name, value)
    table(boto, EAST, WEST)
    _anew()

    def found() -> list[dict[str, Any]]:
        got = boto("sqs").receive_message(QueueUrl=url, MaxNumberOfMessages=10).get("Messages", [])
        return [json.loads(each["Body"]) for each in got]

    yield found
    _anew()


def _anew() -> None:
    consume._table.cache_clear()
    topic._sqs.cache_clear()


def batch(*said: Any, partition: int = 0, offset: int = 0) -> dict[str, Any]:
    """An event of Lambda's: these messages, one after the other."""
    records = [
        {
            "topic": "payments",
            "partition": partition,
            "offset": offset + place,
            "value": base64.b64encode(
                (each if isinstance(each, str) else json.dumps(each)).encode()
            ).decode(),
        }
        for place, each in enumerate(said)
    ]
    return {"eventSource": "aws:kafka", "records": {f"payments-{partition}": records}}


def job(key: str, **more: Any) -> dict[str, Any]:
    return {"id": key, **more}


def test_a_batch_that_comes_again_is_done_once_and_in_order(tried: list[str], letters: Any) -> None:
    given = batch(job("a"), job("b"), job("c"))
    assert topic.handler(given, CONTEXT) == {"letters": 0}
    assert topic.handler(given, CONTEXT) == {"letters": 0}
    assert tried == ["a", "b", "c"]
    assert letters() == []


def test_what_fails_is_tried_again_and_then_a_letter_while_the_rest_goes_on(
    tried: list[str], letters: Any
) -> None:
    given = batch(job("a", fails=2), "no JSON", job("b", fails=3), job("c"), offset=40)
    assert topic.handler(given, CONTEXT) == {"letters": 2}
    assert [tried.count(each) for each in "abc"] == [3, 3, 1]
    assert sorted(letters(), key=lambda each: str(each["at"])) == [
        {"at": "payments/0/41", "message": "no JSON", "whole": True},
        {"at": "payments/0/42", "message": json.dumps(job("b", fails=3)), "whole": True},
    ]


def test_what_is_larger_than_a_letter_is_told_by_where_it_stands(tried: list[str], letters: Any) -> None:
    topic.handler(batch("x" * (topic.LARGEST + 1)), CONTEXT)
    [letter] = letters()
    assert (letter["at"], letter["whole"], len(letter["message"])) == ("payments/0/0", False, topic.LARGEST)
    assert tried == []


def test_a_message_without_a_value_and_bytes_that_are_no_text_are_letters(letters: Any) -> None:
    given = batch("x", "y")
    [records] = given["records"].values()
    del records[0]["value"]
    records[1]["value"] = base64.b64encode(b"\xff\xfe").decode()
    assert topic.handler(given, CONTEXT) == {"letters": 2}
    assert {each["at"] for each in letters()} == {"payments/0/0", "payments/0/1"}


def test_where_no_letter_can_be_put_the_batch_comes_again(
    tried: list[str], letters: Any, in_lambda: Any
) -> None:
    in_lambda("LETTERS_URL", "http://127.0.0.1:1/123456789012/nowhere")
    with pytest.raises(ClientError):
        topic.handler(batch("no JSON", job("a")), CONTEXT)
    assert tried == ["a"]


@pytest.mark.parametrize("back", [0, 1, 3])
def test_the_other_region_goes_on_from_a_position_at_or_before_and_does_each_once(
    tried: list[str], letters: Any, in_lambda: Any, back: int
) -> None:
    """What the group had read to is copied from time to time: never beyond it, which MSK promises."""
    log = [job(f"{number}") for number in range(5)]
    topic.handler(batch(*log[:3]), CONTEXT)
    in_lambda("AWS_DEFAULT_REGION", WEST)
    consume._table.cache_clear()
    at = 3 - back
    topic.handler(batch(*log[at:], offset=100 + at), CONTEXT)  # positions there are of its own
    assert tried == ["0", "1", "2", "3", "4"]

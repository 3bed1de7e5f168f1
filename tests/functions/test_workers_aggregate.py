"""Aggregates of a stream against the sandbox's AWS: what comes twice counts once, and what can't be read holds nobody up."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from typing import Any

import boto3
import pytest

from functions.workers import aggregate
from tests.functions.workers_world import TABLE, table
from tests.sandbox.emptied import emptied

STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/clicks"
WINDOW = {"start": "2026-11-27T02:00:00Z", "end": "2026-11-27T02:01:00Z"}


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "dynamodb", "kinesis")


@pytest.fixture
def items(boto: Callable[..., Any], in_lambda: Any) -> Iterator[Callable[[], dict[str, tuple[int, float]]]]:
    in_lambda("TABLE", TABLE)
    in_lambda("KEPT_SECONDS", "1296000")
    table(boto, "us-east-1")
    aggregate._table.cache_clear()

    def found() -> dict[str, tuple[int, float]]:
        rows = boto3.resource("dynamodb").Table(TABLE).scan()["Items"]
        assert {row["pk"] for row in rows} <= {f"window#clicks#{WINDOW['start']}"}
        return {row["sk"]: (int(row["count"]), float(row["sum"])) for row in rows}

    yield found
    aggregate._table.cache_clear()


@pytest.fixture
def records(boto: Callable[..., Any]) -> list[dict[str, Any]]:
    """Records as a stream gave them their sequence numbers."""
    kinesis = boto("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    for key, value in (("a", 1), ("b", 2.5), ("a", 3)):
        kinesis.put_record(
            StreamName="clicks", PartitionKey=key, Data=json.dumps({"key": key, "value": value}).encode()
        )
    kinesis.put_record(StreamName="clicks", PartitionKey="c", Data=b"no JSON")
    [shard] = kinesis.list_shards(StreamName="clicks")["Shards"]
    at = kinesis.get_shard_iterator(
        StreamName="clicks", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    return [
        {
            "kinesis": {
                "data": base64.b64encode(each["Data"]).decode(),
                "sequenceNumber": each["SequenceNumber"],
            }
        }
        for each in kinesis.get_records(ShardIterator=at)["Records"]
    ]


def invoke(records: list[dict[str, Any]], state: Any = None, **more: Any) -> dict[str, Any]:
    """As Lambda does, for a batch of the window."""
    event = {
        "Records": records,
        "state": state or {},
        "window": WINDOW,
        "shardId": "shard-0",
        "eventSourceARN": STREAM,
    }
    found: dict[str, Any] = aggregate.handler({**event, **more}, None)
    return found


def test_a_window_is_counted_from_batch_to_batch_and_written_at_its_end(
    items: Callable[[], Any], records: list[dict[str, Any]]
) -> None:
    first = invoke(records[:2])
    assert items() == {}
    second = invoke(records[2:], first["state"])
    assert invoke([], second["state"], isFinalInvokeForWindow=True) == {"state": {}}
    number = records[0]["kinesis"]["sequenceNumber"]
    assert items() == {
        f"a#shard-0#{number}": (2, 4.0),
        f"b#shard-0#{number}": (1, 2.5),
        f"unreadable#shard-0#{number}": (1, 0.0),
    }


def test_what_is_tried_again_counts_once(items: Callable[[], Any], records: list[dict[str, Any]]) -> None:
    state = invoke(records[:2])["state"]
    tried = [invoke(records[2:], state) for _ in range(3)]
    assert tried[0] == tried[2]
    for _ in range(2):  # the write, too
        invoke([], tried[0]["state"], isFinalInvokeForWindow=True)
    assert sum(count for count, _ in items().values()) == 4


def test_a_window_that_is_ended_early_goes_on_beside_it(
    items: Callable[[], Any], records: list[dict[str, Any]]
) -> None:
    assert invoke(records[:2], isWindowTerminatedEarly=True) == {"state": {}}
    invoke([], invoke(records[2:])["state"], isFinalInvokeForWindow=True)
    assert sum(total for _, total in items().values()) == 6.5


def test_an_empty_window_writes_nothing(items: Callable[[], Any]) -> None:
    assert invoke([], isFinalInvokeForWindow=True) == {"state": {}}
    assert items() == {}

"""Orders in their table: accepted once, owned by one execution, taken over by another.

An order's item has `id`, `detail` (JSON), `state`, `step`, `at` (when that was noted), `region` and `run` (the execution that has it),
`attempt`, and while it isn't closed `open`: its region and one of ten shards, the key of an index. Whoever takes an order over writes
another `run`; an execution that no longer finds its own there ends by itself. Orders are accepted, and taken over, on a condition, so
that one of several wins; between regions the last writer does, within a second.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

ACCEPTED, RUNNING, UNDOING = "ACCEPTED", "RUNNING", "UNDOING"
DONE, REFUSED, COMPENSATED, STUCK = "DONE", "REFUSED", "COMPENSATED", "STUCK"
CLOSED = (DONE, REFUSED, COMPENSATED, STUCK)
KEY, OPEN = "id", "open"
"""The table's key; the key, and the name, of the index of orders that are not closed."""
SHARDS = 10
"""Partitions of a region's open orders: one takes a thousand writes a second.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html"""
ID = re.compile(r"[A-Za-z0-9_-]{1,48}")
"""With region and attempt an execution's name, which has 80 characters at most.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_StartExecution.html"""
DETAIL_BYTES = 65_536
"""What an order may say: a quarter of what a state of Step Functions takes, so that there is room for results."""


class NotAnOrder(ValueError):  # noqa: N818 - callers see the name
    """What was given can't be an order."""


class Conflict(ValueError):  # noqa: N818 - callers see the name
    """There is an order of that id that says something else."""


class Taken(Exception):  # noqa: N818 - no error: somebody else was faster
    """Another execution has the order."""


@dataclass(frozen=True)
class Order:
    """An item of the table, as far as it matters here."""

    id: str
    detail: str
    state: str
    region: str
    run: str
    attempt: int
    at: str
    undo: str = ""
    failure: str = ""

    @property
    def told(self) -> str:
        """The input of its execution. The same for the same order, so that Step Functions knows one that was started twice."""
        found: dict[str, Any] = {"id": self.id, "detail": json.loads(self.detail), "results": {}}
        if self.undo:
            found |= {"undo": self.undo, "failure": {"Error": self.failure}}
        return json.dumps(found, sort_keys=True)


def run_name(id_: str, region: str, attempt: int) -> str:
    """What an execution is called."""
    return f"{id_}.{region}.{attempt}"


def part(region: str, id_: str) -> str:
    """The key of the index under which an open order stands."""
    return f"{region}#{int(hashlib.sha256(id_.encode()).hexdigest(), 16) % SHARDS}"


def checked(event: Mapping[str, Any]) -> tuple[str, str]:
    """Id and detail of an order that is brought, the detail as it is kept. Raises NotAnOrder."""
    id_ = event.get("id")
    if not isinstance(id_, str) or not ID.fullmatch(id_):
        raise NotAnOrder(f"id: got {id_!r}, allowed are 1 to 48 letters, digits, _ and -")
    detail = json.dumps(event.get("detail"), sort_keys=True)
    if len(detail.encode()) > DETAIL_BYTES:
        raise NotAnOrder(f"detail: got {len(detail.encode())} bytes, allowed are {DETAIL_BYTES}")
    return id_, detail


class Orders:
    """The table, as one region sees it."""

    def __init__(self, client: Any, table: str, region: str) -> None:
        """`client` is DynamoDB's of that region."""
        self._client, self._table, self._region = client, table, region

    def put(self, id_: str, detail: str, at: str) -> Order:
        """Write an order that is new, or find the one that is there. Raises Conflict when that one says something else."""
        new = Order(id_, detail, ACCEPTED, self._region, run_name(id_, self._region, 1), 1, at)
        try:
            self._client.put_item(
                TableName=self._table,
                Item=_item(new),
                ConditionExpression="attribute_not_exists(#id)",
                ExpressionAttributeNames={"#id": KEY},
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            found = self.get(id_)
            if found.detail != detail:
                raise Conflict(f"id: there is an order {id_} that says something else") from None
            return found
        return new

    def get(self, id_: str) -> Order:
        """The order of that id. Raises KeyError when there is none."""
        answer = self._client.get_item(TableName=self._table, Key={KEY: {"S": id_}}, ConsistentRead=True)
        if "Item" not in answer:
            raise KeyError(id_)
        return _order(answer["Item"])

    def in_flight(self, region: str) -> Iterator[Order]:
        """Orders of a region that are not closed, as this region's replica knows them."""
        pages = self._client.get_paginator("query")
        for shard in range(SHARDS):
            asked = {
                "TableName": self._table,
                "IndexName": OPEN,
                "KeyConditionExpression": "#open = :part",
                "ExpressionAttributeNames": {"#open": OPEN},
                "ExpressionAttributeValues": {":part": {"S": f"{region}#{shard}"}},
            }
            for page in pages.paginate(**asked):
                for each in page["Items"]:
                    yield self.get(each[KEY]["S"])

    def take(self, order: Order, at: str) -> Order:
        """Give an order that is open, or stuck, to a new execution of this region.

        Raises Taken when it was closed, or given to another one, meanwhile.
        """
        attempt = order.attempt + 1
        values = {
            ":old": order.run,
            ":region": self._region,
            ":run": run_name(order.id, self._region, attempt),
            ":open": part(self._region, order.id),
            ":at": at,
        }
        self._change(
            order, "SET #region = :region, #run = :run, #open = :open, #at = :at ADD #attempt :one", values
        )
        return self.get(order.id)

    def park(self, order: Order, at: str) -> None:
        """Leave an order to people. Raises Taken as `take` does."""
        self._change(
            order,
            "SET #state = :state, #at = :at REMOVE #open",
            {":old": order.run, ":state": STUCK, ":at": at},
        )

    def _change(self, order: Order, expression: str, values: Mapping[str, str]) -> None:
        stuck = order.state == STUCK
        condition = f"#run = :old AND {'#state = :stuck' if stuck else 'attribute_exists(#open)'}"
        names = re.findall(r"#(\w+)", f"{expression} {condition}")
        told: dict[str, Any] = {name: {"S": value} for name, value in values.items()}
        if stuck:
            told[":stuck"] = {"S": STUCK}
        if ":one" in expression:
            told[":one"] = {"N": "1"}
        try:
            self._client.update_item(
                TableName=self._table,
                Key={KEY: {"S": order.id}},
                UpdateExpression=expression,
                ConditionExpression=condition,
                ExpressionAttributeNames={f"#{name}": name for name in names},
                ExpressionAttributeValues=told,
            )
        except self._client.exceptions.ConditionalCheckFailedException:
            raise Taken(order.id) from None


def _item(order: Order) -> dict[str, Any]:
    texts = {"id": order.id, "detail": order.detail, "state": order.state, "region": order.region}
    texts |= {"run": order.run, "at": order.at, OPEN: part(order.region, order.id)}
    return {**{name: {"S": text} for name, text in texts.items()}, "attempt": {"N": str(order.attempt)}}


def _order(item: Mapping[str, Any]) -> Order:
    def text(name: str) -> str:
        return str(item.get(name, {}).get("S", ""))

    names = ("id", "detail", "state", "region", "run", "at", "undo", "failure")
    return Order(**{name: text(name) for name in names}, attempt=int(item["attempt"]["N"]))

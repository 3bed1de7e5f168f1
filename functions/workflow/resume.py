"""Takes orders up again whose executions are gone: of the other region when that one is lost, of its own when they ended without an end.

Event: `{"id": ID}` for one that is stuck, once what was in the way is mended; else `{"from": REGION}`, by default its own. Of its own
region it takes what no execution works on; of another one all that is open, so a person decides that. An order that was being undone is
undone further, any other one begins anew: steps bear that. One that comes to nothing again and again is left to people, with a dead
letter. Answer: how many were taken, and are stuck; and whether there are more.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Mapping
from typing import Any

from .configuration import Workflow, configured, now
from .orders import STUCK, Order, Taken

ATTEMPTS = 5
"""Executions that an order has at most."""
ENDING = 20_000
"""Milliseconds before its own time-out in which it takes nothing up any more."""
_workflow = functools.cache(configured)


def handler(event: Mapping[str, Any], context: Any) -> dict[str, Any]:
    """What Lambda calls."""
    workflow = _workflow()
    if "id" in event:
        return again(workflow, str(event["id"]))
    return resume(workflow, event.get("from"), context.get_remaining_time_in_millis)


def again(workflow: Workflow, id_: str) -> dict[str, Any]:
    """Take up an order that is stuck. Raises Taken for any other one, KeyError for one that there isn't."""
    order = workflow.orders.get(id_)
    if order.state != STUCK:
        raise Taken(f"{id_} is {order.state}, not {STUCK}")
    taken = workflow.orders.take(order, now().isoformat())
    return {"id": id_, "run": taken.run, "started": workflow.start(taken)}


def resume(workflow: Workflow, region: str | None, left: Any) -> dict[str, Any]:
    """Take up what is open of a region, until `left()` milliseconds are few."""
    source = region or workflow.region
    counts = {"taken": 0, "stuck": 0}
    for order in workflow.orders.in_flight(source):
        if left() < ENDING:
            return {**counts, "from": source, "more": True}
        if order.region != source or (source == workflow.region and workflow.runs(order)):
            continue
        try:
            counts[_again(workflow, order)] += 1
        except Taken:
            continue
    return {**counts, "from": source, "more": False}


def _again(workflow: Workflow, order: Order) -> str:
    at = now().isoformat()
    if order.attempt >= ATTEMPTS:
        told = {
            "id": order.id,
            "failure": f"{order.attempt} executions came to nothing",
            "state": order.state,
        }
        workflow.queues.send_message(QueueUrl=workflow.letters, MessageBody=json.dumps(told))
        workflow.orders.park(order, at)
        return "stuck"
    workflow.start(workflow.orders.take(order, at))
    return "taken"

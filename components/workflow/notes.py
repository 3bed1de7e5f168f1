"""Notes of a workflow in its table of orders, and how often a task is tried."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from components.workflow.steps import BACKOFF, FIRST_DELAY, LONGEST_DELAY
from functions.workflow.orders import CLOSED

State = dict[str, Any]
TAKEN = "DynamoDB.ConditionalCheckFailedException"
NOTE_SECONDS, NOTE_ATTEMPTS = 10, 5
"""For one attempt to write a note, and how often it is tried."""


def retries(attempts: int, *but: str) -> list[State]:
    """Attempts with growing delays and full jitter; none for the errors `but`."""
    again = {
        "ErrorEquals": ["States.ALL"],
        "IntervalSeconds": FIRST_DELAY,
        "BackoffRate": BACKOFF,
        "MaxDelaySeconds": LONGEST_DELAY,
        "JitterStrategy": "FULL",
        "MaxAttempts": attempts - 1,
    }
    never = [{"ErrorEquals": list(but), "MaxAttempts": 0}] if but else []
    return [*never, again]


class Notes:
    """Notes in the table of orders."""

    def __init__(self, name: pulumi.Input[str]) -> None:
        self._name = name

    def note(self, state: str, step: str, *, then: str, of: str | None = None) -> State:
        """Write what is done now, if this execution still has the order."""
        names = {"#state": "state", "#step": "step", "#at": "at", "#run": "run"}
        values: dict[str, Mapping[str, Any]] = {
            ":state": {"S": state},
            ":step": {"S": step},
            ":at": {"S.$": "$$.State.EnteredTime"},
            ":run": {"S.$": "$$.Execution.Name"},
        }
        sets = ["#state = :state", "#step = :step", "#at = :at"]
        if of is not None:
            names |= {"#undo": "undo", "#failure": "failure"}
            values |= {":undo": {"S": of}, ":failure": {"S.$": "$.failure.Error"}}
            sets += ["#undo = :undo", "#failure = :failure"]
        closed = state in CLOSED
        if closed:
            names["#open"] = "open"
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:updateItem",
            "Parameters": {
                "TableName": self._name,
                "Key": {"id": {"S.$": "$.id"}},
                "UpdateExpression": f"SET {', '.join(sets)}" + (" REMOVE #open" if closed else ""),
                "ConditionExpression": "#run = :run",
                "ExpressionAttributeNames": names,
                "ExpressionAttributeValues": values,
            },
            "TimeoutSeconds": NOTE_SECONDS,
            "Retry": retries(NOTE_ATTEMPTS, TAKEN),
            "Catch": [
                {"ErrorEquals": [TAKEN], "ResultPath": None, "Next": "Not ours"},
                {"ErrorEquals": ["States.ALL"], "ResultPath": None, "Next": "Not noted"},
            ],
            "ResultPath": None,
            "Next": then,
        }

"""What states of a machine are made of: a call with time-out and retries, and a wait."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

State = dict[str, Any]


@dataclass(frozen=True, kw_only=True)
class Pace:
    """How long the machine waits, in seconds, 1 or more."""

    poll: int = 10
    """Between two looks at what takes time."""
    retry: int = 2
    """Before a call is made again; then twice as long, three times in all."""
    call: int = 60
    """For a call's answer."""


def call(api: str, parameters: Mapping[str, Any], pace: Pace, **more: Any) -> State:
    """A task that makes a call, with time-out and retries."""
    retry = {"ErrorEquals": ["States.ALL"], "IntervalSeconds": pace.retry, "MaxAttempts": 3, "BackoffRate": 2}
    return {
        "Type": "Task",
        "Resource": f"arn:aws:states:::aws-sdk:{api}",
        "Parameters": dict(parameters),
        "TimeoutSeconds": pace.call,
        "Retry": [retry],
        "ResultPath": None,
        **more,
    }


def branch(states: Mapping[str, State]) -> State:
    """States beside others; the first one begins."""
    return {"StartAt": next(iter(states)), "States": dict(states)}


def wait(pace: Pace, then: str) -> State:
    """A state that waits until it is time for another look."""
    return {"Type": "Wait", "Seconds": pace.poll, "Next": then}

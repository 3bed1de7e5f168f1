"""Functions that a Region switch plan invokes, and invokes anew, after the step's own interval, when they fail.

https://docs.aws.amazon.com/r53recovery/latest/dg/custom-action-lambda-block.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.aws.clockwork import functions
from sandbox.aws.clockwork.clock import CLOCK


@dataclass
class Call:
    """One invocation, on the clock."""

    said: Mapping[str, Any] | None = None
    """Its end."""
    ended: float = 0.0
    """Simulated second of its end."""

    def end(self, said: Mapping[str, Any]) -> None:
        """It has ended."""
        self.said, self.ended = said, CLOCK.now


_calls: dict[tuple[str, str], Call] = {}
"""The last invocation for a step, by execution and step."""


def waits_for(arn: str, event: Mapping[str, Any], interval: float) -> str:
    """What a step of an execution on the clock waits for; empty when its function has come to its end. `interval` in seconds."""
    key = (str(event["ExecutionId"]), str(event["StepName"]))
    call = _calls.get(key)
    if call is None or (
        call.said is not None and "error" in call.said and CLOCK.now - call.ended >= interval
    ):
        call = _calls[key] = Call()
        functions.invoke(arn.split(":")[3], arn, dict(event), call.end)
    name = arn.rpartition(":")[2]
    if call.said is None:
        return f"{name} is at work"
    return f"{name} failed: {call.said['error']}" if "error" in call.said else ""


def fails(lambda_: Any, arn: str, event: Mapping[str, Any], times: int) -> str:
    """Invoke it at once, and anew so many times in all, as no wait takes any time here; why it failed, empty when it didn't."""
    said = ""
    for _ in range(times):
        answered = lambda_.invoke(FunctionName=arn, Payload=json.dumps(event).encode())
        if "FunctionError" not in answered:
            return ""
        said = f"{arn.rpartition(':')[2]} failed: {json.loads(answered['Payload'].read())['errorMessage']}"
    return said

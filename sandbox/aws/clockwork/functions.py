"""Lambda on the clock: a deployed function's own code runs against this AWS, and sleeps in simulated time.

Each execution environment is a process (`environment`), which carries out one invocation at a time and is kept for the next one, as on AWS.
Between two sleeps it takes no simulated time. Python alone; the time that a function may take is its own.
"""

from __future__ import annotations

import base64
import json
import os
import uuid
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from sandbox.aws import nursery
from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import embedded, scope
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._lambda_invoke import variables

_PATIENCE = 60.0
"""Real seconds that the code may be at work between two sleeps."""
_LEAVES = 2.0
"""Real seconds in which a process that nobody tells anything any more removes what it has unpacked."""
_idle: dict[str, list[Environment]] = {}
"""Environments that wait for an invocation, by the function's ARN."""

Ended = Callable[[Mapping[str, Any]], None]


def _nobody(_said: Mapping[str, Any]) -> None:
    """Who invoked waits for no answer."""


class Environment:
    """One process with one version of a function's code."""

    def __init__(self, function: Any) -> None:
        self.function, self.ends, self._heard = function, 0, b""
        self._then: Ended = _nobody
        self._process = nursery.start(variables(function))
        code = base64.b64encode(function.code_bytes).decode()
        epoch = (CLOCK.epoch - type(CLOCK.epoch)(1970, 1, 1)).total_seconds()
        self._tell({"zip": code, "handler": function.handler, "epoch": epoch})

    def invoke(self, event: Any, then: Ended) -> None:
        """Carry out an invocation, in the time that it takes, and tell of its end."""
        self._then = then
        deadline = CLOCK.now + float(self.function.timeout)
        self.ends += 1
        CLOCK.after(float(self.function.timeout), partial(self._time_out, self.ends))
        asked = {"event": event, "request": str(uuid.uuid4()), "deadline": deadline, "now": CLOCK.now}
        self._go(asked)

    def _go(self, told: Mapping[str, Any]) -> None:
        """Let the code go on until it sleeps or ends."""
        self._tell(told)
        while True:
            said = self._hear()
            if "print" in said:
                embedded.take(said["print"], self.function.region)
                continue
            if "sleep" in said:
                CLOCK.after(said["sleep"], partial(self._wake, self.ends))
                return
            if "error" in said:
                self._note(f"failed: {said['error']}")
            self.ends += 1
            if not self._process.ended:
                _idle.setdefault(self.function.function_arn, []).append(self)
            self._then(said)
            return

    def _wake(self, number: int) -> None:
        if number == self.ends:
            self._go({"now": CLOCK.now})

    def _time_out(self, number: int) -> None:
        if number == self.ends:
            said = f"was ended after {self.function.timeout} s"
            self._note(said)
            self.end()
            self._then({"error": said})

    def end(self) -> None:
        """End the process: by itself when it sleeps or waits for work, else at once."""
        self.ends += 1
        self._process.end(_LEAVES)

    def _note(self, what: str) -> None:
        CLOCK.note("Lambda", f"{self.function.function_name} {what}", self.function.region)

    def _tell(self, what: Mapping[str, Any]) -> None:
        self._process.stdin.write(json.dumps(what).encode() + b"\n")
        self._process.stdin.flush()

    def _hear(self) -> dict[str, Any]:
        """What the process says next; an error when it says nothing."""
        pipe = self._process.stdout.fileno()
        while b"\n" not in self._heard:
            ready = self._process.speaks(_PATIENCE)
            more = os.read(pipe, 65536) if ready else b""
            if not more:
                self.end()
                return {
                    "error": "its process ended" if ready else f"at work for {_PATIENCE:.0f} real seconds"
                }
            self._heard += more
        line, _, self._heard = self._heard.partition(b"\n")
        found: dict[str, Any] = json.loads(line)
        return found


def invoke(region: str, arn: str, event: Any, then: Ended = _nobody) -> None:
    """Invoke a function in an environment that is free or new. `then` is told of its end: a `result`, or an `error`."""
    function = _function(region, arn)
    if function is None or not str(function.run_time).startswith("python"):
        what = "is not there" if function is None else f"isn't run here: its runtime is {function.run_time}"
        CLOCK.note("Lambda", f"{arn.rpartition(':')[2]} {what}", region)
        then({"error": what})
        return
    free = _idle.get(function.function_arn, [])
    while free:
        kept = free.pop()
        if kept.function.code_sha_256 == function.code_sha_256:
            kept.invoke(event, then)
            return
        kept.end()
    Environment(function).invoke(event, then)


def played(region: str, arn: str) -> bool:
    """Whether the clock plays a function, or nobody knows whose it is."""
    function = _function(region, arn)
    return function is None or scope.plays(function.tags)


def _function(region: str, arn: str) -> Any | None:
    from moto.awslambda.exceptions import UnknownFunctionException
    from moto.awslambda_simple.models import lambda_simple_backends

    try:
        return lambda_simple_backends[ACCOUNT][region].get_function(arn)
    except UnknownFunctionException:
        return None

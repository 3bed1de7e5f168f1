"""The AWS that a drill breaks: a copy of the one that the stacks were deployed to, on a simulated clock."""

from __future__ import annotations

import contextlib
import os
import signal
from collections import deque
from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Any

from sandbox.aws.client import client, forget
from sandbox.aws.server import Server

OPERATOR, DRILL, CLIENT = "operator", "drill", "client"


class World:
    """One copy. Its clock stands until `start`, so that it can be prepared first."""

    def __init__(self, aws: Server, systems: Collection[str] = ()) -> None:
        """`systems`: those that are deployed there."""
        self.aws, self.systems = aws, systems
        self.now = 0.0
        """Simulated seconds."""
        self.timeline: list[dict[str, Any]] = []
        """What happened so far: `at`, `who`, `what`, `where`."""
        self.pace = 0.5
        """Where in each figure's range durations lie."""
        self.broke = self.restored = 0.0
        """When something was broken, and when all was well again."""
        self._epoch = datetime.now(UTC)
        self._steps: deque[Any] = deque()
        """Steps that the clock has made and nobody was told of yet."""

    def call(self, verb: str, **given: Any) -> Any:
        """Use the clock, see `sandbox.aws.clockwork.control`. Raises RuntimeError where it is ahead of what was told of its steps."""
        self._told()
        return self.aws.call("POST", f"/sandbox/clock/{verb}", given, timeout=60)

    def start(self, pace: float, without: Collection[str] = ()) -> None:
        """Start the clock; the systems named stand still."""
        self.pace = pace
        answer = self.call("start", pace=pace, without=list(without))
        self._epoch = datetime.fromisoformat(answer["epoch"]).replace(tzinfo=UTC)

    def moment(self, at: float) -> datetime:
        """A simulated second as AWS's APIs want it."""
        return self._epoch + timedelta(seconds=at)

    def advance(self, seconds: float, **then: Any) -> Any:
        """Let time pass; `timeline` of the answer is what happened meanwhile. `then` are verbs to use at its end, with what they need."""
        return self._passed("advance", seconds=seconds, then=then)

    @property
    def ahead(self) -> bool:
        """Whether the next step is made already."""
        return bool(self._steps)

    def step(self, seconds: float, times: int, **then: Any) -> Any:
        """Let time pass as `advance` does, for so many steps at once as long as nothing happens; tells of one step at a time.

        Where the next step is made already it is told, whatever is asked for.
        """
        if not self._steps:
            given = {"seconds": seconds, "times": times, "then": then, "known": len(self.timeline)}
            self._steps.extend(self.call("steps", **given)["steps"])
        return self._took(self._steps.popleft())

    def _told(self) -> None:
        if self._steps:
            raise RuntimeError(f"the clock is {len(self._steps)} steps ahead of second {self.now:g}")

    def write(self, host: str, row: int, *, times: int, every: float) -> list[dict[str, Any]]:
        """Let time pass and ask a host to write a row, again and again: what was answered, and when (`at`), row by row."""
        answers: list[dict[str, Any]] = self._passed("write", host=host, row=row, times=times, every=every)[
            "answers"
        ]
        return answers

    def _passed(self, verb: str, **given: Any) -> Any:
        return self._took(self.call(verb, known=len(self.timeline), **given))

    def _took(self, answer: Any) -> Any:
        self.now = answer["now"]
        self.timeline += answer["timeline"]
        return answer

    def note(self, who: str, what: str, where: str = "") -> None:
        """Write a line of the timeline."""
        self.call("note", who=who, what=what, where=where)

    def heard(self, who: str, since: int) -> bool:
        """Whether the timeline has a line of theirs after its first `since`: until then, to ask for hours is for nothing."""
        return any(line["who"] == who for line in self.timeline[since:])

    def end(self) -> None:
        """End the copy, if it lives."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.aws.pid, signal.SIGKILL)
        forget(self.aws.endpoint)

    def boto(self, service: str, region: str, by: str = OPERATOR) -> Any:
        """A boto3 client of the copy; the timeline says who calls."""
        self._told()
        return client(self.aws.endpoint, service, region, by)


def copied(aws: Server) -> Server:
    """A copy of an AWS, which somebody ends. What it was copied from stays as it is."""
    return Server(**aws.call("POST", "/sandbox/copy", {}))

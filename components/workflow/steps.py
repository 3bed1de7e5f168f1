"""The steps of a workflow, what a workflow of them takes at the longest, and what Step Functions allows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.checks import ArgumentError, at_least, between, each_once, need, one_of

STANDARD, EXPRESS = "standard", "express"
LONGEST_SECONDS = {STANDARD: 365 * 86_400, EXPRESS: 300}
"""How long an execution may last.
https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html"""
HISTORY_EVENTS = 25_000
"""Of a Standard execution; the same page. Express has no such limit."""
PAYLOAD_BYTES = 262_144
"""Of a state's input or result; the same page."""
ATTEMPTS = (1, 20)
HEARTBEAT_LEAST = 1
FIRST_DELAY, LONGEST_DELAY, BACKOFF = 2, 60, 2
"""Seconds before the second attempt, seconds at the most, and how the delay grows; each with full jitter, from nothing up to that.
https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/"""
_EVENTS_OF_ATTEMPT, _EVENTS_OF_STATE, _NOTES = 5, 2, 5
"""Events of a task's attempt (scheduled, started, submitted, ended, and one to spare), of a state (entered, left), attempts of a note.
https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html"""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """Where a service works off its step's messages."""

    url: pulumi.Input[str]
    arn: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class Step:
    """One step. It must bear being done, and undone, twice under the same id."""

    name: str
    queue: Queue | None = None
    """A message is sent there, and the service that owns the step answers with the message's task token."""
    function_arn: pulumi.Input[str] | None = None
    """The alias of a function that is called instead. Exactly one of the two."""
    timeout_seconds: int
    """Time for one attempt, 1 or more."""
    heartbeat_seconds: int | None = None
    """With a queue: the service is taken for dead when it says nothing for so long. Less than `timeout_seconds`."""
    attempts: int = 3
    """How often it is tried, 1 to 20."""
    undo: bool = False
    """Whether it is undone when a later one fails, or when nobody knows whether it was done."""
    undo_attempts: int = 3
    """How often that is tried, 1 to 20."""


@dataclass(frozen=True, kw_only=True)
class Approval:
    """Somebody says yes before a step; no answer in time is no."""

    before: str
    """Name of a step."""
    timeout_seconds: int
    topic_arn: pulumi.Input[str]


def delays(attempts: int) -> int:
    """Seconds that pass at most between so many attempts."""
    return sum(min(FIRST_DELAY * BACKOFF**n, LONGEST_DELAY) for n in range(attempts - 1))


def longest(steps: Sequence[Step], approval: Approval | None) -> int:
    """Seconds until an execution has ended: each step is tried as often as it may be, and then all of them are undone."""
    done = sum(each.attempts * each.timeout_seconds + delays(each.attempts) for each in steps)
    undone = sum(
        each.undo_attempts * each.timeout_seconds + delays(each.undo_attempts) for each in steps if each.undo
    )
    return done + undone + (approval.timeout_seconds if approval else 0)


def events(steps: Sequence[Step]) -> int:
    """Events of the history of an execution at the most: each step noted, tried as often as may be and undone the same."""

    def of(attempts: int) -> int:
        return _EVENTS_OF_STATE + attempts * _EVENTS_OF_ATTEMPT

    each_step = (
        of(_NOTES) + of(each.attempts) + (of(each.undo_attempts) if each.undo else 0) for each in steps
    )
    return 4 * of(_NOTES) + sum(each_step)  # how it begins, the approval, and how it ends


def check_steps(kind: str, steps: Sequence[Step], approval: Approval | None) -> None:
    """Raise ArgumentError for what Step Functions would refuse, or could not bring to an end."""
    one_of("kind", kind, LONGEST_SECONDS)
    at_least("steps", steps, 1, "a workflow does something")
    each_once("steps.name", [each.name for each in steps])
    for place, each in enumerate(steps):
        _check(kind, f"steps[{place}]", each)
    if approval is not None:
        if kind == EXPRESS:
            raise ArgumentError("approval", "an approval", "none with express, which has no task tokens")
        need(
            approval.before in [each.name for each in steps],
            "approval.before",
            repr(approval.before),
            f"one of {', '.join(each.name for each in steps)}",
        )
        need(approval.timeout_seconds >= 1, "approval.timeout_seconds", approval.timeout_seconds, "1 or more")
    seconds, most = longest(steps, approval), LONGEST_SECONDS[kind]
    need(
        seconds <= most, "steps", f"{seconds} s at the longest, undone too", f"up to {most} s, as {kind} has"
    )
    found = events(steps)
    fits = kind == EXPRESS or found <= HISTORY_EVENTS
    need(fits, "steps", f"{found} events at the most", f"up to {HISTORY_EVENTS}, as {kind} has")


def _check(kind: str, where: str, step: Step) -> None:
    one = (step.queue is None) != (step.function_arn is None)
    need(one, f"{where}.queue", "both or neither", "a queue or a function, one of them")
    if step.queue is not None and kind == EXPRESS:
        raise ArgumentError(f"{where}.queue", "a queue", "a function with express, which has no task tokens")
    need(step.timeout_seconds >= 1, f"{where}.timeout_seconds", step.timeout_seconds, "1 or more")
    between(f"{where}.attempts", step.attempts, *ATTEMPTS, "times")
    between(f"{where}.undo_attempts", step.undo_attempts, *ATTEMPTS, "times")
    beat = step.heartbeat_seconds
    if beat is None:
        return
    need(
        step.queue is not None,
        f"{where}.heartbeat_seconds",
        beat,
        "nothing with a function, which sends none",
    )
    below = HEARTBEAT_LEAST <= beat < step.timeout_seconds
    need(below, f"{where}.heartbeat_seconds", beat, f"{HEARTBEAT_LEAST} or more and less than the time-out")

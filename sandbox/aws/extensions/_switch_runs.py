"""Executions of Region switch plans: step by step, as far as nobody and nothing has to be waited for."""

from __future__ import annotations

import json
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import ClientError
from moto.core.utils import utcnow

from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions import _switch_blocks as blocks
from sandbox.aws.extensions._switch_checks import steps_of
from sandbox.aws.turns import aside

ENDED = frozenset({"completed", "canceled", "failed", "planExecutionTimedOut"})
_DONE = ("completed", "skipped")
_STOPS = {"failed": "pausedByFailedStep", "pendingApproval": "pendingManualApproval"}
_EVENTS = {
    "running": "stepStarted",
    "completed": "stepSucceeded",
    "skipped": "stepSkipped",
    "failed": "stepPausedByError",
    "pendingApproval": "stepPendingApproval",
    "canceled": "stepCanceled",
}
_OF_CHILD = {"completed": "completed", "inProgress": "running"}
_LOOKS = 10.0
"""Simulated seconds between two looks at a step that waits."""
_UNBOUNDED = float("inf")
Child = Callable[[str, "Execution"], "Execution"]
"""Starts, or finds again, the execution of a child plan by its ARN for an execution."""


@dataclass
class Execution:
    """One run of one workflow. Steps that failed or wait for approval hold it until somebody acts."""

    plan: dict[str, Any]
    vended: dict[tuple[str, str, str], str]
    workflow: dict[str, Any]
    action: str
    region: str
    """The region that `action` is for."""
    mode: str
    child: Child
    comment: str | None = None
    token: str | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    state: str = "inProgress"
    started: Any = field(default_factory=utcnow)
    ended: Any = None
    steps: dict[str, dict[str, Any]] = field(default_factory=dict)
    events: list[dict[str, Any]] = field(default_factory=list)
    approved: set[str] = field(default_factory=set)
    ungraceful: set[str] = field(default_factory=set)
    """Steps that somebody switched to ungraceful."""
    _begun: dict[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.steps = {
            s["name"]: {"name": s["name"], "status": "notStarted"} for s in steps_of(self.workflow["steps"])
        }
        self.note("executionStarted")

    def note(self, kind: str, **more: Any) -> None:
        """Add an event."""
        before = self.events[-1]["eventId"] if self.events else None
        self.events.append(
            {
                "timestamp": utcnow(),
                "type": kind,
                "eventId": str(uuid.uuid4()),
                "previousEventId": before,
                **more,
            }
        )

    @aside()
    def proceed(self) -> None:
        """Run what can run: until the end, a failed step, or a step that waits for approval."""
        if self.state in ENDED or self.state == "pausedByOperator":
            return
        self.state = "inProgress"
        for step in self.workflow["steps"]:
            status = self._take(step)
            if status == "running":
                CLOCK.once(f"execution {self.id}", _LOOKS, self.proceed)
                return
            if status not in _DONE:
                self.state = _STOPS[status]
                return
        self._end("completed", "executionSucceeded")
        self._report()

    def cancel(self) -> None:
        """End it; steps that have not begun are canceled."""
        for name, known in self.steps.items():
            if known["status"] not in _DONE:
                self._mark(name, "canceled")
        self._end("canceled", "executionCanceled")

    def skip(self, name: str) -> None:
        """Take a step for done."""
        self._mark(name, "skipped")

    def _end(self, state: str, event: str) -> None:
        self.state, self.ended = state, utcnow()
        self.note(event)

    def _take(self, step: dict[str, Any]) -> str:
        """Run a step, unless it is done; its status."""
        name = step["name"]
        if self.steps[name]["status"] in _DONE:
            return str(self.steps[name]["status"])
        if self.steps[name]["status"] != "running":
            self._mark(name, "running", step)
            self._begun[name] = CLOCK.now
        config = step["executionBlockConfiguration"]
        try:
            status = (
                self._parallel(config["parallelConfig"]) if "parallelConfig" in config else self._alone(step)
            )
        except blocks.StepWaitsError as waits:
            if CLOCK.now - self._begun[name] <= _patience(config):
                return "running"
            self._mark(name, "failed", step, error=f"timed out: {waits}")
            return "failed"
        except blocks.StepFailedError as failed:
            self._mark(name, "failed", step, error=str(failed))
            return "failed"
        if status != "running":
            self._mark(name, status, step)
        return status

    def _parallel(self, config: dict[str, Any]) -> str:
        """Every step of it, also when one fails: they run beside each other."""
        found = [self._take(each) for each in config["steps"]]
        return next((bad for bad in ("failed", "running", "pendingApproval") if bad in found), "completed")

    def _alone(self, step: dict[str, Any]) -> str:
        name, config = step["name"], step["executionBlockConfiguration"]
        if "executionApprovalConfig" in config:
            return "completed" if name in self.approved else "pendingApproval"
        if "regionSwitchPlanConfig" in config:
            child = self.child(config["regionSwitchPlanConfig"]["arn"], self)
            child.proceed()
            if child.state == "pausedByFailedStep":
                raise blocks.StepFailedError(f"{child.plan['arn']} paused at a failed step")
            return _OF_CHILD.get(child.state, "pendingApproval")
        ungraceful = self.mode == "ungraceful" or name in self.ungraceful
        [(block, settings)] = config.items()
        move = blocks.Move(self.plan, self.vended, self.action, self.region, ungraceful, self.id, name)
        blocks.run(block, settings, move)
        return "completed"

    def _mark(self, name: str, status: str, step: dict[str, Any] | None = None, **more: Any) -> None:
        known = self.steps[name]
        known["status"] = status
        known.setdefault("startTime", utcnow())
        known["stepMode"] = (
            "ungraceful" if self.mode == "ungraceful" or name in self.ungraceful else "graceful"
        )
        if status in (*_DONE, "failed", "canceled"):
            known["endTime"] = utcnow()
        kind = {"executionBlockType": step["executionBlockType"]} if step else {}
        self.note(_EVENTS[status], stepName=name, **kind, **more)
        CLOCK.note(
            "Region switch", f"step {name}: {status}{' (' + more['error'] + ')' if more else ''}", self.region
        )

    def _report(self) -> None:
        """Leave a report where the plan says. AWS writes a PDF; the sandbox writes the same facts as JSON."""
        for output in self.plan.get("reportConfiguration", {}).get("reportOutput", []):
            bucket, _, prefix = output["s3Configuration"]["bucketPath"].removeprefix("s3://").partition("/")
            key = "/".join(part for part in (prefix.strip("/"), f"{self.id}.json") if part)
            body = json.dumps(self.shown(), default=str).encode()
            try:
                blocks.client("s3", self.region).put_object(Bucket=bucket, Key=key, Body=body)
            except ClientError as error:
                self.note("planEvaluationWarning", error=f"no report: {error}")

    def shown(self) -> dict[str, Any]:
        """As ListPlanExecutions shows it."""
        return {
            "planArn": self.plan["arn"],
            "executionId": self.id,
            "version": self.plan["version"],
            "updatedAt": self.events[-1]["timestamp"],
            "comment": self.comment,
            "startTime": self.started,
            "endTime": self.ended,
            "mode": self.mode,
            "executionState": self.state,
            "executionAction": self.action,
            "executionRegion": self.region,
        }


def _patience(config: dict[str, Any]) -> float:
    """Seconds that a step may take, by its block's own time-out."""
    [settings] = config.values()
    minutes = settings.get("timeoutMinutes")
    return _UNBOUNDED if minutes is None else 60.0 * float(minutes)

"""Region switch plans that exist, and the beginning of their executions: by a call, or by an alarm."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from moto.cloudwatch.models import cloudwatch_backends
from moto.core.utils import utcnow

from sandbox.aws import own
from sandbox.aws.client import ACCOUNT
from sandbox.aws.extensions._switch_runs import ENDED, Execution
from sandbox.aws.faults import TABLE


@dataclass
class Kept:
    """A plan and what belongs to it."""

    plan: dict[str, Any]
    tags: dict[str, str]
    vended: dict[tuple[str, str, str], str] = field(default_factory=dict)
    executions: dict[str, Execution] = field(default_factory=dict)


PLANS: dict[str, Kept] = {}
"""By ARN."""


def find(arn: str) -> Kept:
    """The plan with that ARN. Raises what AWS says of one that isn't there."""
    if arn not in PLANS:
        raise own.Refused("ResourceNotFoundException", f"Plan {arn} was not found")
    return PLANS[arn]


def running(kept: Kept) -> Execution | None:
    return next((e for e in kept.executions.values() if e.state not in ENDED), None)


def start(kept: Kept, action: str, target: str, mode: str = "graceful", **more: Any) -> Execution:
    """Begin an execution and run it as far as it goes."""
    found = next(
        (e for e in kept.executions.values() if more.get("token") and e.token == more["token"]), None
    )
    if found:
        return found
    if running(kept):
        raise own.Refused("IllegalStateException", "The plan has an execution in progress")
    workflow = next(
        (
            w
            for w in kept.plan["workflows"]
            if w["workflowTargetAction"] == action and w.get("workflowTargetRegion", target) == target
        ),
        None,
    )
    if workflow is None or target not in kept.plan["regions"]:
        raise own.Refused("IllegalArgumentException", f"The plan has no workflow to {action} {target}")
    plan = copy.deepcopy(kept.plan)
    execution = Execution(plan, kept.vended, workflow, action, target, mode, _child, **more)
    kept.executions[execution.id] = execution
    execution.proceed()
    return execution


def _child(arn: str, parent: Execution) -> Execution:
    kept = find(arn)
    token = f"{parent.id}/{arn}"
    return start(kept, parent.action, parent.region, parent.mode, token=token)


_COLOUR = {"red": "ALARM", "green": "OK"}


def alarmed(arn: str) -> None:
    """Start what waits for an alarm that has changed: every trigger that names it and whose conditions now all hold.

    https://docs.aws.amazon.com/r53recovery/latest/dg/working-with-rs-triggers.html
    """
    for kept in list(PLANS.values()):
        alarms = {name: a["resourceIdentifier"] for name, a in kept.plan.get("associatedAlarms", {}).items()}
        for trigger in kept.plan.get("triggers", []):
            wanted = {
                alarms[c["associatedAlarmName"]]: _COLOUR[c["condition"]] for c in trigger["conditions"]
            }
            if arn not in wanted or any(_state(each) != state for each, state in wanted.items()):
                continue
            if not running(kept) and not _soon(kept, trigger):
                start(kept, trigger["action"], trigger["targetRegion"], comment=_BY_ALARM)


_BY_ALARM = "started by a trigger"


def _soon(kept: Kept, trigger: dict[str, Any]) -> bool:
    """Whether the last execution that a trigger started is less than the minimum delay ago."""
    delay = timedelta(minutes=trigger["minDelayMinutesBetweenExecutions"])
    return any(e.comment == _BY_ALARM and utcnow() - e.started < delay for e in kept.executions.values())


def _state(arn: str) -> str | None:
    region, name = arn.split(":")[3], arn.split(":", 6)[6]
    if TABLE.region_lost(region):
        return None
    alarm = cloudwatch_backends[ACCOUNT][region].alarms.get(name)
    return None if alarm is None else str(alarm.state_value)

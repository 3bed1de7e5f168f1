"""The operations of Region switch's data plane: executions of plans, from start to end."""

from __future__ import annotations

from typing import Any

from sandbox.aws import own
from sandbox.aws.extensions._switch_runs import ENDED, Execution
from sandbox.aws.extensions._switch_store import find, start


def _start(given: dict[str, Any], region: str) -> dict[str, Any]:
    kept, action, target = find(given["planArn"]), given["action"], given["targetRegion"]
    if (region == target) is not (action == "activate"):
        place = (
            "in the region that it activates"
            if action == "activate"
            else "in a region that it does not deactivate"
        )
        raise own.Refused("IllegalArgumentException", f"An execution is started {place}, not in {region}")
    execution = start(
        kept,
        action,
        target,
        given.get("mode") or "graceful",
        comment=given.get("comment"),
        token=given.get("clientToken"),
    )
    other = next(r for r in kept.plan["regions"] if r != target)
    up, down = (target, other) if action == "activate" else (other, target)
    return {
        "executionId": execution.id,
        "plan": kept.plan["arn"],
        "planVersion": kept.plan["version"],
        "activateRegion": up,
        "deactivateRegion": down,
    }


def _execution(given: dict[str, Any]) -> Execution:
    found = find(given["planArn"]).executions.get(given["executionId"])
    if found is None:
        raise own.Refused("ResourceNotFoundException", f"Execution {given['executionId']} was not found")
    return found


def _get_execution(given: dict[str, Any], _region: str) -> dict[str, Any]:
    execution = _execution(given)
    if execution.state == "pendingManualApproval":  # a child plan's step may have been approved since
        execution.proceed()
    return {**execution.shown(), "stepStates": list(execution.steps.values()), "plan": execution.plan}


def _list_executions(given: dict[str, Any], _region: str) -> dict[str, Any]:
    every = [e.shown() for e in find(given["planArn"]).executions.values()]
    return {"items": [e for e in every if given.get("state") in (None, e["executionState"])]}


def _events(given: dict[str, Any], _region: str) -> dict[str, Any]:
    return {"items": [e for e in _execution(given).events if given.get("name") in (None, e.get("stepName"))]}


def _approve(given: dict[str, Any], _region: str) -> dict[str, Any]:
    execution = _execution(given)
    _step(execution, given["stepName"], "pendingApproval")
    if given["approval"] == "decline":
        execution.cancel()
        return {}
    execution.approved.add(given["stepName"])
    execution.proceed()
    return {}


def _step(execution: Execution, name: str, status: str) -> None:
    if execution.steps.get(name, {}).get("status") != status:
        raise own.Refused("ResourceNotFoundException", f"No step {name} is {status}")


def _update_step(given: dict[str, Any], _region: str) -> dict[str, Any]:
    execution, name = _execution(given), given["stepName"]
    _step(execution, name, "failed")
    if given["actionToTake"] == "skip":
        execution.skip(name)
    else:
        execution.ungraceful.add(name)
    execution.proceed()
    return {}


def _update_execution(given: dict[str, Any], _region: str) -> dict[str, Any]:
    execution, action = _execution(given), given["action"]
    if execution.state in ENDED:
        raise own.Refused("IllegalStateException", f"The execution is {execution.state}")
    if action == "pause":
        execution.state = "pausedByOperator"
        return {}
    if action.startswith("switchTo"):
        execution.mode = action.removeprefix("switchTo").lower()
    execution.state = "inProgress"
    execution.proceed()
    return {}


def _cancel(given: dict[str, Any], _region: str) -> dict[str, Any]:
    _execution(given).cancel()
    return {}


OPERATIONS = {
    "StartPlanExecution": _start,
    "GetPlanExecution": _get_execution,
    "ListPlanExecutions": _list_executions,
    "ListPlanExecutionEvents": _events,
    "ApprovePlanExecutionStep": _approve,
    "UpdatePlanExecution": _update_execution,
    "UpdatePlanExecutionStep": _update_step,
    "CancelPlanExecution": _cancel,
}

"""ARC Region switch: plans, the health checks that they vend, and executions that act on this very AWS.

Differences to AWS: a step is done or fails at once, so that an execution's answer already has what it could do; a plan that was
changed is everywhere at once. The control plane goes with us-east-1, executions need their own region only.
https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html
"""

from __future__ import annotations

import secrets
import string
from typing import Any

from moto.core.utils import utcnow

from sandbox.aws import own
from sandbox.aws.client import ACCOUNT
from sandbox.aws.extensions import _switch_checks as checks
from sandbox.aws.extensions import _switch_executions as executions
from sandbox.aws.extensions._switch_plan import check_plan
from sandbox.aws.extensions._switch_store import PLANS, Kept, find, running
from sandbox.aws.faults import TABLE

CONTROL_REGION = "us-east-1"
"""https://docs.aws.amazon.com/r53recovery/latest/dg/data-and-control-planes-rs.html"""
_SUFFIX = string.ascii_lowercase + string.digits
_FIELDS = (
    "description", "workflows", "executionRole", "recoveryTimeObjectiveMinutes", "associatedAlarms", "triggers",
    "reportConfiguration", "name", "regions", "recoveryApproach", "primaryRegion",
)  # fmt: skip
_FIXED = ("name", "regions", "recoveryApproach", "primaryRegion")
"""What no update changes."""


def _create(given: dict[str, Any], _region: str) -> dict[str, Any]:
    if any(kept.plan["name"] == given["name"] for kept in PLANS.values()):
        raise own.Refused("IllegalArgumentException", f"A plan named {given['name']} exists")
    plan = {name: given[name] for name in _FIELDS if given.get(name) is not None}
    suffix = "".join(secrets.choice(_SUFFIX) for _ in range(6))
    plan |= {
        "arn": f"arn:aws:arc-region-switch::{ACCOUNT}:plan/{plan['name']}:{suffix}",
        "owner": ACCOUNT,
    }
    return {"plan": _settle(Kept(plan, dict(given.get("tags") or {})), "1").plan}


def _update(given: dict[str, Any], _region: str) -> dict[str, Any]:
    kept = find(given["arn"])
    stays = {name: kept.plan[name] for name in (*_FIXED, "arn", "owner") if name in kept.plan}
    changed = {name: given[name] for name in _FIELDS if name not in _FIXED and given.get(name) is not None}
    fresh = Kept({**changed, **stays}, kept.tags, kept.vended, kept.executions)
    return {"plan": _settle(fresh, str(int(kept.plan["version"]) + 1)).plan}


def _settle(kept: Kept, version: str) -> Kept:
    """Check a plan, keep it and vend its health checks."""
    check_plan(kept.plan)
    kept.plan |= {"version": version, "updatedAt": utcnow()}
    PLANS[kept.plan["arn"]] = kept
    checks.vend(kept.plan, kept.vended)
    return kept


def _delete(given: dict[str, Any], _region: str) -> dict[str, Any]:
    kept = find(given["arn"])
    if running(kept):
        raise own.Refused("IllegalStateException", "The plan has an execution in progress")
    checks.vend({**kept.plan, "workflows": []}, kept.vended)
    del PLANS[given["arn"]]
    return {}


def _get(given: dict[str, Any], _region: str) -> dict[str, Any]:
    return {"plan": find(given["arn"]).plan}


def _list(_given: dict[str, Any], _region: str) -> dict[str, Any]:
    names = (
        "arn",
        "owner",
        "name",
        "regions",
        "recoveryApproach",
        "primaryRegion",
        "version",
        "updatedAt",
        "description",
    )
    return {"plans": [{n: k.plan[n] for n in names if n in k.plan} for k in PLANS.values()]}


def _health_checks(given: dict[str, Any], _region: str) -> dict[str, Any]:
    kept = find(given["arn"])
    every = checks.found(kept.plan, kept.vended)
    wanted = {name: given[name] for name in ("hostedZoneId", "recordName") if given.get(name)}
    return {"healthChecks": [c for c in every if all(c[n] == v for n, v in wanted.items())]}


def _evaluation(given: dict[str, Any], region: str) -> dict[str, Any]:
    kept, now = find(given["planArn"]), utcnow()
    said = [
        {
            "version": kept.plan["version"],
            "warningStatus": "active",
            "warningUpdatedTime": now,
            "warningMessage": message,
        }
        for message in checks.warnings(kept.plan, kept.vended)
    ]
    state = "actionRequired" if said else "passed"
    return {
        "planArn": given["planArn"],
        "lastEvaluationTime": now,
        "lastEvaluatedVersion": kept.plan["version"],
        "region": region,
        "evaluationState": state,
        "warnings": said,
    }


def _tags(given: dict[str, Any], _region: str) -> dict[str, Any]:
    return {"resourceTags": find(given["arn"]).tags}


def _tag(given: dict[str, Any], _region: str) -> dict[str, Any]:
    find(given["arn"]).tags.update(given["tags"])
    return {}


def _untag(given: dict[str, Any], _region: str) -> dict[str, Any]:
    for key in given["resourceTagKeys"]:
        find(given["arn"]).tags.pop(key, None)
    return {}


def _controlled(operation: own.Operation) -> own.Operation:
    """An operation of the control plane, which is in one region."""

    def call(given: dict[str, Any], region: str) -> dict[str, Any]:
        if TABLE.region_lost(CONTROL_REGION):
            raise own.Refused(
                "ServiceUnavailable", f"Region switch's control plane is in {CONTROL_REGION}, which is lost"
            )
        return operation(given, region)

    return call


_CONTROL = {
    "CreatePlan": _create,
    "UpdatePlan": _update,
    "DeletePlan": _delete,
    "GetPlan": _get,
    "ListPlans": _list,
    "ListRoute53HealthChecks": _health_checks,
    "ListTagsForResource": _tags,
    "TagResource": _tag,
    "UntagResource": _untag,
}
_DATA = {
    "GetPlanInRegion": _get,
    "ListPlansInRegion": _list,
    "ListRoute53HealthChecksInRegion": _health_checks,
    "GetPlanEvaluationStatus": _evaluation,
}


def install() -> None:
    """Serve the operations."""
    controlled = {name: _controlled(operation) for name, operation in _CONTROL.items()}
    own.SERVICES["arc-region-switch"] = {**controlled, **_DATA, **executions.OPERATIONS}


def reset() -> None:
    """Forget every plan; Route 53 forgets the health checks."""
    PLANS.clear()

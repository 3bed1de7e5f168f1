"""ARC Region switch: plans, and the health checks that they vend."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Invoke, Read, Resource, arn_tags

_KEYED = {
    "regionAndRoutingControls": ("region", "routingControls"),
    "regionEventSourceMappings": ("region", None),
}
"""Lists that are maps in AWS's API: the key of an entry, and what of it is the value; None: the rest."""
_TAKEN = (
    "associatedAlarms", "description", "executionRole", "recoveryTimeObjectiveMinutes", "reportConfigurations", "triggers", "workflows",
)  # fmt: skip


_FIXED = ("name", "regions", "recoveryApproach", "primaryRegion")


def _step(given: Mapping[str, Any]) -> dict[str, Any]:
    """A step, whose block's configuration is one of many lists of one in Pulumi, and a union in AWS's API."""
    blocks = {
        name.removesuffix("s"): value for name, value in given.items() if name.endswith("Configs") and value
    }
    configuration = {name: _block(value[0]) for name, value in blocks.items()}
    plain = {name: value for name, value in given.items() if not name.endswith("Configs")}
    return {**plain, "executionBlockConfiguration": configuration}


def _block(given: Mapping[str, Any]) -> dict[str, Any]:
    found = {("ungraceful" if name == "ungracefuls" else name): value for name, value in given.items()}
    if "steps" in found:
        found["steps"] = [_step(each) for each in found["steps"]]
    for name in _KEYED.keys() & found.keys():
        key, value = _KEYED[name]
        found[name] = {
            each[key]: each[value] if value else {k: v for k, v in each.items() if k != key}
            for each in found[name]
        }
    return found


def _plan(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """CreatePlan and UpdatePlan: what is nested otherwise than in Pulumi."""
    given, members = ctx.inputs, ctx.api.input_shape("arc-region-switch", "CreatePlan").members
    nested: dict[str, Any] = {
        "workflows": [
            {**workflow, "steps": [_step(each) for each in workflow.get("steps") or ()]}
            for workflow in given.get("workflows") or ()
        ],
        "associatedAlarms": {
            alarm["mapBlockKey"]: {k: v for k, v in alarm.items() if k != "mapBlockKey"}
            for alarm in given.get("associatedAlarms") or ()
        },
    }
    for report in given.get("reportConfigurations") or ():
        outputs = [{"s3Configuration": out["s3Configurations"]} for out in report.get("reportOutputs") or ()]
        nested["reportConfiguration"] = {"reportOutput": outputs}
    return {**params, **{n: shapes.to_aws(v, members[n], {}, n) for n, v in nested.items()}}


PLAN = Resource(
    token="aws:arcregionswitch/plan:Plan",  # noqa: S106  a resource type's token is no secret
    service="arc-region-switch",
    create=Call("CreatePlan", take=(*_FIXED, *_TAKEN), adjust=_plan),
    id="plan.arn",
    read=Read("GetPlan", {"arn": "id"}, path="plan"),
    update=(Call("UpdatePlan", {"arn": "id"}, take=_TAKEN, whole=True, adjust=_plan),),
    delete=(Call("DeletePlan", {"arn": "id"}),),
    outputs={"arn": "arn"},
    replace=_FIXED,
    tags=arn_tags(
        arn="id",
        arn_param="arn",
        at_create="tags",
        form="map",
        add_param="tags",
        remove_param="resourceTagKeys",
    ),
    autoname=("name", 32),
    rename={"workflows": "see _plan", "associatedAlarms": "see _plan", "reportConfigurations": "see _plan"},
    ignore={"timeouts": "the sandbox waits for nothing"},
    kind="extended",
)
RESOURCES = (PLAN,)


def _health_checks(args: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    found = ctx.call("ListRoute53HealthChecks", {"arn": args["planArn"]})["healthChecks"]
    return {"id": args["planArn"], "planArn": args["planArn"], "healthChecks": found, "region": ctx.region}


INVOKES = (
    Invoke(
        token="aws:arcregionswitch/getRoute53HealthChecks:getRoute53HealthChecks",  # noqa: S106
        service="arc-region-switch",
        op="ListRoute53HealthChecks",
        function=_health_checks,
    ),
)

"""EventBridge: rules and their targets."""

from __future__ import annotations

from typing import Any

from sandbox.provider import shapes
from sandbox.provider.api import AwsError
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource

_KEPT = "the sandbox keeps nothing that is removed from the program"
_BUS = "in.eventBusName || 'default'"
_PUT_RULE = Call("PutRule", whole=True)

RULE = simulated(
    "aws:cloudwatch/eventRule:EventRule",
    create=_PUT_RULE,
    # As the provider has it: the bus is part of the id unless it is the default one.
    id="in.eventBusName && in.eventBusName != 'default' && join('/', [in.eventBusName, in.name]) || in.name",
    read=Read("DescribeRule", {"Name": "in.name", "EventBusName": _BUS}),
    update=(_PUT_RULE,),
    delete=(Call("DeleteRule", {"Name": "in.name", "EventBusName": _BUS}),),
    replace=("name", "eventBusName"),
    autoname=("name", 64),
    ignore={"forceDestroy": _KEPT},
    outputs={"arn": "Arn"},
)

_OF_TARGET = (
    "arn",
    "deadLetterConfig",
    "input",
    "inputPath",
    "inputTransformer",
    "retryPolicy",
    "roleArn",
)
_RENAME = {
    "inputPaths": "InputPathsMap",
    "maximumEventAgeInSeconds": "MaximumEventAgeInSeconds",
    "maximumRetryAttempts": "MaximumRetryAttempts",
}


def _target(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    shape = ctx.api.input_shape("events", "PutTargets").members["Targets"].member
    given = {key: value for key, value in ctx.inputs.items() if key in _OF_TARGET}
    target = {**shapes.to_aws(given, shape, _RENAME, "target"), "Id": ctx.inputs["targetId"]}
    return {**params, "Targets": [target]}


class _Target(Resource):
    """A target, which AWS lists but does not describe."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        bus = ctx.inputs.get("eventBusName") or "default"
        try:
            answer = ctx.call("ListTargetsByRule", {"Rule": ctx.inputs["rule"], "EventBusName": bus})
        except AwsError as error:
            if error.missing:
                return None
            raise
        return next((t for t in answer["Targets"] if t["Id"] == ctx.inputs["targetId"]), None)


_PUT_TARGETS = Call(
    "PutTargets",
    {"Rule": "in.rule", "EventBusName": _BUS},
    take=_OF_TARGET,
    when=("rule", "eventBusName"),
    whole=True,
    adjust=_target,
)

TARGET = simulated(
    "aws:cloudwatch/eventTarget:EventTarget",
    _Target,
    create=_PUT_TARGETS,
    update=(_PUT_TARGETS,),
    delete=(Call("RemoveTargets", {"Rule": "in.rule", "EventBusName": _BUS, "Ids": "[in.targetId]"}),),
    replace=("rule", "eventBusName", "targetId"),
    autoname=("targetId", 64),
    ignore={"forceDestroy": _KEPT},
    outputs={"arn": "Arn"},
    kind="extended",
)

RESOURCES = (RULE, TARGET)

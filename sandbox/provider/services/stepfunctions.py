"""Step Functions: state machines, which moto's interpreter runs, and their aliases."""

from __future__ import annotations

from typing import Any

from sandbox.provider import shapes
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, small_tags

_TAKEN = ("definition", "loggingConfiguration", "roleArn", "tracingConfiguration")


def _machine(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """The group of the log is a list of destinations in AWS's API."""
    given = dict(ctx.inputs.get("loggingConfiguration") or {})
    if not given:
        return params
    where = given.pop("logDestination", None)
    shape = ctx.api.input_shape("stepfunctions", "CreateStateMachine").members["loggingConfiguration"]
    logging = shapes.to_aws(given, shape, {}, "loggingConfiguration")
    if where:
        logging["destinations"] = [{"cloudWatchLogsLogGroup": {"logGroupArn": where}}]
    return {**params, "loggingConfiguration": logging}


MACHINE = simulated(
    "aws:sfn/stateMachine:StateMachine",
    create=Call("CreateStateMachine", take=("name", "type", "publish", *_TAKEN), adjust=_machine),
    id="stateMachineArn",
    read=Read(
        "DescribeStateMachine",
        {"stateMachineArn": "id"},
        merge=(
            Read(
                "ListStateMachineVersions",
                {"stateMachineArn": "id"},
                "{version: stateMachineVersions[0].stateMachineVersionArn}",
            ),
        ),
    ),
    update=(
        Call(
            "UpdateStateMachine",
            {"stateMachineArn": "id"},
            take=("publish", *_TAKEN),
            whole=True,
            adjust=_machine,
        ),
    ),
    delete=(Call("DeleteStateMachine", {"stateMachineArn": "id"}),),
    rename={"loggingConfiguration": "see _machine"},
    replace=("name", "type"),
    tags=small_tags("id"),
    outputs={"arn": "stateMachineArn", "status": "status", "stateMachineVersionArn": "version"},
    keeps=True,
)
ALIAS = simulated(
    "aws:sfn/alias:Alias",
    create=Call("CreateStateMachineAlias"),
    id="stateMachineAliasArn",
    read=Read("DescribeStateMachineAlias", {"stateMachineAliasArn": "id"}),
    update=(
        Call(
            "UpdateStateMachineAlias",
            {"stateMachineAliasArn": "id"},
            take=("description", "routingConfigurations"),
        ),
    ),
    delete=(Call("DeleteStateMachineAlias", {"stateMachineAliasArn": "id"}),),
    rename={"routingConfigurations": "routingConfiguration"},
    replace=("name",),
    outputs={"arn": "stateMachineAliasArn"},
)
RESOURCES = (MACHINE, ALIAS)

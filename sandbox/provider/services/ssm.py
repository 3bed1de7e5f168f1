"""Systems Manager: parameters."""

# ruff: noqa: S106 - a resource type's token is no secret
from __future__ import annotations

from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Invoke, Read, Resource, Tags

PARAMETER = {"ResourceType": "'Parameter'", "ResourceId": "id"}
TAKEN = (
    "allowedPattern",
    "dataType",
    "description",
    "insecureValue",
    "keyId",
    "tier",
    "type",
    "value",
    "valueWo",
)


def one_value(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Whichever of the three values is given."""
    values = (ctx.inputs.get(name) for name in ("value", "insecureValue", "valueWo"))
    return {**params, "Value": next(value for value in values if value is not None)}


class Parameter(Resource):
    """A parameter; a write-only value never comes back."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """The parameter, without its value where that is write-only."""
        found = ctx.look()
        if found and ("valueWo" in ctx.inputs or "valueWoVersion" in ctx.inputs):
            found.pop("Value", None)
        return found


RESOURCES = (
    simulated(
        "aws:ssm/parameter:Parameter",
        Parameter,
        create=Call("PutParameter", {"Name": "in.name"}, take=TAKEN, adjust=one_value),
        read=Read("GetParameter", {"Name": "id", "WithDecryption": "`true`"}, path="Parameter"),
        update=(
            Call(
                "PutParameter",
                {"Name": "id", "Overwrite": "`true`"},
                take=TAKEN,
                when=("valueWoVersion",),
                whole=True,
                adjust=one_value,
            ),
        ),
        outputs={"arn": "ARN", "version": "Version"},
        tags=Tags(add=Call("AddTagsToResource", PARAMETER), remove=Call("RemoveTagsFromResource", PARAMETER)),
        ignore={"overwrite": "an update always overwrites"},
        replace=("name",),
        autoname=("name", 1011),
    ),
)

INVOKES: tuple[Invoke, ...] = (
    Invoke(
        token="aws:ssm/getParameter:getParameter",
        service="ssm",
        op="GetParameter",
        params={"WithDecryption": "in.withDecryption != `false`"},
        answer={
            "id": "in.name",
            "arn": "Parameter.ARN",
            "type": "Parameter.Type",
            "value": "Parameter.Value",
            "insecureValue": "Parameter.Type != 'SecureString' && Parameter.Value || `null`",
            "version": "Parameter.Version",
        },
    ),
)

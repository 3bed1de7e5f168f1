"""RDS: subnet groups, option groups, and parameter groups of instances and clusters."""

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.rds import TAGS
from sandbox.provider.table import Call, Read, Resource

_LONGEST = 255
"""Characters of a group's name."""

SUBNET_GROUP = simulated(
    "aws:rds/subnetGroup:SubnetGroup",
    id="DBSubnetGroup.DBSubnetGroupName",
    update=(
        Call(
            "ModifyDBSubnetGroup", {"DBSubnetGroupName": "id"}, take=("description", "subnetIds"), whole=True
        ),
    ),
    rename={"name": "DBSubnetGroupName", "description": "DBSubnetGroupDescription"},
    outputs={"arn": "DBSubnetGroupArn", "name": "DBSubnetGroupName", "vpcId": "VpcId"},
    tags=TAGS,
    autoname=("name", _LONGEST),
    kind="extended",
)


class _Parameters(Resource):
    """A parameter group; parameters no longer named go back to the engine's own value."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        if "parameters" not in changed:
            return
        cluster = self.token.endswith("ClusterParameterGroup")
        kind = "DBClusterParameterGroup" if cluster else "DBParameterGroup"
        new = {p["name"] for p in ctx.inputs.get("parameters") or []}
        gone = [p for p in ctx.old.get("parameters") or [] if p["name"] not in new]
        if gone:
            reset = [{"ParameterName": p["name"], "ApplyMethod": "pending-reboot"} for p in gone]
            ctx.call(f"Reset{kind}", {f"{kind}Name": ctx.id, "Parameters": reset})
        if new:
            ctx.alter(changed)


def _group(kind: str, token: str) -> Resource:
    named = f"{kind}Name"
    return _Parameters(
        token=token,
        service="rds",
        create=Call(f"Create{kind}", rename={"name": named, "family": "DBParameterGroupFamily"}),
        id=f"{kind}.{named}",
        read=Read(f"Describe{kind}s", {named: "id"}, path=f"{kind}s[0]"),
        update=(
            Call(
                f"Modify{kind}",
                {named: "id"},
                take=("parameters",),
                whole=True,
                rename={"name": "ParameterName", "value": "ParameterValue"},
            ),
        ),
        delete=(Call(f"Delete{kind}", {named: "id"}),),
        outputs={"arn": f"{kind}Arn", "name": named},
        defaults={"description": "Managed by Pulumi"},
        tags=TAGS,
        autoname=("name", _LONGEST),
        kind="extended",
    )


class _Options(Resource):
    """An option group; options no longer named are taken out."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        if "options" not in changed:
            return
        new = {each["optionName"] for each in ctx.inputs.get("options") or []}
        gone = [each["optionName"] for each in ctx.old.get("options") or [] if each["optionName"] not in new]
        if gone:
            ctx.call("ModifyOptionGroup", {"OptionGroupName": ctx.id, "OptionsToRemove": gone})
        if new:
            ctx.alter(changed)


OPTION_GROUP = _Options(
    token="aws:rds/optionGroup:OptionGroup",  # noqa: S106  a type
    service="rds",
    create=Call("CreateOptionGroup", rename={"name": "OptionGroupName"}),
    id="OptionGroup.OptionGroupName",
    read=Read("DescribeOptionGroups", {"OptionGroupName": "id"}, path="OptionGroupsList[0]"),
    update=(
        Call(
            "ModifyOptionGroup",
            {"OptionGroupName": "id", "ApplyImmediately": "`true`"},
            take=("options",),
            whole=True,
            rename={"options": "OptionsToInclude", "version": "OptionVersion"},
        ),
    ),
    delete=(Call("DeleteOptionGroup", {"OptionGroupName": "id"}),),
    outputs={"arn": "OptionGroupArn", "name": "OptionGroupName"},
    defaults={"optionGroupDescription": "Managed by Pulumi"},
    ignore={"skipDestroy": "at deletion"},
    tags=TAGS,
    autoname=("name", _LONGEST),
    kind="extended",
)

RESOURCES = (
    SUBNET_GROUP,
    OPTION_GROUP,
    _group("DBParameterGroup", "aws:rds/parameterGroup:ParameterGroup"),
    _group("DBClusterParameterGroup", "aws:rds/clusterParameterGroup:ClusterParameterGroup"),
)

"""Launch templates: every change makes a version, which becomes the default where the program says so."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.provider import shapes
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Resource
from sandbox.provider.values import is_unknown

DATA = (
    "blockDeviceMappings",
    "capacityReservationSpecification",
    "cpuOptions",
    "creditSpecification",
    "disableApiStop",
    "disableApiTermination",
    "ebsOptimized",
    "enclaveOptions",
    "hibernationOptions",
    "iamInstanceProfile",
    "imageId",
    "instanceInitiatedShutdownBehavior",
    "instanceMarketOptions",
    "instanceType",
    "keyName",
    "licenseSpecifications",
    "maintenanceOptions",
    "metadataOptions",
    "monitoring",
    "networkInterfaces",
    "placement",
    "privateDnsNameOptions",
    "securityGroupNames",
    "tagSpecifications",
    "userData",
    "vpcSecurityGroupIds",
)
"""What a version holds."""
NAMES = {"vpcSecurityGroupIds": "SecurityGroupIds", "securityGroupNames": "SecurityGroups"}
INTERFACE_NAMES = {"securityGroups": "Groups"}
NOT_ITS_OWN = {"tagSpecifications": "tagSpecificationsOfInstances"}
"""The template's own tag specifications are those of its tags; `with_data` sends those of the instances."""


def template_data(inputs: Mapping[str, Any], ctx: Context) -> dict[str, Any]:
    """The inputs of a version as `RequestLaunchTemplateData`."""
    shape = ctx.api.client("ec2", "us-east-1").meta.service_model.shape_for("RequestLaunchTemplateData")
    data: dict[str, Any] = {}
    for name in DATA:
        value = inputs.get(name)
        if value is None:
            continue
        if name == "tagSpecifications":
            data["TagSpecifications"] = _tag_specifications(value)
            continue
        member = str(shapes.find(name, shape.members, NAMES))
        renames = INTERFACE_NAMES if name == "networkInterfaces" else {}
        data[member] = shapes.to_aws(value, shape.members[member], renames, name)
    return data


def _tag_specifications(value: Any) -> Any:
    if is_unknown(value):
        return value
    return [
        {
            "ResourceType": each["resourceType"],
            "Tags": [{"Key": k, "Value": v} for k, v in sorted((each.get("tags") or {}).items())],
        }
        for each in value
    ]


def with_data(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """Put the version's inputs where EC2 takes them."""
    wanted = {name: params[name] for name in params if name in ("LaunchTemplateName", "LaunchTemplateId")}
    if ctx.inputs.get("description") is not None:
        wanted["VersionDescription"] = ctx.inputs["description"]
    return {**wanted, "LaunchTemplateData": template_data(ctx.inputs, ctx)}


def refuse(inputs: Mapping[str, Any], ctx: Context) -> str | None:
    """Refuse data that does not fit EC2's model."""
    try:
        template_data(inputs, ctx)
    except shapes.ShapeError as error:
        return f"InvalidRequest: {error}"
    return None


class LaunchTemplate(Resource):
    """A template whose default version follows the latest, or is given."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Make a version of what changed and set the default version."""
        default = ctx.inputs.get("defaultVersion") if "defaultVersion" in changed else None
        if changed & {*DATA, "description"}:
            made = ctx.call("CreateLaunchTemplateVersion", ctx.params(self.update[0]))
            if ctx.inputs.get("updateDefaultVersion"):
                default = made["LaunchTemplateVersion"]["VersionNumber"]
        if default is not None:
            ctx.call("ModifyLaunchTemplate", {"LaunchTemplateId": ctx.id, "DefaultVersion": str(default)})


RESOURCES = (
    simulated(
        "aws:ec2/launchTemplate:LaunchTemplate",
        LaunchTemplate,
        recomputed=("latestVersion", "defaultVersion"),
        create=Call(
            "CreateLaunchTemplate",
            {"LaunchTemplateName": "in.name"},
            take=(*DATA, "description"),
            rename=NOT_ITS_OWN,
            adjust=with_data,
        ),
        update=(
            Call(
                "CreateLaunchTemplateVersion",
                {"LaunchTemplateId": "id"},
                take=(*DATA, "description"),
                whole=True,
                rename=NOT_ITS_OWN,
                adjust=with_data,
            ),
        ),
        outputs={
            "arn": "join('', ['arn:aws:ec2:', region, ':', account, ':launch-template/', id])",
            "latestVersion": "LatestVersionNumber",
            "defaultVersion": "DefaultVersionNumber",
        },
        ignore={
            "updateDefaultVersion": "read when a version is made",
            "defaultVersion": "set after a change",
        },
        autoname=("name", 128),
        kind="extended",
        refuse=refuse,
    ),
)

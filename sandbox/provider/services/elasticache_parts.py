"""ElastiCache: what replication groups stand on: subnets, parameters, and users with their groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource, arn_tags

TAGS = arn_tags(arn_param="ResourceName", add="AddTagsToResource", remove="RemoveTagsFromResource")


def joins_and_leaves(name: str) -> Callable[[dict[str, Any], Context], dict[str, Any]]:
    """What a change of a list of ids asks for: those to add, and those to remove."""

    def adjust(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
        old, new = (set(each.get(name) or ()) for each in (ctx.old, ctx.inputs))
        member = f"{name[0].upper()}{name[1:]}"
        change = {f"{member}ToAdd": sorted(new - old), f"{member}ToRemove": sorted(old - new)}
        return {**params, **{key: value for key, value in change.items() if value}}

    return adjust


SUBNET_GROUP = simulated(
    "aws:elasticache/subnetGroup:SubnetGroup",
    id="CacheSubnetGroup.CacheSubnetGroupName",
    update=(
        Call("ModifyCacheSubnetGroup", {"CacheSubnetGroupName": "id"}, take=("description", "subnetIds")),
    ),
    rename={"name": "CacheSubnetGroupName", "description": "CacheSubnetGroupDescription"},
    outputs={"name": "CacheSubnetGroupName", "arn": "ARN", "vpcId": "VpcId"},
    tags=TAGS,
    autoname=("name", 255),
    kind="extended",
)


def _parameters(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    values = [
        {"ParameterName": each["name"], "ParameterValue": str(each["value"])}
        for each in ctx.inputs.get("parameters") or ()
    ]
    return {**params, "ParameterNameValues": values}


class _ParameterGroup(Resource):
    """A parameter group; what is no longer named goes back to its default."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        names = {each["name"] for each in ctx.inputs.get("parameters") or ()}
        gone = [e for e in ctx.old.get("parameters") or () if e["name"] not in names]
        if gone:
            listed = [{"ParameterName": e["name"], "ParameterValue": str(e["value"])} for e in gone]
            which = {"CacheParameterGroupName": ctx.id, "ResetAllParameters": False}
            ctx.call("ResetCacheParameterGroup", {**which, "ParameterNameValues": listed})
        ctx.alter(changed if names else changed - {"parameters"})


PARAMETER_GROUP = simulated(
    "aws:elasticache/parameterGroup:ParameterGroup",
    _ParameterGroup,
    id="CacheParameterGroup.CacheParameterGroupName",
    read=Read(
        "DescribeCacheParameterGroups", {"CacheParameterGroupName": "id"}, path="CacheParameterGroups[0]"
    ),
    update=(
        Call(
            "ModifyCacheParameterGroup",
            {"CacheParameterGroupName": "id"},
            take=("parameters",),
            whole=True,
            adjust=_parameters,
        ),
    ),
    rename={"name": "CacheParameterGroupName", "family": "CacheParameterGroupFamily"},
    outputs={"name": "CacheParameterGroupName", "arn": "ARN"},
    tags=TAGS,
    autoname=("name", 255),
    kind="extended",
)


def _signs_in(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    """How the user proves who she is, as one structure."""
    mode = ctx.inputs.get("authenticationMode") or {}
    told = {"Type": mode.get("type"), "Passwords": mode.get("passwords")}
    found = {key: value for key, value in told.items() if value}
    return {**params, "AuthenticationMode": found} if found else params


USER = simulated(
    "aws:elasticache/user:User",
    create=Call(
        "CreateUser",
        take=(
            "accessString",
            "authenticationMode",
            "engine",
            "noPasswordRequired",
            "passwords",
            "userId",
            "userName",
        ),
        adjust=_signs_in,
    ),
    id="UserId",
    read=Read("DescribeUsers", {"UserId": "id"}, path="Users[0]"),
    update=(
        Call(
            "ModifyUser",
            {"UserId": "id"},
            take=("accessString", "authenticationMode", "noPasswordRequired", "passwords"),
            adjust=_signs_in,
        ),
    ),
    outputs={"arn": "ARN"},
    tags=TAGS,
    kind="extended",
)


USER_GROUP = simulated(
    "aws:elasticache/userGroup:UserGroup",
    create=Call("CreateUserGroup", take=("engine", "userGroupId", "userIds")),
    id="UserGroupId",
    update=(
        Call(
            "ModifyUserGroup",
            {"UserGroupId": "id"},
            take=("userIds",),
            whole=True,
            adjust=joins_and_leaves("userIds"),
        ),
    ),
    outputs={"arn": "ARN"},
    tags=TAGS,
    kind="extended",
)

RESOURCES = (SUBNET_GROUP, PARAMETER_GROUP, USER, USER_GROUP)

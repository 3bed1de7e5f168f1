"""Lambda: functions with their code, layers, permissions, aliases and event sources."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider import assets
from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource

CODE = ("code", "imageUri", "s3Bucket", "s3Key", "s3ObjectVersion")
SOURCES = {
    "imageUri": "ImageUri",
    "s3Bucket": "S3Bucket",
    "s3Key": "S3Key",
    "s3ObjectVersion": "S3ObjectVersion",
}
CONFIGURATION = (
    "deadLetterConfig", "description", "environment", "ephemeralStorage", "fileSystemConfig", "handler", "imageConfig", "kmsKeyArn",
    "layers", "loggingConfig", "memorySize", "role", "runtime", "snapStart", "timeout", "tracingConfig", "vpcConfig",
)  # fmt: skip
ARN = "join('', ['arn:aws:apigateway:', region, ':lambda:path/2015-03-31/functions/', FunctionArn, '/invocations'])"


def _source(ctx: Context) -> dict[str, Any]:
    """Where the code is: an archive of the program, an object or an image."""
    given = {member: ctx.inputs[name] for name, member in SOURCES.items() if ctx.inputs.get(name) is not None}
    if ctx.inputs.get("code") is not None:
        given["ZipFile"] = assets.content(ctx.inputs["code"], "code")
    return given


def _code(params: dict[str, Any], ctx: Context) -> dict[str, Any]:
    return {**params, "Code": _source(ctx)}


class Function(Resource):
    """A function; its outputs are in its configuration."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the function's configuration."""
        found = ctx.look()
        if found is None:
            return None
        shown = {**found["Configuration"], "Tags": found.get("Tags", {})}
        return {**shown, "Version": self._latest(ctx)} if ctx.inputs.get("publish") else shown

    @staticmethod
    def _latest(ctx: Context) -> str:
        """The version that was published last."""
        versions = ctx.call("ListVersionsByFunction", {"FunctionName": ctx.id})["Versions"]
        return max((str(each["Version"]) for each in versions), key=lambda v: int(v) if v.isdecimal() else 0)

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Change it; what its code or its configuration is then is published where that is wanted."""
        ctx.alter(changed)
        if ctx.inputs.get("publish") and changed & {*CODE, *CONFIGURATION, "publish"}:
            ctx.call("PublishVersion", {"FunctionName": ctx.id})


FUNCTION = simulated(
    "aws:lambda/function:Function",
    Function,
    create=Call(
        "CreateFunction",
        adjust=_code,
        take=(*CONFIGURATION, *CODE, "architectures", "name", "packageType", "publish"),
    ),
    id="FunctionName",
    read=Read("GetFunction", {"FunctionName": "id"}),
    update=(
        Call("UpdateFunctionConfiguration", {"FunctionName": "id"}, take=CONFIGURATION, whole=True),
        Call(
            "UpdateFunctionCode",
            {"FunctionName": "id"},
            take=(),
            when=CODE,
            adjust=lambda params, ctx: {**params, **_source(ctx)},
        ),
        Call("PutFunctionConcurrency", {"FunctionName": "id"}, take=("reservedConcurrentExecutions",)),
    ),
    rename={
        "name": "FunctionName",
        "code": "read by _source",
        "fileSystemConfig": "FileSystemConfigs",
        "kmsKeyArn": "KMSKeyArn",
    },
    replace=("name", "packageType"),
    ignore={
        "sourceCodeHash": "the code itself tells a change",
        "skipDestroy": "the sandbox deletes what is removed",
    },
    outputs={
        "arn": "FunctionArn",
        "qualifiedArn": "join(':', [FunctionArn, Version])",
        "invokeArn": ARN,
        "version": "Version",
        "sourceCodeSize": "CodeSize",
        "codeSha256": "CodeSha256",
    },
    keeps=True,
)


class Permission(Resource):
    """A statement of a function's policy."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the statement in the policy."""
        policy = json.loads((ctx.look() or {}).get("Policy", "{}"))
        return next((each for each in policy.get("Statement", ()) if each.get("Sid") == ctx.id), None)


PERMISSION = simulated(
    "aws:lambda/permission:Permission",
    Permission,
    create=Call("AddPermission", rename={"function": "FunctionName"}),
    id="in.statementId",
    read=Read("GetPolicy", {"FunctionName": "in.function"}),
    delete=(Call("RemovePermission", {"FunctionName": "in.function", "StatementId": "id"}),),
)
ALIAS = simulated(
    "aws:lambda/alias:Alias",
    id="AliasArn",
    read=Read("GetAlias", {"FunctionName": "in.functionName", "Name": "in.name"}),
    update=(
        Call(
            "UpdateAlias",
            {"FunctionName": "in.functionName", "Name": "in.name"},
            take=("description", "functionVersion", "routingConfig"),
        ),
    ),
    delete=(Call("DeleteAlias", {"FunctionName": "in.functionName", "Name": "in.name"}),),
    outputs={"arn": "AliasArn", "invokeArn": ARN.replace("FunctionArn", "AliasArn")},
    keeps=True,
)
MAPPING = simulated(
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    id="UUID",
    rename={"destinationArn": "Destination"},
    read=Read("GetEventSourceMapping", {"UUID": "id"}),
    update=(
        Call(
            "UpdateEventSourceMapping",
            {"UUID": "id", "FunctionName": "in.functionName"},
            take=("batchSize", "enabled"),
            whole=True,
        ),
    ),
    delete=(Call("DeleteEventSourceMapping", {"UUID": "id"}),),
    outputs={"arn": "EventSourceMappingArn", "uuid": "UUID", "functionArn": "FunctionArn"},
    keeps=True,
)
LAYER = simulated(
    "aws:lambda/layerVersion:LayerVersion",
    create=Call(
        "PublishLayerVersion",
        adjust=lambda params, ctx: {**params, "Content": _source(ctx)},
        take=(
            "compatibleArchitectures",
            "compatibleRuntimes",
            "description",
            "layerName",
            "licenseInfo",
            "code",
            "s3Bucket",
            "s3Key",
            "s3ObjectVersion",
        ),
    ),
    id="LayerVersionArn",
    read=Read("GetLayerVersionByArn", {"Arn": "id"}),
    delete=(
        Call("DeleteLayerVersion", {"LayerName": "in.layerName", "VersionNumber": "to_number(out.version)"}),
    ),
    ignore={
        "sourceCodeHash": "the code itself tells a change",
        "skipDestroy": "the sandbox deletes what is removed",
    },
    outputs={"arn": "LayerVersionArn", "layerArn": "LayerArn", "version": "to_string(Version)"},
)
RESOURCES = (FUNCTION, PERMISSION, ALIAS, MAPPING, LAYER)

"""API Gateway: what of REST APIs changes by patches of a thing that is there."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.apigateway import EXECUTION, host
from sandbox.provider.table import Call, Read, Resource


class Patched(Resource):
    """What changes by patches of a thing that is there: `patches` has the call, its parameters, and paths of the inputs."""

    patches: tuple[str, Mapping[str, str], Mapping[str, str]]

    def made(self, ctx: Context) -> None:
        """Make it where there is a call for it, then patch what that call didn't take."""
        if self.create.op != self.patches[0]:
            ctx.make()
        else:
            ctx.id = ctx.evaluate(self.id)
        self.patch(ctx, self.patches[2])

    def gentle(self, _ctx: Context) -> frozenset[str]:
        """What a patch takes."""
        return frozenset(path.partition(".")[0] for path in self.patches[2])

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Patch it."""
        self.patch(ctx, [path for path in self.patches[2] if path.partition(".")[0] in changed])

    def patch(self, ctx: Context, paths: Iterable[str]) -> None:
        """Replace what the inputs say at these paths."""
        operation, where, known = self.patches
        found = {known[path]: ctx.evaluate(f"in.{path}") for path in paths}
        begin = ctx.evaluate(where["begin"]) if "begin" in where else ""
        operations = [
            {"op": "replace", "path": f"{begin}{path}", "value": _spelt(value)}
            for path, value in found.items()
            if value is not None
        ]
        params = {key: ctx.evaluate(expression) for key, expression in where.items() if key != "begin"}
        ctx.call(operation, {**params, "patchOperations": operations})


def _spelt(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


class Stage(Patched):
    """A stage, which goes over to another deployment."""

    patches = (
        "UpdateStage",
        {"restApiId": "in.restApi", "stageName": "in.stageName"},
        {
            "deployment": "/deploymentId",
            "description": "/description",
            "xrayTracingEnabled": "/tracingEnabled",
            "accessLogSettings.destinationArn": "/accessLogSettings/destinationArn",
            "accessLogSettings.format": "/accessLogSettings/format",
        },
    )


class MethodSettings(Patched):
    """Limits, metrics and log of a stage's methods, which are the stage's own to keep."""

    patches = (
        "UpdateStage",
        {
            "restApiId": "in.restApi",
            "stageName": "in.stageName",
            "begin": "join('', ['/', in.methodPath, '/'])",
        },
        {
            "settings.throttlingRateLimit": "throttling/rateLimit",
            "settings.throttlingBurstLimit": "throttling/burstLimit",
            "settings.metricsEnabled": "metrics/enabled",
            "settings.loggingLevel": "logging/loglevel",
            "settings.dataTraceEnabled": "logging/dataTrace",
        },
    )

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """The stage's settings for that path."""
        stage = ctx.look()
        found = ((stage or {}).get("methodSettings") or {}).get(ctx.inputs["methodPath"])
        return None if found is None else {"settings": found}

    def remove(self, ctx: Context) -> None:
        """They go with the stage; moto takes none back."""


class Account(Patched):
    """What holds for all REST APIs of a region."""

    patches = ("UpdateAccount", {}, {"cloudwatchRoleArn": "/cloudwatchRoleArn"})

    def remove(self, ctx: Context) -> None:
        """Let API Gateway write no logs, as the real provider does."""
        operations = [{"op": "replace", "path": "/cloudwatchRoleArn", "value": ""}]
        ctx.call("UpdateAccount", {"patchOperations": operations})


class Policy(Patched):
    """The resource policy of an API, which is a property of that."""

    patches = ("UpdateRestApi", {"restApiId": "in.restApiId"}, {"policy": "/policy"})

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """The API's policy; none where it has none."""
        found = ctx.look()
        return found if found and found.get("policy") else None

    def remove(self, ctx: Context) -> None:
        """Take it from the API."""
        operations = [{"op": "replace", "path": "/policy", "value": ""}]
        ctx.call("UpdateRestApi", {"restApiId": ctx.inputs["restApiId"], "patchOperations": operations})


RESOURCES = (
    simulated(
        "aws:apigateway/stage:Stage",
        Stage,
        create=Call("CreateStage", {"restApiId": "in.restApi", "deploymentId": "in.deployment"}),
        id="join('-', ['ags', in.restApi, in.stageName])",
        read=Read("GetStage", {"restApiId": "in.restApi", "stageName": "in.stageName"}),
        delete=(Call("DeleteStage", {"restApiId": "in.restApi", "stageName": "in.stageName"}),),
        replace=("restApi", "stageName"),
        outputs={
            "arn": "join('', ['arn:aws:apigateway:', region, '::/restapis/', in.restApi, '/stages/', in.stageName])",
            "executionArn": EXECUTION.format(id="in.restApi", more=", '/', in.stageName"),
            "invokeUrl": host("https", "in.restApi", ", '/', in.stageName"),
        },
        keeps=True,
    ),
    simulated(
        "aws:apigateway/methodSettings:MethodSettings",
        MethodSettings,
        create=Call("UpdateStage"),
        id="join('-', [in.restApi, in.stageName, in.methodPath])",
        read=Read("GetStage", {"restApiId": "in.restApi", "stageName": "in.stageName"}),
        delete=(),
        replace=("restApi", "stageName", "methodPath"),
        keeps=True,
    ),
    simulated(
        "aws:apigateway/account:Account",
        Account,
        create=Call("UpdateAccount"),
        id="'api-gateway-account'",
        read=Read("GetAccount"),
        delete=(),
        keeps=True,
    ),
    simulated(
        "aws:apigateway/restApiPolicy:RestApiPolicy",
        Policy,
        create=Call("UpdateRestApi"),
        id="in.restApiId",
        read=Read("GetRestApi", {"restApiId": "in.restApiId"}),
        delete=(),
        replace=("restApiId",),
        keeps=True,
    ),
)

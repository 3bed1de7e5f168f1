"""API Gateway: REST APIs."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.services.apigateway import EXECUTION
from sandbox.provider.table import Call, Read, Resource


class RestApi(Resource):
    """A REST API with its root resource."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """Find the API and its root."""
        found = ctx.look()
        if found is None:
            return None
        roots = [
            each for each in ctx.call("GetResources", {"restApiId": ctx.id})["items"] if each["path"] == "/"
        ]
        return {**found, "rootResourceId": roots[0]["id"]}


class Imported(RestApi):
    """A REST API that may come from an OpenAPI document."""

    def made(self, ctx: Context) -> None:
        """Make it, then put the document over it."""
        ctx.make()
        self._put(ctx)

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Put a changed document over it."""
        ctx.alter(changed - {"body"})
        if "body" in changed:
            self._put(ctx)

    @staticmethod
    def _put(ctx: Context) -> None:
        if not ctx.inputs.get("body"):
            return
        document = json.loads(ctx.inputs["body"])
        if (
            "swagger" in document
        ):  # AWS takes Swagger 2 too; what moto reads of a document is the same in both
            document = {**{k: v for k, v in document.items() if k != "swagger"}, "openapi": "3.0.1"}
        document["info"] = {
            "description": "",
            "title": ctx.inputs["name"],
            "version": "1",
            **document.get("info", {}),
        }
        body = json.dumps(document).encode()
        ctx.call("PutRestApi", {"restApiId": ctx.id, "mode": "overwrite", "body": body})


class Whole(Resource):
    """What is put again as a whole when it changes, since moto has no call that changes it."""

    def gentle(self, ctx: Context) -> frozenset[str]:
        """All but what the row says replaces."""
        return frozenset(ctx.inputs) - {*self.replace, "region"}

    def change(self, ctx: Context, _changed: frozenset[str]) -> None:
        """Put it again."""
        ctx.call(self.create.op, ctx.params(self.create))


class Method(Whole):
    """A method, which keeps its integration when it changes."""

    def change(self, ctx: Context, changed: frozenset[str]) -> None:
        """Put it again; moto forgets the integration then, AWS doesn't."""
        where = ctx.params_of(self.create)
        kept = ctx.call("GetMethod", where).get("methodIntegration")
        super().change(ctx, changed)
        if kept is not None:
            taken = {"type": kept["type"], "integrationHttpMethod": kept.get("httpMethod")}
            taken |= {key: kept.get(key) for key in ("uri", "requestParameters", "timeoutInMillis")}
            ctx.call(
                "PutIntegration",
                {**where, **{key: value for key, value in taken.items() if value is not None}},
            )


class Validator(Resource):
    """A validator, of which moto says that the request was bad once it isn't there."""

    def find(self, ctx: Context) -> dict[str, Any] | None:
        """One of the API's."""
        found = ctx.call("GetRequestValidators", {"restApiId": ctx.inputs["restApi"]})["items"]
        return next((each for each in found if each["id"] == ctx.id), None)


METHOD = {"restApiId": "in.restApi", "resourceId": "in.resourceId", "httpMethod": "in.httpMethod"}
RESOURCES = (
    simulated(
        "aws:apigateway/restApi:RestApi",
        Imported,
        id="id",
        read=Read("GetRestApi", {"restApiId": "id"}),
        delete=(Call("DeleteRestApi", {"restApiId": "id"}),),
        ignore={"body": "put over the API once it is made"},
        outputs={
            "executionArn": EXECUTION.format(id="id", more=""),
            "rootResourceId": "rootResourceId",
            "createdDate": "createdDate",
        },
        keeps=True,
    ),
    simulated(
        "aws:apigateway/resource:Resource",
        create=Call("CreateResource", {"restApiId": "in.restApi"}),
        id="id",
        read=Read("GetResource", {"restApiId": "in.restApi", "resourceId": "id"}),
        delete=(Call("DeleteResource", {"restApiId": "in.restApi", "resourceId": "id"}),),
        replace=("restApi",),
    ),
    simulated(
        "aws:apigateway/method:Method",
        Method,
        create=Call("PutMethod", METHOD, rename={"authorization": "authorizationType"}),
        id="join('-', ['agm', in.restApi, in.resourceId, in.httpMethod])",
        read=Read("GetMethod", METHOD),
        delete=(Call("DeleteMethod", METHOD),),
        replace=("restApi", "resourceId", "httpMethod"),
        keeps=True,
    ),
    simulated(
        "aws:apigateway/integration:Integration",
        Whole,
        create=Call(
            "PutIntegration",
            METHOD,
            rename={
                "integrationHttpMethod": "integrationHttpMethod",
                "timeoutMilliseconds": "timeoutInMillis",
            },
        ),
        id="join('-', ['agi', in.restApi, in.resourceId, in.httpMethod])",
        read=Read("GetIntegration", METHOD),
        delete=(Call("DeleteIntegration", METHOD),),
        replace=("restApi", "resourceId", "httpMethod"),
        keeps=True,
    ),
    simulated(
        "aws:apigateway/deployment:Deployment",
        create=Call("CreateDeployment", {"restApiId": "in.restApi"}),
        id="id",
        read=Read("GetDeployment", {"restApiId": "in.restApi", "deploymentId": "id"}),
        delete=(Call("DeleteDeployment", {"restApiId": "in.restApi", "deploymentId": "id"}),),
        replace=("restApi", "triggers"),
    ),
    *(
        simulated(
            f"aws:apigateway/{name[0].lower()}{name[1:]}:{name}",
            row,
            create=Call(f"Create{name}", {"restApiId": "in.restApi"}),
            id="id",
            read=Read(f"Get{name}", {"restApiId": "in.restApi", key: where}),
            delete=(Call(f"Delete{name}", {"restApiId": "in.restApi", key: where}),),
            replace=("restApi",),
            keeps=True,
        )
        for name, row, key, where in (
            ("Authorizer", Resource, "authorizerId", "id"),
            ("RequestValidator", Validator, "requestValidatorId", "id"),
            ("Model", Resource, "modelName", "in.name"),
        )
    ),
)

"""API Gateway: REST APIs, and HTTP and WebSocket APIs of version 2."""

from __future__ import annotations

import json
from typing import Any

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.protocol import Context
from sandbox.provider.table import Call, Read, Resource

EXECUTION = "join('', ['arn:aws:execute-api:', region, ':', account, ':', {id}{more}])"


def _host(scheme: str, api: str, more: str = "") -> str:
    return f"join('', ['{scheme}://', {api}, '.execute-api.', region, '.amazonaws.com'{more}])"


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


METHOD = {"restApiId": "in.restApi", "resourceId": "in.resourceId", "httpMethod": "in.httpMethod"}
REST = (
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
        create=Call("PutMethod", METHOD, rename={"authorization": "authorizationType"}),
        id="join('-', ['agm', in.restApi, in.resourceId, in.httpMethod])",
        read=Read("GetMethod", METHOD),
        delete=(Call("DeleteMethod", METHOD),),
        replace=("restApi", "resourceId", "httpMethod"),
        keeps=True,
    ),
    simulated(
        "aws:apigateway/integration:Integration",
        create=Call("PutIntegration", METHOD, rename={"integrationHttpMethod": "integrationHttpMethod"}),
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
    simulated(
        "aws:apigateway/stage:Stage",
        create=Call("CreateStage", {"restApiId": "in.restApi", "deploymentId": "in.deployment"}),
        id="join('-', ['ags', in.restApi, in.stageName])",
        read=Read("GetStage", {"restApiId": "in.restApi", "stageName": "in.stageName"}),
        delete=(Call("DeleteStage", {"restApiId": "in.restApi", "stageName": "in.stageName"}),),
        replace=("restApi", "deployment"),
        outputs={
            "arn": "join('', ['arn:aws:apigateway:', region, '::/restapis/', in.restApi, '/stages/', in.stageName])",
            "executionArn": EXECUTION.format(id="in.restApi", more=", '/', in.stageName"),
            "invokeUrl": _host("https", "in.restApi", ", '/', in.stageName"),
        },
        keeps=True,
    ),
)
HTTP = (
    simulated(
        "aws:apigatewayv2/api:Api",
        id="ApiId",
        read=Read("GetApi", {"ApiId": "id"}),
        update=(
            Call(
                "UpdateApi",
                {"ApiId": "id"},
                take=("corsConfiguration", "description", "disableExecuteApiEndpoint", "name", "version"),
            ),
        ),
        delete=(Call("DeleteApi", {"ApiId": "id"}),),
        outputs={
            "arn": "join('', ['arn:aws:apigateway:', region, '::/apis/', id])",
            "apiEndpoint": _host("https", "id"),
            "executionArn": EXECUTION.format(id="id", more=""),
        },
        keeps=True,
    ),
    *(
        simulated(
            f"aws:apigatewayv2/{name.lower()}:{name}",
            id=f"{name}Id",
            read=Read(f"Get{name}", {"ApiId": "in.apiId", f"{name}Id": "id"}),
            update=(Call(f"Update{name}", {"ApiId": "in.apiId", f"{name}Id": "id"}),),
            delete=(Call(f"Delete{name}", {"ApiId": "in.apiId", f"{name}Id": "id"}),),
            rename={
                "responseParameters": "kept: moto has none",
                "timeoutMilliseconds": "TimeoutInMillis",
            },
            replace=("apiId",),
            keeps=True,
        )
        for name in ("Integration", "Route", "Authorizer")
    ),
    simulated(
        "aws:apigatewayv2/stage:Stage",
        create=Call("CreateStage", {"StageName": "in.name"}),
        id="StageName",
        read=Read("GetStage", {"ApiId": "in.apiId", "StageName": "in.name"}),
        delete=(Call("DeleteStage", {"ApiId": "in.apiId", "StageName": "in.name"}),),
        rename={"routeSettings": "kept: Pulumi lists what AWS has by route"},
        replace=("apiId", "name"),
        outputs={
            "arn": "join('', ['arn:aws:apigateway:', region, '::/apis/', in.apiId, '/stages/', in.name])",
            "executionArn": EXECUTION.format(id="in.apiId", more=", '/', in.name"),
            "invokeUrl": _host("https", "in.apiId", ", '/', in.name"),
        },
        keeps=True,
    ),
)
NAMES = (
    simulated(
        "aws:apigatewayv2/domainName:DomainName",
        id="DomainName",
        read=Read("GetDomainName", {"DomainName": "id"}),
        delete=(Call("DeleteDomainName", {"DomainName": "id"}),),
        rename={"domainNameConfiguration": "DomainNameConfigurations"},
        replace=("domainName", "domainNameConfiguration"),
        outputs={
            "arn": "join('', ['arn:aws:apigateway:', region, '::/domainnames/', id])",
            "domainNameConfiguration": (
                "DomainNameConfigurations[0].{certificateArn: CertificateArn, endpointType: EndpointType, "
                "securityPolicy: SecurityPolicy, targetDomainName: ApiGatewayDomainName, hostedZoneId: HostedZoneId}"
            ),
        },
        keeps=True,
        kind="extended",
    ),
    simulated(
        "aws:apigatewayv2/apiMapping:ApiMapping",
        id="ApiMappingId",
        read=Read("GetApiMapping", {"DomainName": "in.domainName", "ApiMappingId": "id"}),
        delete=(Call("DeleteApiMapping", {"DomainName": "in.domainName", "ApiMappingId": "id"}),),
        replace=("apiId", "apiMappingKey", "domainName", "stage"),
    ),
)
RESOURCES = (*REST, *HTTP, *NAMES)

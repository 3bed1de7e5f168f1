"""API Gateway: HTTP and WebSocket APIs of version 2, and names of APIs of any type."""

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.table import Call, Read

EXECUTION = "join('', ['arn:aws:execute-api:', region, ':', account, ':', {id}{more}])"


def host(scheme: str, api: str, more: str = "") -> str:
    """The expression of an API's own URL."""
    return f"join('', ['{scheme}://', {api}, '.execute-api.', region, '.amazonaws.com'{more}])"


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
            "apiEndpoint": host("https", "id"),
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
            "invokeUrl": host("https", "in.apiId", ", '/', in.name"),
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
RESOURCES = (*HTTP, *NAMES)

"""An HTTP API of API Gateway: routes with their authorizers, targets that may change behind them, names, log and alarms."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.edge.api_alarms import ApiAlarms
from components.edge.api_args import (
    API_SECONDS,
    IAM,
    NONE,
    ApiRoute,
    FunctionTarget,
    HttpApiArgs,
    Target,
    UrlTarget,
)
from components.edge.api_parts import access_log, line, link, named, permission
from components.edge.records import Alias
from components.facts import Fact, fact
from components.options import handed_down

STAGE = "$default"
"""Its paths are the API's own."""
FORMAT = {
    "requestId": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "ip": "$context.identity.sourceIp",
    "route": "$context.routeKey",
    "status": "$context.status",
    "latency": "$context.responseLatency",
    "integrationLatency": "$context.integrationLatency",
    "integrationStatus": "$context.integrationStatus",
    "error": "$context.error.message",
    "authorizerError": "$context.authorizer.error",
    "caller": "$context.identity.caller",
    "subject": "$context.authorizer.claims.sub",
}
"""A line of the access log. https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging-variables.html"""


class HttpApi(pulumi.ComponentResource):
    """Routes to functions, to other HTTPS services, or to a load balancer inside the VPC: a facade that clients see nothing move behind.

    Creates: API, stage with throttling and access log, authorizers, integrations, routes, permissions; a VPC link where a target is in
    the VPC; for each name a custom domain and its mapping; alarms on errors and latency. Its own execute-api name stays on: Route 53
    asks the region by it, past the names that fail over; it has the same authorizers.
    Survives: instance and zone (AWS runs it in several). Not the region. Costs: requests.
    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api.html
    """

    api_id: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    """AWS's own name of the API. Known once the routes stand."""
    base = ""
    """What stands before a path where the API is asked by that name."""
    names: Mapping[str, Alias]
    """By host: what a record of that name leads to. Known once the routes stand."""
    alarms: Mapping[str, pulumi.Output[str]]
    """Names, by symptom."""
    alarm_arns: Mapping[str, pulumi.Output[str]]
    """The same by their ARN."""
    recovery_fact: Fact

    def __init__(self, name: str, args: HttpApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:HttpApi", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self._api = aws.apigatewayv2.Api(
            f"{name}-api",
            name=args.prefix,
            protocol_type="HTTP",
            description=f"Routes of {args.prefix}",
            tags=args.tags.resource(f"{name}-api"),
            opts=self._child,
        )
        authorizers = {each: self._authorizer(each) for each in args.authorizers}
        way = link(name, args, self._child)
        integrations = {each: self._integration(each, target, way) for each, target in args.targets.items()}
        routes = [self._route(each, route, authorizers, integrations) for each, route in args.routes.items()]
        stage = self._stage()
        ready = [each.id for each in routes]
        self.names = {
            host: named(name, host, args, api_id=self._api.id, stage=stage.id, ready=ready, opts=self._child)
            for host in args.hosts
        }
        alarms = ApiAlarms(name, args, {"ApiId": self._api.id}, self._child, errors="5xx")
        self.alarms, self.alarm_arns = alarms.names, alarms.arns
        self.api_id = self._api.id
        host = self._api.api_endpoint.apply(lambda url: url.removeprefix("https://"))
        self.dns_name = outputs.once(host, stage.id, *ready)
        self.recovery_fact = fact("api", f"{name}-api", args.tags.resource(""))
        outputs.register(self, "api_id", "dns_name")

    def _authorizer(self, each: str) -> aws.apigatewayv2.Authorizer:
        given = self._args.authorizers[each]
        return aws.apigatewayv2.Authorizer(
            f"{self._name}-{each}",
            api_id=self._api.id,
            name=each,
            authorizer_type="JWT",
            identity_sources=["$request.header.Authorization"],
            jwt_configuration={"issuer": given.issuer, "audiences": list(given.audience)},
            opts=self._child,
        )

    def _integration(
        self, each: str, target: Target, way: aws.apigatewayv2.VpcLink | None
    ) -> aws.apigatewayv2.Integration:
        given: dict[str, Any] = {
            "api_id": self._api.id,
            "timeout_milliseconds": API_SECONDS * 1000,
            "opts": self._child,
        }
        name = f"{self._name}-{each}-integration"
        if isinstance(target, FunctionTarget):
            permission(f"{self._name}-{each}-permission", target, self._api.execution_arn, self._child)
            return aws.apigatewayv2.Integration(
                name,
                integration_type="AWS_PROXY",
                integration_method="POST",
                integration_uri=target.invoke_arn,
                payload_format_version="2.0",
                **given,
            )
        if isinstance(target, UrlTarget):
            uri: pulumi.Input[str] = target.url
            more: dict[str, Any] = {}
        else:
            assert way is not None  # noqa: S101  asked for with such a target
            uri = target.listener_arn
            more = {
                "connection_type": "VPC_LINK",
                "connection_id": way.id,
                "tls_config": {"server_name_to_verify": target.server_name},
            }
        return aws.apigatewayv2.Integration(
            name,
            integration_type="HTTP_PROXY",
            integration_method="ANY",
            integration_uri=uri,
            payload_format_version="1.0",
            # The path that was asked for, whatever the route says.
            request_parameters={"overwrite:path": "$request.path"},
            **more,
            **given,
        )

    def _route(
        self,
        each: str,
        route: ApiRoute,
        authorizers: Mapping[str, aws.apigatewayv2.Authorizer],
        integrations: Mapping[str, aws.apigatewayv2.Integration],
    ) -> aws.apigatewayv2.Route:
        kind = {NONE: "NONE", IAM: "AWS_IAM"}.get(route.auth, "JWT")
        return aws.apigatewayv2.Route(
            f"{self._name}-{each}",
            api_id=self._api.id,
            route_key=route.route_key,
            target=pulumi.Output.concat("integrations/", integrations[route.to].id),
            authorization_type=kind,
            authorizer_id=authorizers[route.auth].id if kind == "JWT" else None,
            authorization_scopes=list(route.scopes) or None,
            opts=self._child,
        )

    def _stage(self) -> aws.apigatewayv2.Stage:
        args, name = self._args, self._name
        logs = access_log(name, args, self._child)
        return aws.apigatewayv2.Stage(
            f"{name}-stage",
            api_id=self._api.id,
            name=STAGE,
            auto_deploy=True,
            access_log_settings={"destination_arn": logs.arn, "format": line(FORMAT)},
            default_route_settings={
                "throttling_rate_limit": args.rate,
                "throttling_burst_limit": args.burst,
                "detailed_metrics_enabled": True,
            },
            tags=args.tags.resource(f"{name}-stage"),
            opts=self._child,
        )

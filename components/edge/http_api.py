"""An HTTP API of API Gateway: routes with their authorizers, targets that may change behind them, names, log and alarms."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
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
from components.edge.records import Alias
from components.facts import Fact, fact
from components.operations import Comparison, Expression, Metric, Missing, alarm
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
HTTPS = 443
"""Where load balancers listen that a route leads to."""
_MINUTES = 3


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
        link = self._link()
        integrations = {each: self._integration(each, target, link) for each, target in args.targets.items()}
        routes = [self._route(each, route, authorizers, integrations) for each, route in args.routes.items()]
        stage = self._stage()
        ready = [each.id for each in routes]
        self.names = {host: self._named(host, stage, ready) for host in args.hosts}
        self._alarms()
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

    def _link(self) -> aws.apigatewayv2.VpcLink | None:
        vpc, tags = self._args.vpc, self._args.tags
        if vpc is None:
            return None
        group = aws.ec2.SecurityGroup(
            f"{self._name}-link",
            vpc_id=vpc.vpc_id,
            description="From the API to load balancers inside the VPC",
            tags=tags.resource(f"{self._name}-link"),
            opts=self._child,
        )
        aws.vpc.SecurityGroupEgressRule(
            f"{self._name}-link-https",
            security_group_id=group.id,
            description="HTTPS to the VPC",
            ip_protocol="tcp",
            from_port=HTTPS,
            to_port=HTTPS,
            cidr_ipv4=vpc.cidr,
            tags=tags.resource(f"{self._name}-link-https"),
            opts=self._child,
        )
        return aws.apigatewayv2.VpcLink(
            f"{self._name}-link",
            name=self._args.prefix,
            subnet_ids=[vpc.subnet_ids[zone] for zone in sorted(vpc.subnet_ids)],
            security_group_ids=[group.id],
            tags=tags.resource(f"{self._name}-link"),
            opts=self._child,
        )

    def _integration(
        self, each: str, target: Target, link: aws.apigatewayv2.VpcLink | None
    ) -> aws.apigatewayv2.Integration:
        given: dict[str, Any] = {
            "api_id": self._api.id,
            "timeout_milliseconds": API_SECONDS * 1000,
            "opts": self._child,
        }
        name = f"{self._name}-{each}-integration"
        if isinstance(target, FunctionTarget):
            self._permission(each, target)
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
            assert link is not None  # noqa: S101  asked for with such a target
            uri = target.listener_arn
            more = {
                "connection_type": "VPC_LINK",
                "connection_id": link.id,
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

    def _permission(self, each: str, target: FunctionTarget) -> None:
        aws.lambda_.Permission(
            f"{self._name}-{each}-permission",
            action="lambda:InvokeFunction",
            function=target.name,
            qualifier=target.alias,
            principal="apigateway.amazonaws.com",
            source_arn=pulumi.Output.concat(self._api.execution_arn, "/*"),
            opts=self._child,
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
        logs = aws.cloudwatch.LogGroup(
            f"{name}-access",
            retention_in_days=args.log_days,
            kms_key_id=args.key_arn,
            tags=args.tags.resource(f"{name}-access"),
            opts=self._child,
        )
        return aws.apigatewayv2.Stage(
            f"{name}-stage",
            api_id=self._api.id,
            name=STAGE,
            auto_deploy=True,
            access_log_settings={"destination_arn": logs.arn, "format": json.dumps(FORMAT)},
            default_route_settings={
                "throttling_rate_limit": args.rate,
                "throttling_burst_limit": args.burst,
                "detailed_metrics_enabled": True,
            },
            tags=args.tags.resource(f"{name}-stage"),
            opts=self._child,
        )

    def _named(self, host: str, stage: aws.apigatewayv2.Stage, ready: list[pulumi.Output[str]]) -> Alias:
        args = self._args
        assert args.certificate_arn is not None  # noqa: S101  with hosts
        domain = aws.apigatewayv2.DomainName(
            f"{self._name}-{host}",
            domain_name=host,
            domain_name_configuration={
                "certificate_arn": args.certificate_arn,
                "endpoint_type": "REGIONAL",
                "security_policy": "TLS_1_2",
            },
            tags=args.tags.resource(f"{self._name}-{host}"),
            opts=self._child,
        )
        mapping = aws.apigatewayv2.ApiMapping(
            f"{self._name}-{host}-mapping",
            api_id=self._api.id,
            domain_name=domain.id,
            stage=stage.id,
            opts=self._child,
        )
        there = domain.domain_name_configuration
        return Alias(
            name=outputs.once(there.apply(lambda each: _known(each.target_domain_name)), mapping.id, *ready),
            zone_id=there.apply(lambda each: _known(each.hosted_zone_id)),
        )

    def _metric(self, metric: str, statistic: str) -> Metric:
        return Metric(
            namespace="AWS/ApiGateway", name=metric, statistic=statistic, dimensions={"ApiId": self._api.id}
        )

    def _alarms(self) -> None:
        args, name = self._args, self._name
        rate = Expression(
            expression="100 * FILL(errors, 0) / requests",
            label="5xx answers, per cent",
            metrics={"errors": self._metric("5xx", "Sum"), "requests": self._metric("Count", "Sum")},
        )
        watched: list[tuple[str, Metric | Expression, float, str]] = [
            (
                "errors",
                rate,
                args.error_percent,
                f"more than {args.error_percent:g} % of requests are answered 5xx",
            ),
            (
                "latency",
                self._metric("Latency", "p99"),
                args.latency_seconds * 1000,
                f"one request in a hundred waits longer than {args.latency_seconds:g} s",
            ),
        ]
        made = {
            what: alarm(
                f"{name}-{what}",
                source,
                Comparison.ABOVE,
                threshold,
                missing=Missing.NOT_BREACHING,  # no requests, no errors
                description=f"{name}: {about}",
                tags=args.tags,
                actions=args.actions,
                periods=_MINUTES,
                opts=self._child,
            )
            for what, source, threshold, about in watched
        }
        self.alarms = {what: each.name for what, each in made.items()}
        self.alarm_arns = {what: each.arn for what, each in made.items()}


def _known(value: str | None) -> str:
    """What AWS says of every custom domain. RuntimeError when it doesn't: a record would lead nowhere."""
    if not value:
        raise RuntimeError("API Gateway names no target of the custom domain")
    return value

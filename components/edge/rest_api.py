"""A REST API of API Gateway: methods with their authorizers and checks of requests, one stage, who may ask it, names, log and alarms."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from components import outputs
from components.edge import rest_paths
from components.edge.api_alarms import ApiAlarms
from components.edge.api_parts import access_log, line, named
from components.edge.records import Alias
from components.edge.rest_api_args import RestApiArgs
from components.edge.rest_methods import RestMethods
from components.edge.rest_policy import STAGE, document
from components.facts import Fact, fact
from components.options import handed_down

FORMAT = {
    "requestId": "$context.requestId",
    "time": "$context.requestTimeEpoch",
    "ip": "$context.identity.sourceIp",
    "route": "$context.httpMethod $context.resourcePath",
    "status": "$context.status",
    "latency": "$context.responseLatency",
    "integrationLatency": "$context.integration.latency",
    "integrationStatus": "$context.integration.status",
    "error": "$context.error.message",
    "validationError": "$context.error.validationErrorString",
    "authorizerError": "$context.authorizer.error",
    "caller": "$context.identity.caller",
    "subject": "$context.authorizer.claims.sub",
}
"""A line of the access log. https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-variables-for-access-logging.html"""


class RestApi(pulumi.ComponentResource):
    """Routes as an HTTP API has them, with checks of requests, limits of single routes and a policy of who may ask from where.

    Creates: API, resources, methods, integrations, authorizers, models and validators, permissions, resource policy, deployment, stage
    with limits, access log and traces; the association with a web ACL; a VPC link where a target is in the VPC; for each name a custom
    domain and its mapping; alarms on errors and latency. Whatever changes of it is deployed anew: the stage goes over to a deployment that
    has it, then the former one goes. Its own execute-api name stays on, with the stage before the path: Route 53 asks the region by it,
    past the names that fail over.
    Survives: instance and zone (AWS runs it in several). Not the region. Costs: requests, at a higher price than an HTTP API's; traces.
    Source: https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-rest-api.html
    """

    api_id: pulumi.Output[str]
    dns_name: pulumi.Output[str]
    """AWS's own name of the API. Known once it is deployed."""
    base = f"/{STAGE}"
    """What stands before a path where the API is asked by that name."""
    names: Mapping[str, Alias]
    """By host: what a record of that name leads to. Known once it is deployed."""
    alarms: Mapping[str, pulumi.Output[str]]
    """Names, by symptom."""
    alarm_arns: Mapping[str, pulumi.Output[str]]
    """The same by their ARN."""
    recovery_fact: Fact

    def __init__(self, name: str, args: RestApiArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:edge:RestApi", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._child = pulumi.ResourceOptions(parent=self)
        self._api = aws.apigateway.RestApi(
            f"{name}-api",
            name=args.prefix,
            description=f"Routes of {args.prefix}",
            endpoint_configuration={"types": "REGIONAL"},
            tags=args.tags.resource(f"{name}-api"),
            opts=self._child,
        )
        methods = RestMethods(name, args, self._api, self._child)
        stage = self._stage(self._deployment(methods))
        if args.web_acl_arn is not None:
            aws.wafv2.WebAclAssociation(
                f"{name}-firewall", resource_arn=stage.arn, web_acl_arn=args.web_acl_arn, opts=self._child
            )
        ready = [stage.id, *(each.id for each in self._limits(stage))]
        self.names = {
            host: named(
                name,
                host,
                args,
                api_id=self._api.id,
                stage=stage.stage_name,
                ready=ready,
                opts=self._child,
            )
            for host in args.hosts
        }
        dimensions = {"ApiName": args.prefix, "Stage": STAGE}
        alarms = ApiAlarms(name, args, dimensions, self._child, errors="5XXError")
        self.alarms, self.alarm_arns = alarms.names, alarms.arns
        self.api_id = self._api.id
        self.dns_name = outputs.once(self._api.execution_arn.apply(_own_name), *ready)
        self.recovery_fact = fact("api", f"{name}-api", args.tags.resource(""))
        outputs.register(self, "api_id", "dns_name")

    def _deployment(self, methods: RestMethods) -> aws.apigateway.Deployment:
        """A copy of all that was registered, made anew when anything of it changes."""
        copied = dict(methods.deployed)
        args = self._args
        if (clients := args.clients) is not None:
            policy = self._api.execution_arn.apply(
                lambda arn: document(arn, args.routes, clients, args.open_paths)
            )
            made = aws.apigateway.RestApiPolicy(
                f"{self._name}-policy", rest_api_id=self._api.id, policy=policy, opts=self._child
            )
            copied["resource policy"] = [made.id, policy]
        return aws.apigateway.Deployment(
            f"{self._name}-deployment",
            rest_api=self._api.id,
            description=f"Routes of {args.prefix}",
            triggers={"copied": pulumi.Output.json_dumps(copied, sort_keys=True).apply(_print)},
            opts=self._child,
        )

    def _stage(self, deployment: aws.apigateway.Deployment) -> aws.apigateway.Stage:
        args, name = self._args, self._name
        logs = access_log(name, args, self._child)
        ready = [args.logs_ready] if args.logs_ready is not None else []
        return aws.apigateway.Stage(
            f"{name}-stage",
            rest_api=self._api.id,
            stage_name=STAGE,
            deployment=deployment.id,
            access_log_settings={"destination_arn": outputs.once(logs.arn, *ready), "format": line(FORMAT)},
            xray_tracing_enabled=True,
            tags=args.tags.resource(f"{name}-stage"),
            opts=self._child,
        )

    def _limits(self, stage: aws.apigateway.Stage) -> list[aws.apigateway.MethodSettings]:
        """Of all methods, then of those that have their own: one after the other, since each is a change of the one stage."""
        args = self._args
        own = {
            f"{self._name}-{each}-limits": (route, (route.throttle.rate, route.throttle.burst))
            for each, route in sorted(args.routes.items())
            if route.throttle is not None
        }
        found = [self._limit(f"{self._name}-limits", stage, "*/*", (args.rate, args.burst), [])]
        for name, (route, most) in own.items():
            method, path = rest_paths.split(route.route_key)
            # https://docs.aws.amazon.com/apigateway/latest/api/API_UpdateStage.html: a slash of the path is ~1.
            where = f"{path.replace('/', '~1')}/{method}"
            found.append(self._limit(name, stage, where, most, found[-1:]))
        return found

    def _limit(
        self,
        name: str,
        stage: aws.apigateway.Stage,
        where: str,
        most: tuple[float, int],
        after: list[aws.apigateway.MethodSettings],
    ) -> aws.apigateway.MethodSettings:
        return aws.apigateway.MethodSettings(
            name,
            rest_api=self._api.id,
            stage_name=stage.stage_name,
            method_path=where,
            settings={
                "throttling_rate_limit": most[0],
                "throttling_burst_limit": most[1],
                "metrics_enabled": True,
                "logging_level": "OFF",  # requests and answers are nobody else's to read; the access log has a line of each
            },
            opts=pulumi.ResourceOptions.merge(self._child, pulumi.ResourceOptions(depends_on=after)),
        )


def _print(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _own_name(execution_arn: str) -> str:
    _, _, _, region, _, api = execution_arn.split(":")
    return f"{api}.execute-api.{region}.amazonaws.com"

"""APIs of API Gateway: who may ask them, how many ask at once, what is kept of it, and that what is declared is what answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Graph, Resource
from policies.graph.dns import CHECK

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import FUNCTION

_ROUTE: Final = "aws:apigatewayv2/route:Route"
_METHOD: Final = "aws:apigateway/method:Method"
_API: Final = "aws:apigatewayv2/api:Api"
_REST: Final = "aws:apigateway/restApi:RestApi"
_RESOURCE: Final = "aws:apigateway/resource:Resource"
_REST_STAGE: Final = "aws:apigateway/stage:Stage"
_STAGE: Final = "aws:apigatewayv2/stage:Stage"
_SETTINGS: Final = "aws:apigateway/methodSettings:MethodSettings"
_CALLS: Final = ("aws:apigatewayv2/integration:Integration", "aws:apigateway/integration:Integration")
_DEEPEST: Final = 30
"""Parts of a path that are followed."""


@rule("apigateway-route-authorized", _ROUTE, _METHOD, scope=Scope.GRAPH)
def apigateway_route_authorized(resource: Resource, context: Context) -> Iterator[Finding]:
    """Routes of HTTP and WebSocket APIs, methods of REST APIs; not CORS's preflight, what needs an API key, what a health check asks."""
    method, _, path = resource.known.text("routeKey").partition(" ")
    if resource.type == _METHOD:
        method, path = resource.known.text("httpMethod"), _path(resource, context.graph)
    kind = resource.known.text("authorizationType") or resource.known.text("authorization")
    inside = ("OPTIONS", "$disconnect")  # of a connection, or a browser's question before the request
    if kind not in ("", "NONE") or method in inside or resource.known.flag("apiKeyRequired"):
        return
    if method != "GET" or path not in _checked(resource, context.graph):
        yield Finding("nobody is asked who they are.")


def _checked(route: Resource, graph: Graph) -> set[str]:
    """Paths of the route's API that Route 53 asks: a checker shows nobody's token. A REST API's begin with its stage."""
    apis = graph.linked(route, "apiId", _API) + graph.linked(route, "restApi", _REST)
    checks = [check for api in apis for check in graph.users(api, "fqdn", CHECK)]
    paths = {check.known.text("resourcePath") for check in checks}
    stages = [stage for api in apis for stage in graph.users(api, "restApi", _REST_STAGE)]
    begin = [f"/{stage.known.text('stageName')}/" for stage in stages]
    within = {f"/{path.removeprefix(each)}" for path in paths for each in begin if path.startswith(each)}
    return within if route.type == _METHOD else paths


def _path(method: Resource, graph: Graph) -> str:
    """The path of a REST API's method; empty where the stack doesn't declare its parts."""
    parts: list[str] = []
    at = graph.linked(method, "resourceId", _RESOURCE)
    while at and len(parts) < _DEEPEST:
        parts.append(at[0].known.text("pathPart"))
        at = graph.linked(at[0], "parentId", _RESOURCE)
    return "".join(f"/{each}" for each in reversed(parts))


@rule("apigateway-stage-access-log", _STAGE, _REST_STAGE)
def apigateway_stage_access_log(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Stages of APIs of every type."""
    if not resource.known.has("accessLogSettings.destinationArn"):
        yield Finding("accessLogSettings has no destinationArn.")


@rule("apigateway-stage-throttled", _STAGE, _REST_STAGE, scope=Scope.GRAPH)
def apigateway_stage_throttled(resource: Resource, context: Context) -> Iterator[Finding]:
    """By the stage of an HTTP or WebSocket API itself, by the settings of all methods of a REST API's."""
    if resource.type == _STAGE:
        limited = _limits(resource, "defaultRouteSettings")
    else:
        settings = context.graph.users(resource, "stageName", _SETTINGS)
        limited = any(
            each.known.text("methodPath") == "*/*" and _limits(each, "settings") for each in settings
        )
    if not limited:
        yield Finding("its clients are limited by nothing but what the whole account may ask.")


def _limits(resource: Resource, group: str) -> bool:
    """Whether both limits are there; -1 is none."""
    known = resource.known.view(group)
    return known.number("throttlingRateLimit") > 0 and known.number("throttlingBurstLimit") > 0


@rule("apigateway-deployment-follows", "aws:apigateway/deployment:Deployment")
def apigateway_deployment_follows(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Deployments of REST APIs, which copy what there is when they are made."""
    if not resource.known.has("triggers"):
        yield Finding("nothing makes it anew when methods change: triggers is not set.")


@rule("apigateway-integration-alias", *_CALLS, scope=Scope.GRAPH)
def apigateway_integration_alias(resource: Resource, context: Context) -> Iterator[Finding]:
    """By what the integration's URI refers to."""
    for name in ("integrationUri", "uri"):
        for function in context.graph.linked(resource, name, FUNCTION):
            yield Finding(f"it calls {function.name} itself, not an alias of it.")

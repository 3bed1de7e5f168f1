"""Functions, APIs and services for other VPCs: who may call them, and what they do when something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from policies.graph import Resource
from policies.graph.dns import CHECK

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import FUNCTION

_ROUTE: Final = "aws:apigatewayv2/route:Route"
_METHOD: Final = "aws:apigateway/method:Method"
_API: Final = "aws:apigatewayv2/api:Api"
_CALLS: Final = ("aws:apigatewayv2/integration:Integration", "aws:apigateway/integration:Integration")


@rule("lambda-permission-source", "aws:lambda/permission:Permission")
def lambda_permission_source(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Principals that are services, or everybody."""
    principal = resource.known.text("principal")
    bound = any(
        resource.known.has(name)
        for name in ("sourceArn", "sourceAccount", "principalOrgId", "eventSourceToken")
    )
    if (principal == "*" or principal.endswith((".amazonaws.com", ".amazonaws.com.cn"))) and not bound:
        yield Finding(f"{principal} may call it for anybody: sourceArn is not set.")


@rule("apigateway-route-authorized", _ROUTE, _METHOD, scope=Scope.GRAPH)
def apigateway_route_authorized(resource: Resource, context: Context) -> Iterator[Finding]:
    """Routes of HTTP and WebSocket APIs, methods of REST APIs; not CORS's preflight, what needs an API key, what a health check asks."""
    method, _, path = resource.known.text("routeKey").partition(" ")
    method = resource.known.text("httpMethod") or method
    kind = resource.known.text("authorizationType") or resource.known.text("authorization")
    inside = ("OPTIONS", "$disconnect")  # of a connection, or a browser's question before the request
    if kind not in ("", "NONE") or method in inside or resource.known.flag("apiKeyRequired"):
        return
    if method != "GET" or path not in _checked(resource, context):
        yield Finding("nobody is asked who they are.")


@rule("vpc-lattice-service-auth", "aws:vpclattice/service:Service")
def vpc_lattice_service_auth(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Services of VPC Lattice. One that leaves it to its network is open on the next network that it joins."""
    if resource.known.text("authType", "NONE") != "AWS_IAM":
        yield Finding("nobody is asked who they are.")


def _checked(route: Resource, context: Context) -> set[str]:
    """Paths of the route's API that Route 53 asks: a checker shows nobody's token."""
    graph = context.graph
    checks = [
        check for api in graph.linked(route, "apiId", _API) for check in graph.users(api, "fqdn", CHECK)
    ]
    return {check.known.text("resourcePath") for check in checks}


@rule("apigateway-integration-alias", *_CALLS, scope=Scope.GRAPH)
def apigateway_integration_alias(resource: Resource, context: Context) -> Iterator[Finding]:
    """By what the integration's URI refers to."""
    for name in ("integrationUri", "uri"):
        for function in context.graph.linked(resource, name, FUNCTION):
            yield Finding(f"it calls {function.name} itself, not an alias of it.")


@rule("sfn-state-machine-retries", "aws:sfn/stateMachine:StateMachine")
def sfn_state_machine_retries(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Every Task of the definition, also inside Map and Parallel."""
    try:
        definition = json.loads(resource.known.text("definition", "{}"))
    except (ValueError, RecursionError):
        return
    bare = sorted(name for name, state in _states(definition) if _is_bare(state))
    if bare:
        yield Finding(f"tasks without Retry and Catch: {', '.join(bare)}.")


def _states(value: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    states = value.get("States") if isinstance(value, dict) else None
    for name, state in states.items() if isinstance(states, dict) else ():
        if isinstance(state, dict):
            yield str(name), state
            branches = state.get("Branches")
            inner = [
                state.get("ItemProcessor"),
                state.get("Iterator"),
                *(branches if isinstance(branches, list) else []),
            ]
            for each in inner:
                yield from _states(each)


def _is_bare(state: dict[str, Any]) -> bool:
    return state.get("Type") == "Task" and not state.get("Retry") and not state.get("Catch")


@rule(
    "aws-deployment-rolls-back", "aws:codedeploy/deploymentGroup:DeploymentGroup", "aws:ecs/service:Service"
)
def aws_deployment_rolls_back(resource: Resource, _context: Context) -> Iterator[Finding]:
    """By the circuit breaker, by alarms, or by CodeDeploy, which deploys some services itself."""
    known = resource.known
    if resource.type.startswith("aws:codedeploy/"):
        if not known.flag("autoRollbackConfiguration.enabled"):
            yield Finding("autoRollbackConfiguration is not enabled.")
        return
    other = known.text("deploymentController.type", "ECS") != "ECS"
    back = known.flag("deploymentCircuitBreaker.rollback") or known.flag("alarms.rollback")
    if not other and not back:
        yield Finding("neither its circuit breaker nor its alarms roll back.")

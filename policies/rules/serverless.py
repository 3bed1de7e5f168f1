"""Functions and APIs: who may call them, and what they do when something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from policies.graph import Resource

from .kernel.rule import ALL, NONE, Context, Finding, Scope, Severity, rule
from .tokens import FUNCTION

_ROUTE: Final = "aws:apigatewayv2/route:Route"
_METHOD: Final = "aws:apigateway/method:Method"
_CALLS: Final = ("aws:apigatewayv2/integration:Integration", "aws:apigateway/integration:Integration")


@rule(
    "lambda-permission-source",
    "aws:lambda/permission:Permission",
    severity=Severity.HIGH,
    tiers=ALL,
    why="A service may be told by any account to call a function that doesn't ask whose resource calls.",
    remedy="Set source_arn (source_account for S3).",
    page="https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html",
    pillar="SEC03-BP07 Analyze public and cross-account access",
    control="Lambda.1",
)
def lambda_permission_source(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Principals that are services, or everybody."""
    principal = resource.known.text("principal")
    bound = any(
        resource.known.has(name)
        for name in ("sourceArn", "sourceAccount", "principalOrgId", "eventSourceToken")
    )
    if (principal == "*" or principal.endswith((".amazonaws.com", ".amazonaws.com.cn"))) and not bound:
        yield Finding(f"{principal} may call it for anybody: sourceArn is not set.")


@rule(
    "apigateway-route-authorized",
    _ROUTE,
    _METHOD,
    severity=Severity.HIGH,
    tiers=ALL,
    why="A route without an authorizer is open to whoever finds it.",
    remedy='Set authorization_type ("JWT", "AWS_IAM", "CUSTOM"; authorization of a REST method), or exempt what is public by intent.',
    page="https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html",
    pillar="SEC03-BP01 Define access requirements",
    control="APIGateway.8",
    principles=("R49",),
)
def apigateway_route_authorized(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Routes of HTTP and WebSocket APIs, methods of REST APIs; not the preflight of CORS, nor what needs an API key."""
    method = resource.known.text("httpMethod") or resource.known.text("routeKey").partition(" ")[0]
    kind = resource.known.text("authorizationType") or resource.known.text("authorization")
    inside = ("OPTIONS", "$disconnect")  # of a connection, or a browser's question before the request
    if kind in ("", "NONE") and method not in inside and not resource.known.flag("apiKeyRequired"):
        yield Finding("nobody is asked who they are.")


@rule(
    "apigateway-integration-alias",
    *_CALLS,
    scope=Scope.GRAPH,
    severity=Severity.LOW,
    tiers=NONE,
    why="A route that calls a function without a qualifier gets every change at once; an alias can shift and take back.",
    remedy="Call an aws.lambda_.Alias.",
    page="https://docs.aws.amazon.com/lambda/latest/dg/configuration-aliases.html",
    pillar="REL08-BP04 Deploy using immutable infrastructure",
    principles=("R60",),
)
def apigateway_integration_alias(resource: Resource, context: Context) -> Iterator[Finding]:
    """By what the integration's URI refers to."""
    for name in ("integrationUri", "uri"):
        for function in context.graph.linked(resource, name, FUNCTION):
            yield Finding(f"it calls {function.name} itself, not an alias of it.")


@rule(
    "sfn-state-machine-retries",
    "aws:sfn/stateMachine:StateMachine",
    severity=Severity.MEDIUM,
    tiers=NONE,
    why="A task without Retry or Catch ends the whole execution at the first hiccup.",
    remedy="Give each Task a Retry with backoff, and a Catch that compensates.",
    page="https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html",
    pillar="REL05-BP03 Control and limit retry calls",
    principles=("R55",),
)
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
    "aws-deployment-rolls-back",
    "aws:codedeploy/deploymentGroup:DeploymentGroup",
    "aws:ecs/service:Service",
    severity=Severity.MEDIUM,
    tiers=NONE,
    why="A deployment that fails and stays takes the service along until somebody comes.",
    remedy='Set auto_rollback_configuration={"enabled": True, ...}; for ECS deployment_circuit_breaker={"enable": True, "rollback": True}.',
    page="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html",
    pillar="REL08-BP05 Deploy changes with automation",
    control="ECS deployment circuit breaker (Config)",
    principles=("R58",),
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

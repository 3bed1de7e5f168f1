"""Functions and services for other VPCs: who may call them, and what they do when something fails."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from policies.graph import Resource

from .kernel.rule import Context, Finding, rule


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


@rule("vpc-lattice-service-auth", "aws:vpclattice/service:Service")
def vpc_lattice_service_auth(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Services of VPC Lattice. One that leaves it to its network is open on the next network that it joins."""
    if resource.known.text("authType", "NONE") != "AWS_IAM":
        yield Finding("nobody is asked who they are.")


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

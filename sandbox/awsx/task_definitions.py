"""awsx.ecs.FargateTaskDefinition: log group, roles, and a task definition whose family is a hash of its containers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pulumi

from sandbox.awsx.children import Args, Made, child, component, short_hash
from sandbox.awsx.containers import as_text, by_name, definitions, load_balancers
from sandbox.awsx.log_groups import log_target
from sandbox.awsx.roles import EXECUTION_POLICIES, role
from sandbox.awsx.sizes import task_size

TOKEN = "awsx:ecs:FargateTaskDefinition"  # noqa: S105  a resource type's token is no secret


@dataclass(frozen=True)
class Task(Made):
    """A task definition and what a service wants of it."""

    definition: Any = None
    balancers: pulumi.Output[list[dict[str, Any]]] | None = None


def fargate_task_definition(name: str, args: Args, opts: pulumi.ResourceOptions | None) -> Task:
    """Make the component and its children."""
    where = f"{TOKEN} {name!r}"
    made = component(TOKEN, name, opts)
    containers = by_name(where, args)
    log = log_target(name, args.get("logGroup"), made)
    task_arn, task_role = role(f"{name}-task", args.get("taskRole"), (), made)
    execution_arn, execution_role = role(
        f"{name}-execution", args.get("executionRole"), EXECUTION_POLICIES, made
    )
    found = definitions(where, containers, log)
    text = found.apply(as_text)
    size = found.apply(task_size)
    hashed = text.apply(lambda known: f"{name}-{short_hash(pulumi.get_stack() + known)}")
    definition = child(
        "aws:ecs/taskDefinition:TaskDefinition",
        name,
        {
            "cpu": size.apply(lambda chosen: chosen[0]),
            "memory": size.apply(lambda chosen: chosen[1]),
            **args,
            "family": pulumi.Output.all(args.get("family"), hashed).apply(lambda known: known[0] or known[1]),
            "requiresCompatibilities": ["FARGATE"],
            "networkMode": "awsvpc",
            "taskRoleArn": task_arn,
            "executionRoleArn": execution_arn,
            "containerDefinitions": text,
        },
        made,
    )
    balancers = load_balancers(where, containers)
    made.register_outputs({})
    state = {
        "taskDefinition": definition,
        "logGroup": log.group if log else None,
        "taskRole": task_role,
        "executionRole": execution_role,
        "loadBalancers": balancers,
    }
    return Task(
        made, {key: value for key, value in state.items() if value is not None}, definition, balancers
    )

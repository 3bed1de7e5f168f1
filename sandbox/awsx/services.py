"""awsx.ecs.FargateService: a service, and its task definition if its arguments are given."""

from __future__ import annotations

from typing import Any, cast

import pulumi

from sandbox.awsx.arguments import ArgumentError, only_one
from sandbox.awsx.children import Args, Made, child, component
from sandbox.awsx.task_definitions import fargate_task_definition

TOKEN = "awsx:ecs:FargateService"  # noqa: S105  a resource type's token is no secret


def fargate_service(name: str, args: Args, opts: pulumi.ResourceOptions | None) -> Made:
    """Make the component and its children."""
    where = f"{TOKEN} {name!r}"
    only_one(where, args, "taskDefinition", "taskDefinitionArgs", needed=True)
    only_one(where, args, "networkConfiguration", "assignPublicIp")
    only_one(where, args, "capacityProviderStrategies", "useClusterDefaultCapacityProviderStrategy")
    if args.get("networkConfiguration") is None:
        raise ArgumentError(
            f"{where}: networkConfiguration is missing; awsx would open a security group of the default VPC to the "
            "world, which the sandbox does not make"
        )
    made = component(TOKEN, name, opts)
    wanted = args.get("taskDefinitionArgs")
    task = None
    if wanted is not None:
        task = fargate_task_definition(name, wanted, pulumi.ResourceOptions(parent=made))
    by_provider = args.get("capacityProviderStrategies") or args.get(
        "useClusterDefaultCapacityProviderStrategy"
    )
    not_steady = pulumi.Output.from_input(args.get("continueBeforeSteadyState"))
    service = child(
        "aws:ecs/service:Service",
        name,
        {
            "desiredCount": 1,
            "loadBalancers": task.balancers if task else None,
            **args,
            "cluster": _arn(args.get("cluster")),
            "launchType": None if by_provider else "FARGATE",
            "waitForSteadyState": not_steady.apply(lambda early: not early),
            "taskDefinition": task.definition.arn if task else args["taskDefinition"],
        },
        made,
    )
    made.register_outputs({})
    return Made(made, {"service": service, **({"taskDefinition": task.definition} if task else {})})


def _arn(cluster: Any) -> Any:
    """A cluster's ARN, where the cluster itself was given."""
    return cast("Any", cluster).arn if isinstance(cluster, pulumi.CustomResource) else cluster

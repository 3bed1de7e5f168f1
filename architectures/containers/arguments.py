"""What the components of a system of containers are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pulumi

from architectures.containers.sections import Service
from architectures.faults import PLACEHOLDER
from architectures.parts import tasks
from architectures.stack import Stack
from components.compute import (
    BlueGreen,
    Connect,
    ContainerServiceArgs,
    Scaling,
    ServiceMetric,
    Target,
)
from components.edge import PathTargetArgs, TargetArgs
from components.network import Member, ServiceGroupsArgs
from components.permissions import Statement
from components.tags import Tags

SERVICE_KEYS = {
    "port": "port",
    "cpu": "cpu",
    "memory": "memory",
    "required": "requiredTasks",
    "scaling.maximum": "maximumTasks",
    "scaling.target": "scaleTarget",
    "scaling.metric": "scaleOn",
    "scaling.queue_name": "scaleOn",
    "blue_green": "deployment",
    "blue_green.bake_minutes": "bakeMinutes",
    "environment and secrets": "secrets",
    "read_only": "readOnly",
    "lattice_target_arn": "lattice",
    "registry_arn": "discovered",
}
"""Argument of a service that a setting decides -> key within the service."""
PATH_KEYS = {"path": "path", "target.health_path": "healthPath"}
"""The same for its path."""
LATTICE_KEYS = {"port": "port", "health_path": "healthPath"}
"""The same of it on the service network."""
TARGETS = {ServiceMetric.CPU: 50.0, ServiceMetric.REQUESTS: 1000.0, ServiceMetric.BACKLOG: 10.0}
"""What each metric is kept at unless the settings say it."""


def metric(given: Service) -> ServiceMetric:
    """What the number of tasks follows."""
    if given.scale_on is not None:
        return ServiceMetric(given.scale_on)
    return ServiceMetric.BACKLOG if given.queue is not None else ServiceMetric.CPU


def scaling(given: Service, queue_name: pulumi.Input[str] | None) -> Scaling:
    """How the number of tasks follows the load."""
    follows = metric(given)
    target = TARGETS[follows] if given.scale_target is None else given.scale_target
    of = queue_name if follows is ServiceMetric.BACKLOG else None
    return Scaling(maximum=given.maximum_tasks, metric=follows, target=target, queue_name=of)


def service(
    each: str,
    given: Service,
    stack: Stack,
    share: float,
    around: tasks.Around,
    *,
    namespace_arn: pulumi.Input[str],
    command_log_arn: pulumi.Input[str] | None,
    target: Target | None,
    blue_green: BlueGreen | None,
    lattice_target_arn: pulumi.Input[str] | None,
    registry_arn: pulumi.Input[str] | None,
    rollback_alarms: Sequence[pulumi.Input[str]],
    queue_name: pulumi.Input[str] | None,
    environment: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Statement],
    task_tags: Mapping[str, str],
) -> ContainerServiceArgs:
    """A service's arguments; `environment` is what the program tells it beside the settings' own."""
    made = tasks.service(given, stack, share, around, environment=environment, statements=statements)
    return replace(
        made,
        port=given.port,
        target=target,
        blue_green=blue_green,
        lattice_target_arn=lattice_target_arn,
        registry_arn=registry_arn,
        rollback_alarms=rollback_alarms,
        # Whoever calls others by name has the proxy too, even if nobody calls it.
        connect=Connect(namespace_arn=namespace_arn, name=each) if given.port or given.calls else None,
        scaling=scaling(given, queue_name),
        spot_above_base=given.spot_above_base,
        secrets=given.secrets,
        secret_key_arns=given.secret_keys,
        task_tags=task_tags,
        health_command=given.health_command,
        execute_command=command_log_arn is not None,
        command_log_arn=command_log_arn,
    )


def path(
    given: Service,
    own: str,
    *,
    listener_arn: pulumi.Input[str],
    vpc_id: pulumi.Input[str],
    priority: int,
    tags: Tags,
) -> PathTargetArgs:
    """The arguments of a service's path, which is `own`."""
    return PathTargetArgs(
        listener_arn=listener_arn,
        vpc_id=vpc_id,
        path=own,
        priority=priority,
        target=TargetArgs(port=given.port or 0, target_type="ip", health_path=given.health_path),
        paired=given.deployment == "blue-green",
        tags=tags,
    )


def groups(
    services: Mapping[str, Service],
    *,
    vpc_id: pulumi.Input[str],
    ingress_cidrs: Sequence[str],
    lattice_prefix_list_id: pulumi.Input[str] | None,
    tags: Tags,
) -> ServiceGroupsArgs:
    """The arguments of the security groups."""
    members = {
        each: Member(
            port=given.port, outside=given.path is not None, lattice=given.lattice, calls=given.calls
        )
        for each, given in services.items()
    }
    return ServiceGroupsArgs(
        vpc_id=vpc_id,
        tags=tags,
        services=members,
        ingress_cidrs=ingress_cidrs,
        lattice_prefix_list_id=lattice_prefix_list_id,
    )


def placeholder_service(
    each: str, given: Service, stack: Stack, share: float, *, commands: bool
) -> ContainerServiceArgs:
    """A service's arguments for its checks: all that settings decide, the ids of what doesn't exist yet replaced."""
    outside = given.path is not None
    return service(
        each,
        given,
        stack,
        share,
        tasks.Around.placeholder(given, stack),
        namespace_arn=PLACEHOLDER,
        command_log_arn=PLACEHOLDER if commands else None,
        target=Target(
            arn=PLACEHOLDER,
            arn_suffix=PLACEHOLDER,
            load_balancer_arn_suffix=PLACEHOLDER,
            listener_arn=PLACEHOLDER,
        )
        if outside
        else None,
        blue_green=BlueGreen(alternate_arn=PLACEHOLDER, rule_arn=PLACEHOLDER, bake_minutes=given.bake_minutes)
        if given.deployment == "blue-green"
        else None,
        lattice_target_arn=PLACEHOLDER if given.lattice else None,
        registry_arn=PLACEHOLDER if given.discovered else None,
        rollback_alarms=[PLACEHOLDER],
        queue_name=PLACEHOLDER if given.queue else None,
        environment={},
        statements=(),
        task_tags={},
    )

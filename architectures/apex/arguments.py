"""What the components of an APEX system are given. The settings' checks look at the same arguments before anything is registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pulumi

from architectures.apex.sections import Database, Server
from architectures.faults import PLACEHOLDER
from architectures.parts import tasks
from architectures.parts.instance_args import INSTANCE_KEYS, Around, Writes, follows, writes
from architectures.parts.sections import Restore
from architectures.stack import Stack
from components.compute import (
    ContainerServiceArgs,
    Scaling,
    Target,
)
from components.data import DatabaseOption, RdsInstanceArgs, RdsReplicaArgs, apex_options
from components.edge import TargetArgs
from components.permissions import Statement

DATABASE_KEYS = {
    **INSTANCE_KEYS,
    "instance_class": "database.instanceClass",
    "license_model": "database.license",
    "options.APEX": "database.apexVersion",
    "moment.time": "database.restores",
}
"""Argument of the instance, or of its replica, that a setting decides -> key within the system."""
SERVER_KEYS = {
    "port": "server.port",
    "cpu": "server.cpu",
    "memory": "server.memory",
    "required": "server.requiredTasks",
    "scaling.maximum": "server.maximumTasks",
    "environment and secrets": "server.secrets",
    "target.port": "server.port",
    "target.health_path": "server.healthPath",
    "deep_path": "server.deepHealthPath",
}
"""The same of the service and its targets."""
CPU_PERCENT = 50.0
"""What scaling keeps: in three zones the loss of one leaves 75 %."""
START_SECONDS = 300
"""Time that ORDS has until the load balancer's checks count: it opens its pools first."""


def options(given: Database, group_id: pulumi.Input[str]) -> list[DatabaseOption]:
    """The options of the database, behind that security group."""
    return apex_options(
        given.apex_version,
        development=given.development,
        zone_file=given.zone_file_upgrade,
        security_group_ids=[group_id],
    )


def instance(given: Database, stack: Stack, around: Around, which: Writes) -> RdsInstanceArgs:
    """The arguments of an instance that writes: the original one, or a restore."""
    made = writes(given, stack, around, which, engine=given.edition, instance_class=given.instance_class)
    return replace(
        made,
        license_model=given.license,
        multi_az=given.multi_az,
        options=options(given, around.group_id),
        # Oracle's users sign in with a password, as it is.
        iam_authentication=False,
    )


def replica(given: Database, stack: Stack, around: Around, source_arn: pulumi.Input[str]) -> RdsReplicaArgs:
    """The arguments of the replica in this region of the other region's instance."""
    made = follows(
        given, stack, around, source_arn, engine=given.edition, instance_class=given.instance_class
    )
    return replace(
        made,
        mode=given.replica_mode,
        multi_az=given.multi_az,
        options=options(given, around.group_id),
        iam_authentication=False,
    )


def target(given: Server) -> TargetArgs:
    """The load balancer's target group. A session of APEX is the database's: any task answers it."""
    return TargetArgs(port=given.port, target_type="ip", health_path=given.health_path)


def service(
    given: Server,
    stack: Stack,
    share: float,
    around: tasks.Around,
    *,
    target: Target,
    environment: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Statement],
) -> ContainerServiceArgs:
    """The arguments of the service; `environment` is what the program tells it beside the settings' own."""
    made = tasks.service(given, stack, share, around, environment=environment, statements=statements)
    return replace(
        made,
        port=given.port,
        target=target,
        grace_period=START_SECONDS,
        scaling=Scaling(maximum=given.maximum_tasks, target=CPU_PERCENT),
        secrets=given.secrets,
    )


def placeholder_instance(given: Database, stack: Stack, restore: Restore | None) -> RdsInstanceArgs:
    """The instance's arguments for its checks: all that settings decide, the ids of what doesn't exist yet replaced."""
    which = Writes(restore, PLACEHOLDER if restore else None)
    return instance(given, stack, Around.placeholder(stack), which)


def placeholder_service(given: Server, stack: Stack, share: float) -> ContainerServiceArgs:
    """The same of the service."""
    there = Target(
        arn=PLACEHOLDER,
        arn_suffix=PLACEHOLDER,
        load_balancer_arn_suffix=PLACEHOLDER,
        listener_arn=PLACEHOLDER,
    )
    around = tasks.Around.placeholder(given, stack)
    return service(given, stack, share, around, target=there, environment={}, statements=())

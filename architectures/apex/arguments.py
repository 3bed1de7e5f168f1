"""What the components of an APEX system are given. The settings' checks look at the same arguments before anything is registered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pulumi

from architectures.apex.sections import Database, Server
from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.sections import Restore
from architectures.parts.tasks import running
from architectures.stack import Stack
from components.compute import (
    ContainerServiceArgs,
    Scaling,
    Target,
)
from components.data import (
    DatabaseOption,
    Moment,
    RdsInstanceArgs,
    RdsReplicaArgs,
    ReplicaHome,
    SecretReplica,
    apex_options,
)
from components.edge import TargetArgs
from components.tags import Tags

DATABASE_KEYS = {
    "engine_version": "database.engineVersion",
    "instance_class": "database.instanceClass",
    "license_model": "database.license",
    "options.APEX": "database.apexVersion",
    "database_name": "database.name",
    "username": "database.masterUsername",
    "allocated_storage": "database.storageGib",
    "max_allocated_storage": "database.maximumStorageGib",
    "backup_retention_days": "database.backupRetentionDays",
    "rotation_days": "database.rotationDays",
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


def _sized(given: Database, tags: Tags) -> Tags:
    return replace(tags, facts={**tags.facts, "dr:data-gib": str(given.storage_gib)})


def instance(
    given: Database,
    stack: Stack,
    restore: Restore | None,
    *,
    source: pulumi.Input[str] | None,
    backups: pulumi.Input[str] | None,
    group_id: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    peer_key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    tags: Tags,
) -> RdsInstanceArgs:
    """The arguments of an instance that writes: the original one, or a restore from the instance `source` or its `backups` here."""
    moment = Moment(source_identifier=source, backups_arn=backups, time=restore.time) if restore else None
    return RdsInstanceArgs(
        engine=given.edition,
        engine_version=given.engine_version,
        license_model=given.license,
        instance_class=given.instance_class,
        multi_az=given.multi_az,
        options=options(given, group_id),
        moment=moment,
        database_name=None if restore else given.name,
        username=given.master_username,
        # Oracle's users sign in with a password, as it is.
        iam_authentication=False,
        allocated_storage=given.storage_gib,
        max_allocated_storage=given.maximum_storage_gib,
        backup_retention_days=given.backup_retention_days,
        rotation_days=given.rotation_days,
        secret_replicas=[SecretReplica(region=stack.peer_region, kms_key_arn=peer_key_arn)],
        security_group_ids=[group_id],
        subnet_ids=subnet_ids,
        kms_key_arn=key_arn,
        event_topic_arn=topic_arn,
        deletion_protection=stack.protect,
        protect=stack.protect,
        tags=_sized(given, tags),
    )


def replica(
    given: Database,
    stack: Stack,
    *,
    source_arn: pulumi.Input[str],
    group_id: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    tags: Tags,
) -> RdsReplicaArgs:
    """The arguments of the replica in this region of the other region's instance: encrypted by this region's key."""
    return RdsReplicaArgs(
        source=source_arn,
        engine=given.edition,
        engine_version=given.engine_version,
        instance_class=given.instance_class,
        mode=given.replica_mode,
        multi_az=given.multi_az,
        options=options(given, group_id),
        iam_authentication=False,
        max_allocated_storage=given.maximum_storage_gib,
        backup_retention_days=given.backup_retention_days,
        home=ReplicaHome(kms_key_arn=key_arn, subnet_ids=subnet_ids),
        security_group_ids=[group_id],
        event_topic_arn=topic_arn,
        deletion_protection=stack.protect,
        protect=stack.protect,
        tags=_sized(given, tags),
    )


def target(given: Server) -> TargetArgs:
    """The load balancer's target group. A session of APEX is the database's: any task answers it."""
    return TargetArgs(port=given.port, target_type="ip", health_path=given.health_path)


def service(
    given: Server,
    *,
    tags: Tags,
    running: int,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_id: pulumi.Input[str],
    image: pulumi.Input[str],
    repository_arn: pulumi.Input[str] | None,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    cluster_arn: pulumi.Input[str],
    target: Target,
    environment: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Mapping[str, Any]],
) -> ContainerServiceArgs:
    """The arguments of the service; `environment` is what the program tells it beside the settings' own."""
    return ContainerServiceArgs(
        tags=tags,
        subnet_ids=subnet_ids,
        security_group_ids=[security_group_id],
        image=image,
        required=given.required_tasks,
        running=running,
        key_arn=key_arn,
        repository_arn=repository_arn,
        port=given.port,
        target=target,
        grace_period=START_SECONDS,
        scaling=Scaling(maximum=given.maximum_tasks, target=CPU_PERCENT),
        cpu=given.cpu,
        memory=given.memory,
        architecture=given.architecture,
        environment={**given.environment, **environment},
        secrets=given.secrets,
        statements=statements,
        read_only=given.read_only,
        cluster_arn=cluster_arn,
        alarm_topic_arn=topic_arn,
    )


def placeholder_instance(given: Database, stack: Stack, restore: Restore | None) -> RdsInstanceArgs:
    """The instance's arguments for its checks: all that settings decide, the ids of what doesn't exist yet replaced."""
    return instance(
        given,
        stack,
        restore,
        source=PLACEHOLDER if restore else None,
        backups=None,
        group_id=PLACEHOLDER,
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
        key_arn=PLACEHOLDER,
        peer_key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        tags=PLACEHOLDER_TAGS,
    )


def placeholder_service(given: Server, stack: Stack, share: float) -> ContainerServiceArgs:
    """The same of the service."""
    there = Target(
        arn=PLACEHOLDER,
        arn_suffix=PLACEHOLDER,
        load_balancer_arn_suffix=PLACEHOLDER,
        listener_arn=PLACEHOLDER,
    )
    return service(
        given,
        tags=PLACEHOLDER_TAGS,
        running=running(given.required_tasks, stack, share),
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
        security_group_id=PLACEHOLDER,
        image=given.image or f"{PLACEHOLDER}:1",
        repository_arn=PLACEHOLDER,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        cluster_arn=PLACEHOLDER,
        target=there,
        environment={},
        statements=(),
    )

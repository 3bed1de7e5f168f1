"""What the components of a sharded database are given. The settings' checks look at the same arguments before anything is registered."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.sections import Restore
from architectures.sharded_database.sections import Shard, ShardDatabase
from architectures.stack import Stack
from components.data import Moment, RdsInstanceArgs, RdsReplicaArgs, ReplicaHome, SecretReplica
from components.tags import Tags

DATABASE_KEYS = {
    "engine_version": "database.engineVersion",
    "database_name": "database.name",
    "username": "database.masterUsername",
    "allocated_storage": "database.storageGib",
    "max_allocated_storage": "database.maximumStorageGib",
    "backup_retention_days": "database.backupRetentionDays",
    "rotation_days": "database.rotationDays",
}
"""Argument of every shard's instance that a setting decides -> key within the system."""


def keys(shard: str, given: Shard) -> dict[str, str]:
    """The same of one shard's instance."""
    own = f"shards.{shard}"
    where = f"{own}.instanceClass" if given.instance_class else "database.instanceClass"
    return {**DATABASE_KEYS, "instance_class": where, "moment.time": f"{own}.restores"}


def class_of(given: ShardDatabase, shard: Shard) -> str:
    """The class of a shard's instance."""
    return shard.instance_class or given.instance_class


def _sized(given: ShardDatabase, tags: Tags) -> Tags:
    return replace(tags, facts={**tags.facts, "dr:data-gib": str(given.storage_gib)})


def instance(
    given: ShardDatabase,
    shard: Shard,
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
    """The arguments of a shard that writes: the original one, or a restore from the instance `source` or its `backups` here."""
    moment = Moment(source_identifier=source, backups_arn=backups, time=restore.time) if restore else None
    return RdsInstanceArgs(
        engine=given.engine,
        engine_version=given.engine_version,
        instance_class=class_of(given, shard),
        moment=moment,
        database_name=None if restore else given.name,
        username=given.master_username,
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
    given: ShardDatabase,
    shard: Shard,
    stack: Stack,
    *,
    source_arn: pulumi.Input[str],
    group_id: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    tags: Tags,
) -> RdsReplicaArgs:
    """The arguments of the replica in this region of the other region's instance: as large, encrypted by this region's key."""
    return RdsReplicaArgs(
        source=source_arn,
        engine=given.engine,
        engine_version=given.engine_version,
        instance_class=class_of(given, shard),
        multi_az=True,
        max_allocated_storage=given.maximum_storage_gib,
        backup_retention_days=given.backup_retention_days,
        home=ReplicaHome(kms_key_arn=key_arn, subnet_ids=subnet_ids),
        security_group_ids=[group_id],
        event_topic_arn=topic_arn,
        deletion_protection=stack.protect,
        protect=stack.protect,
        tags=_sized(given, tags),
    )


def placeholder_instance(
    given: ShardDatabase, shard: Shard, stack: Stack, restore: Restore | None
) -> RdsInstanceArgs:
    """A shard's arguments for their checks: all that settings decide, the ids of what doesn't exist yet replaced."""
    return instance(
        given,
        shard,
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

"""What a DB instance is given, whatever kind of system it belongs to: one that writes, or the other region's replica."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.sections import Restore
from architectures.stack import Stack
from architectures.system import Place
from components.data import Moment, RdsInstanceArgs, RdsReplicaArgs, ReplicaHome, SecretReplica
from components.tags import Tags

INSTANCE_KEYS = {
    "engine_version": "database.engineVersion",
    "database_name": "database.name",
    "username": "database.masterUsername",
    "allocated_storage": "database.storageGib",
    "max_allocated_storage": "database.maximumStorageGib",
    "backup_retention_days": "database.backupRetentionDays",
    "rotation_days": "database.rotationDays",
}
"""Argument of an instance that a setting of every kind decides -> key within the system."""


class Given(Protocol):
    """What a kind's settings say of its database."""

    @property
    def engine_version(self) -> str:
        """As RDS names it."""

    @property
    def name(self) -> str:
        """Of the database that is created with the instance."""

    @property
    def master_username(self) -> str:
        """Whose password is the secret."""

    @property
    def storage_gib(self) -> int:
        """GiB at first."""

    @property
    def maximum_storage_gib(self) -> int:
        """GiB up to which storage grows by itself."""

    @property
    def backup_retention_days(self) -> int:
        """Days that automated backups reach back."""

    @property
    def rotation_days(self) -> int:
        """Days between rotations of the master password."""


@dataclass(frozen=True, kw_only=True)
class Around:
    """What every instance of a region is given, one that writes as well as a replica."""

    group_id: pulumi.Input[str]
    subnet_ids: Mapping[str, pulumi.Input[str]]
    key_arn: pulumi.Input[str]
    peer_key_arn: pulumi.Input[str]
    """The other region's key, for the password's replica there."""
    topic_arn: pulumi.Input[str]
    tags: Tags

    @classmethod
    def of(cls, place: Place, group_id: pulumi.Input[str]) -> Around:
        """In the place of a system, in the security group of that id."""
        ground = place.ground
        return cls(
            group_id=group_id,
            subnet_ids=ground.network.data_subnet_ids,
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
            topic_arn=ground.topic.arn,
            tags=place.tags,
        )

    @classmethod
    def placeholder(cls, stack: Stack) -> Around:
        """For checks: the ids of what doesn't exist yet replaced."""
        return cls(
            group_id=PLACEHOLDER,
            subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
            key_arn=PLACEHOLDER,
            peer_key_arn=PLACEHOLDER,
            topic_arn=PLACEHOLDER,
            tags=PLACEHOLDER_TAGS,
        )


@dataclass(frozen=True)
class Writes:
    """Which instance that writes: the original one, or a restore from an instance or its backups in this region."""

    restore: Restore | None = None
    source: pulumi.Input[str] | None = None
    backups: pulumi.Input[str] | None = None


def writes(
    given: Given, stack: Stack, around: Around, which: Writes, *, engine: str, instance_class: str
) -> RdsInstanceArgs:
    """The arguments of an instance that writes, with a standby in another zone."""
    restore = which.restore
    return RdsInstanceArgs(
        engine=engine,
        engine_version=given.engine_version,
        instance_class=instance_class,
        moment=Moment(source_identifier=which.source, backups_arn=which.backups, time=restore.time)
        if restore
        else None,
        database_name=None if restore else given.name,
        username=given.master_username,
        allocated_storage=given.storage_gib,
        max_allocated_storage=given.maximum_storage_gib,
        backup_retention_days=given.backup_retention_days,
        rotation_days=given.rotation_days,
        secret_replicas=[SecretReplica(region=stack.peer_region, kms_key_arn=around.peer_key_arn)],
        security_group_ids=[around.group_id],
        subnet_ids=around.subnet_ids,
        kms_key_arn=around.key_arn,
        event_topic_arn=around.topic_arn,
        deletion_protection=stack.protect,
        protect=stack.protect,
        tags=_sized(given, around.tags),
    )


def follows(
    given: Given,
    stack: Stack,
    around: Around,
    source_arn: pulumi.Input[str],
    *,
    engine: str,
    instance_class: str,
) -> RdsReplicaArgs:
    """The arguments of the replica in this region of the other region's instance, encrypted by this region's key, with a standby."""
    return RdsReplicaArgs(
        source=source_arn,
        engine=engine,
        engine_version=given.engine_version,
        instance_class=instance_class,
        multi_az=True,
        max_allocated_storage=given.maximum_storage_gib,
        backup_retention_days=given.backup_retention_days,
        home=ReplicaHome(kms_key_arn=around.key_arn, subnet_ids=around.subnet_ids),
        security_group_ids=[around.group_id],
        event_topic_arn=around.topic_arn,
        deletion_protection=stack.protect,
        protect=stack.protect,
        tags=_sized(given, around.tags),
    )


def _sized(given: Given, tags: Tags) -> Tags:
    return replace(tags, facts={**tags.facts, "dr:data-gib": str(given.storage_gib)})

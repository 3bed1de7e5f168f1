"""What the components of a sharded database are given. The settings' checks look at the same arguments before anything is registered."""

from __future__ import annotations

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.instance_args import INSTANCE_KEYS, Around, Writes, follows, writes
from architectures.parts.sections import Restore
from architectures.sharded_database.sections import Shard, ShardDatabase
from architectures.stack import Stack
from components.data import RdsInstanceArgs, RdsReplicaArgs


def keys(shard: str, given: Shard) -> dict[str, str]:
    """Argument of one shard's instance that a setting decides -> key within the system."""
    own = f"shards.{shard}"
    where = f"{own}.instanceClass" if given.instance_class else "database.instanceClass"
    return {**INSTANCE_KEYS, "instance_class": where, "moment.time": f"{own}.restores"}


def class_of(given: ShardDatabase, shard: Shard) -> str:
    """The class of a shard's instance."""
    return shard.instance_class or given.instance_class


def instance(
    given: ShardDatabase, shard: Shard, stack: Stack, around: Around, which: Writes
) -> RdsInstanceArgs:
    """The arguments of a shard that writes: the original one, or a restore."""
    return writes(given, stack, around, which, engine=given.engine, instance_class=class_of(given, shard))


def replica(
    given: ShardDatabase, shard: Shard, stack: Stack, around: Around, source_arn: pulumi.Input[str]
) -> RdsReplicaArgs:
    """The arguments of the replica in this region of the other region's instance: as large."""
    return follows(
        given, stack, around, source_arn, engine=given.engine, instance_class=class_of(given, shard)
    )


def placeholder_instance(
    given: ShardDatabase, shard: Shard, stack: Stack, restore: Restore | None
) -> RdsInstanceArgs:
    """A shard's arguments for their checks: all that settings decide, the ids of what doesn't exist yet replaced."""
    which = Writes(restore, PLACEHOLDER if restore else None)
    return instance(given, shard, stack, Around.placeholder(stack), which)

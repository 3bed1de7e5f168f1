"""A region's shards: the instances of each, what watches them, and the parameters that say where each one is."""

from __future__ import annotations

from functools import partial
from typing import Any

import pulumi
import pulumi_aws as aws

from architectures.parts.instance_args import Around
from architectures.parts.instances import Database, Instances
from architectures.sharded_database import arguments, names
from architectures.sharded_database.settings import ShardedDatabaseSettings
from architectures.system import Place
from components.data import declare_instance_alarms
from components.facts import Fact
from components.network import StoreGroup, StoreGroupArgs
from components.switch import PromotedReplica


class Shards:
    """Those that the region has, as children of the system. Each is alone: none needs another one."""

    each: dict[str, Instances]
    """By name of the shard."""
    alarms: list[pulumi.Output[str]]
    """Names of the alarms of those that serve."""
    groups: StoreGroup | None
    """None where the region has no shard."""

    def __init__(
        self, name: str, settings: ShardedDatabaseSettings, place: Place, *, parent: pulumi.Resource
    ) -> None:
        self._name, self._settings, self._place = name, settings, place
        self._child = pulumi.ResourceOptions(parent=parent)
        self.each, self.alarms, self.groups = {}, [], None
        standing = settings.standing(place.stack)
        if not standing:
            return
        self.groups = self._groups()
        for shard in standing:
            self.each[shard] = self._instances(shard, self.groups.store_id)
            self._watched(shard)
            self._told(shard)
        self._parameter(
            "map", "Which shard has which slot", pulumi.Output.json_dumps(settings.shard_map.told)
        )

    @property
    def recovery(self) -> list[Fact]:
        """The units of each shard, which need nothing of the others."""
        return [fact for made in self.each.values() for fact in made.recovery]

    @property
    def promoted(self) -> list[PromotedReplica]:
        """What a takeover promotes, beside each other."""
        found = ((shard, made.replica) for shard, made in self.each.items())
        return [
            PromotedReplica(label=shard, identifier=replica.identifier, arn=replica.arn)
            for shard, replica in found
            if replica is not None
        ]

    @property
    def outputs(self) -> dict[str, Any]:
        """What people and the other region's stack read of each, by the shard's name."""
        return {
            shard: {
                "database": made.serves.identifier,
                "address": made.serves.address,
                "secretArn": made.secret_arn,
                "databases": made.outputs,
            }
            for shard, made in self.each.items()
        }

    def _groups(self) -> StoreGroup:
        args = StoreGroupArgs(
            tags=self._place.tags, vpc_id=self._place.ground.network.vpc_id, port=self._settings.port
        )
        return StoreGroup(f"{self._name}-sg", args, self._child)

    def _instances(self, shard: str, group_id: pulumi.Output[str]) -> Instances:
        settings, place = self._settings, self._place
        given, own = settings.database, settings.shards[shard]
        stack = place.stack
        around = Around.of(place, group_id)
        database = Database(
            component=names.shard(self._name, shard),
            held=settings.held(shard, stack),
            follows=settings.follows(stack),
            peer=place.peer.part("shards").part(shard).part("databases") if place.peer else None,
            retention_days=given.backup_retention_days,
            instance=partial(arguments.instance, given, own, stack, around),
            replica=partial(arguments.replica, given, own, stack, around),
        )
        return Instances(database, place, self._child)

    def _watched(self, shard: str) -> None:
        made = declare_instance_alarms(
            names.shard(self._name, shard),
            self.each[shard].serves.identifier,
            storage_gib=self._settings.database.storage_gib,
            tags=self._place.tags,
            actions=[self._place.ground.topic.arn],
            opts=self._child,
        )
        self.alarms += made.values()

    def _told(self, shard: str) -> None:
        made, given = self.each[shard], self._settings.database
        where = {
            "host": made.serves.address,
            "port": self._settings.port,
            "engine": given.engine,
            "database": given.name,
            "secret": made.secret_arn,
        }
        self._parameter(f"shards/{shard}", f"Where shard {shard} is", pulumi.Output.json_dumps(where))

    def _parameter(self, key: str, about: str, value: pulumi.Output[str]) -> None:
        name = f"{self._name}-{key.replace('/', '-')}-told"
        aws.ssm.Parameter(
            name,
            name=f"{names.path(self._name, self._place.stack)}/{key}",
            type="String",
            value=value,
            description=about,
            tags=self._place.tags.resource(name),
            opts=self._child,
        )

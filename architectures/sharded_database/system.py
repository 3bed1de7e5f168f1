"""A relational database in shards that two regions have."""

from __future__ import annotations

import pulumi

from architectures.parts.data_plane import DataPlane, Moving
from architectures.parts.shelf import Shelf
from architectures.sharded_database import names
from architectures.sharded_database.migrating import migrator
from architectures.sharded_database.runbook import written
from architectures.sharded_database.settings import ShardedDatabaseSettings
from architectures.sharded_database.shards import Shards
from architectures.system import Place, System
from components.compute import ServingFunction
from functions.sharded_database.shard_map import ShardMap, newer
from functions.sharded_database.slots import MapError

MAP = "map"


class ShardedDatabase(System):
    """One region's part of the database.

    Creates: for each shard an instance with a standby in another zone, secret and rotation (in the other region a replica, or its automated
    backups alone), alarms, and the parameter that says where it is; the parameter with the map, which says the same in both regions; a
    security group before them, and one for their clients; a state machine that promotes all replicas beside each other; with `migrations`
    a function that does one migration in every shard; runbooks.
    Survives: a shard (its keys are answered by nobody, all others as before), instance and zone (each fails over to its standby in 60 to
    120 s without loss), region (replicas are promoted; else each shard is restored out of replicated backups). No map changes then: each
    region's says which shard has a key, and each region's parameters where that shard is there.
    Costs: each shard twice, and twice again where the other region has replicas.
    Source: https://aws.amazon.com/blogs/database/sharding-with-amazon-relational-database-service/
    """

    shards: Shards
    migrator: ServingFunction | None
    """None without migrations, or shards."""
    way_over: DataPlane | None
    """None where nothing is switched: the settings say so, or the region has no replicas."""

    def __init__(
        self,
        name: str,
        settings: ShardedDatabaseSettings,
        place: Place,
        opts: pulumi.ResourceOptions | None = None,
    ) -> None:
        super().__init__("holdfast:architectures:ShardedDatabase", name, {}, opts)
        told = succeeding(name, settings, place).told
        self.shards = Shards(name, settings, place, parent=self)
        self.way_over = self.migrator = None
        child = pulumi.ResourceOptions(parent=self)
        if settings.migrations is not None:
            self.migrator = migrator(name, settings.migrations, place, self.shards, child)
        if settings.switched(place.stack):
            moving = Moving(replicas=self.shards.promoted)
            self.way_over = DataPlane(name, place, moving, health=None, parent=self)
        shelf = Shelf(name, place, self)
        functions = [self.migrator.recovery_fact] if self.migrator else []
        self.recovery = [*functions, *self.shards.recovery, *shelf.recovery]
        self.outputs = {
            "kind": settings.kind,
            MAP: told,
            "parameters": names.path(name, place.stack),
            "shards": self.shards.outputs,
            **({"clientGroup": self.shards.groups.client_id} if self.shards.groups else {}),
            **({"migrator": self.migrator.function_name} if self.migrator else {}),
            **(self.way_over.outputs if self.way_over else {}),
            **shelf.outputs,
            "runbook": shelf.put(
                written(name, settings, place, self.shards, way_over=self.way_over, migrator=self.migrator)
            ),
        }
        self.register_outputs(dict(self.outputs))


def succeeding(name: str, settings: ShardedDatabaseSettings, place: Place) -> ShardMap:
    """The settings' map. Ends the program where the one that is deployed is newer, or another one of the same version."""
    found = settings.shard_map
    if MAP not in place.earlier:
        return found
    held = ShardMap.plain(place.earlier[MAP])
    try:
        holds = newer(held, found)
    except MapError as error:
        raise pulumi.RunError(f"holdfast:systems.{name}.{error}") from None
    if holds != found:
        allowed = f"{held.version} or more: that one is deployed"
        raise pulumi.RunError(
            f"holdfast:systems.{name}.map.version: got {found.version}, allowed is {allowed}"
        )
    return found

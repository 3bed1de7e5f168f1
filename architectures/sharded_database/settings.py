"""The keys of a sharded database, and what is allowed in them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Literal

from architectures.faults import Fault, fault, refusals
from architectures.keys import SystemSettings
from architectures.known import instance_class, table, version
from architectures.parts.code import PROGRAM
from architectures.parts.instances import restore_faults, there
from architectures.parts.sections import Move, Restore
from architectures.sharded_database import arguments, names
from architectures.sharded_database.sections import Migrations, Shard, ShardDatabase, ShardName, SlotMap
from architectures.stack import Stack
from architectures.strategies import Posture, Strategy, posture
from components.data.engines import ENGINES
from components.network.cidr import MINIMUM_ZONES
from functions.sharded_database.drivers import AUTHORITIES, DRIVERS
from functions.sharded_database.shard_map import ShardMap
from functions.sharded_database.slots import MapError

MAP_BYTES = 4096
"""https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-advanced-parameters.html"""
BUNDLES = "https://truststore.pki.rds.amazonaws.com/global"
"""https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html"""


class ShardedDatabaseSettings(SystemSettings):
    """One sharded database."""

    kind: Literal["sharded-database"]
    switch: Move = Move()
    """What moves it to the other region. Nothing with backup-and-restore: there is nothing to move to."""
    map: SlotMap = SlotMap()
    shards: dict[ShardName, Shard]
    database: ShardDatabase = ShardDatabase()
    migrations: Migrations | None = None
    """None: no function that does a migration in every shard."""

    def posture(self, stack: Stack) -> Posture:
        """How the shards stand in that stack's region: a shard is there or it isn't, so no share of it is."""
        return posture(self.followed(stack), active=stack.active, share=1, kept=stack.founder)

    def follows(self, stack: Stack) -> bool:
        """Whether the region's instances are replicas of the other region's."""
        return not stack.founder and self.posture(stack).replicated

    def held(self, shard: str, stack: Stack) -> list[Restore | None]:
        """What the region has of a shard's instances, oldest first: None is the original one, the last one serves."""
        return there(self.shards[shard].restores, first=stack.founder or self.posture(stack).replicated)

    def standing(self, stack: Stack) -> list[str]:
        """The shards that the region has an instance of."""
        return [each for each in sorted(self.shards) if self.held(each, stack)]

    def switched(self, stack: Stack) -> bool:
        """Whether something deployed beforehand brings the region's shards up."""
        return self.switch.by != "none" and self.follows(stack)

    @property
    def port(self) -> int:
        """The engine's."""
        return ENGINES[self.database.engine].port

    @property
    def shard_map(self) -> ShardMap:
        """The map that the settings say. Raises MapError for one that can't be."""
        ranges = {name: shard.slots for name, shard in self.shards.items()}
        return ShardMap.of(self.map.version, self.map.slots, ranges, self.map.moving)

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self._map_faults()
        if self.followed(stack) is Strategy.ACTIVE_ACTIVE:
            allowed = "any other: an instance of RDS is written in one region"
            yield fault("strategy", f"'{Strategy.ACTIVE_ACTIVE}'", allowed)
            return
        if len(set(stack.zones)) < MINIMUM_ZONES:  # the network's own fault
            return
        yield from self._name_faults(name)
        yield from self._driver_faults()
        yield from self._instance_faults(stack)

    def _map_faults(self) -> Iterator[Fault]:
        try:
            size = len(json.dumps(self.shard_map.told).encode())
        except MapError as error:
            yield fault(error.where, error.got, error.allowed)
            return
        if size > MAP_BYTES:
            allowed = f"ranges whose map has at most {MAP_BYTES} bytes, as a parameter of Systems Manager: fewer and longer ones"
            yield fault("shards", f"{size} bytes", allowed)

    def _driver_faults(self) -> Iterator[Fault]:
        if self.migrations is None:
            return
        given, package = self.migrations.driver, DRIVERS[self.database.engine].module.partition(".")[0]
        folder, refused = PROGRAM / given, partial(fault, "migrations.driver", repr(given))
        if not folder.is_dir():
            yield refused("a folder of the program's folder")
        elif not (folder / package / "__init__.py").is_file():
            yield refused(f"a folder with {package}: pip install --target FOLDER {package}")
        elif not (folder / AUTHORITIES).is_file():
            yield refused(f"a folder with {AUTHORITIES}, which RDS has at {BUNDLES}/{AUTHORITIES}")

    def _name_faults(self, name: str) -> Iterator[Fault]:
        for each, shard in self.shards.items():
            yield from restore_faults(shard.restores, f"shards.{each}.restores")
            for number, restore in enumerate(shard.restores):
                least = len(names.restored(name, each, ""))
                if least + len(restore.name) > names.LONGEST:
                    allowed = f"at most {names.LONGEST - least} letters after {names.shard(name, each)}"
                    yield fault(f"shards.{each}.restores[{number}].name", repr(restore.name), allowed)

    def _instance_faults(self, stack: Stack) -> Iterator[Fault]:
        given = self.database
        for each, shard in self.shards.items():
            if not stack.founder and stack.active and not self.held(each, stack):
                allowed = f"a restore: with {self.followed(stack)} this region has no instance of it"
                yield fault(f"shards.{each}.restores", "none", allowed)
            where = arguments.keys(each, shard)
            for restored in (None, *shard.restores):
                args = arguments.placeholder_instance(given, shard, stack, restored)
                if found := list(refusals(args.check, where)):
                    yield from found
                    return
            own = arguments.class_of(given, shard)
            yield from table(instance_class(given.engine)).faults(
                where["instance_class"], [own], stack.unlisted
            )
        yield from table(version(given.engine)).faults(
            "database.engineVersion", [given.engine_version], stack.unlisted
        )

    def looks_back(self, _stack: Stack) -> bool:
        """Whether the program asks what its last run left: the map that holds, which no older one may take the place of."""
        return True

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return {"RDS"}

    def hosts(self, _name: str, _stack: Stack) -> list[str]:
        """DNS names that it takes: none, clients ask AWS's own names."""
        return []

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        return [
            *(names.shard(name, each) for each in self.shards),
            *([names.migrator(name)] if self.migrations else []),
            *(
                names.restored(name, each, r.name)
                for each, shard in self.shards.items()
                for r in shard.restores
            ),
        ]

    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        given, told = self.database, self.shard_map.told
        found: dict[str, Any] = {
            "kind": self.kind,
            "leaving": self.leaving,
            "switch.by": self.switch.by,
            "map.version": told["version"],
            "map.slots": told["slots"],
            "map.moving": told["moving"],
            "shards": told["shards"],
            "database.engine": given.engine,
            "database.engineVersion": given.engine_version,
            "database.name": given.name,
        }
        if self.posture(stack).replicated:
            found["restores"] = {name: [each.name for each in s.restores] for name, s in self.shards.items()}
        return found

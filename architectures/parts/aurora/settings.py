"""The keys of a system that has an Aurora database, and what is allowed in them."""

from __future__ import annotations

import abc
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any, ClassVar

from architectures.faults import Fault, fault, refusals
from architectures.known import instance_class, table, version
from architectures.parts.aurora import arguments
from architectures.parts.aurora.sections import AuroraDatabase, Restore
from architectures.parts.settings import NamedSettings
from architectures.stack import Stack
from components.data import engine_port
from components.data.aurora_args import SERVERLESS_CLASS


class AuroraSettings(NamedSettings):
    """A system that keeps data in Aurora."""

    ZONE_ENDPOINTS: ClassVar[bool] = False
    """Whether each zone reads by an endpoint of its own."""

    @property
    @abc.abstractmethod
    def aurora(self) -> AuroraDatabase:
        """What the database is to be."""

    @property
    def port(self) -> int:
        """The database's port."""
        return engine_port(self.aurora.engine)

    def database_zones(self, stack: Stack) -> Sequence[str]:
        """The zones that have an instance of the database."""
        return stack.zones

    def rebuilt(self, stack: Stack) -> bool:
        """Whether the region's stores were restored from recovery points, so that it is to serve."""
        return bool(self.aurora.restores) and not stack.founder

    def databases(self, stack: Stack) -> list[Restore | None]:
        """What the region has of databases, oldest first: None is the original one, the last one serves."""
        first = stack.founder or self.posture(stack).replicated
        return [*([None] if first and self.aurora.keep_original else []), *self.aurora.restores]

    def restored(self) -> dict[str, Any]:
        """What both stacks say alike of restores, where one region's database follows the other's."""
        named = [restore.name for restore in self.aurora.restores]
        return {"database.restores": named, "database.keepOriginal": self.aurora.keep_original}

    def aurora_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be of the database."""
        yield from list(self._restore_faults(stack)) or self._database_faults(name, stack)

    def _restore_faults(self, stack: Stack) -> Iterator[Fault]:
        restores, key = self.aurora.restores, "database.restores"
        creates = stack.founder or not self.posture(stack).replicated
        for number, restore in enumerate(restores):
            point, where = restore.recovery_point, f"{key}[{number}].recoveryPoint"
            if restore.name in [each.name for each in restores[:number]]:
                yield fault(f"{key}[{number}].name", repr(restore.name), "each name once")
            if not creates and point:
                yield fault(
                    where,
                    repr(point),
                    "nothing where the database follows the one that the other stack restores",
                )
            if creates and point is None:
                yield fault(where, "nothing", "the ARN of a recovery point in this region")
            if creates and point and point.split(":")[3] != stack.region:
                yield fault(where, repr(point), f"a recovery point in {stack.region}")
        if not restores and not self.aurora.keep_original:
            yield fault("database.keepOriginal", "false", "true without a restore that takes its place")
        if not restores and creates and not stack.founder and stack.active:
            allowed = f"a recovery point to restore: with {self.followed(stack)} this region has no database of its own"
            yield fault(key, "none", allowed)

    def _database_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        given = self.aurora
        if (given.instance_class == SERVERLESS_CLASS) != (given.serverless is not None):
            yield self._capacity_fault()
            return
        for restore in self.databases(stack) or [None]:
            args = arguments.placeholder(
                given,
                name,
                stack,
                self.posture(stack),
                restore,
                zones=self.database_zones(stack),
                zone_endpoints=self.ZONE_ENDPOINTS,
            )
            if faults := list(refusals(partial(arguments.check, args), arguments.KEYS)):
                yield from faults
                return
        for kind, key, value in (
            (version(given.engine), "database.engineVersion", given.engine_version),
            (instance_class(given.engine), "database.instanceClass", given.instance_class),
        ):
            yield from table(kind).faults(key, [value], stack.unlisted)

    def _capacity_fault(self) -> Fault:
        if self.aurora.serverless is None:
            return fault(
                "database.serverless",
                "nothing",
                f"minCapacity and maxCapacity, in capacity units, with instanceClass {SERVERLESS_CLASS}",
            )
        return fault(
            "database.instanceClass",
            repr(self.aurora.instance_class),
            f"{SERVERLESS_CLASS} beside database.serverless; instances of another class don't scale",
        )

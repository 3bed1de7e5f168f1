"""The keys of an APEX system, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Literal

from architectures.apex import arguments
from architectures.apex.sections import Database, Hours, Server
from architectures.faults import Fault, fault, refusals
from architectures.known import APEX, licensed_class, table
from architectures.parts import images
from architectures.parts.arguments import autoshift_faults
from architectures.parts.instances import restore_faults, there
from architectures.parts.sections import Move, Restore
from architectures.parts.settings import BearingSettings, SiteSettings
from architectures.stack import Stack
from architectures.strategies import Strategy
from components.data.engines import ORACLE_REPLICATED
from components.data.oracle import MOUNTED, READ_ONLY
from components.edge import checks
from components.network.cidr import MINIMUM_ZONES
from components.operations import check_hours

SERVER = "ords"
"""The service, and its repository."""
PRODUCTION = "production"
TOO_SMALL = "db.t3.small"
"""No source of a replica: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/oracle-read-replicas.limitations.html"""
HOURS_KEYS = {
    "start_database": "hours.startDatabase",
    "start": "hours.start",
    "stop": "hours.stop",
    "timezone": "hours.timezone",
}
"""Argument of the working hours that a setting decides -> key within the system."""


class ApexSettings(BearingSettings, SiteSettings):
    """One APEX system."""

    kind: Literal["apex"]
    switch: Move = Move()
    """What moves it to the other region. Nothing with backup-and-restore: there is nothing to move to."""
    server: Server = Server()
    database: Database = Database()
    hours: Hours | None = None
    """When it runs, where it isn't production. None: always."""
    replicate_images: bool = True
    """Whether this stack sets the replication of its account's registry, which is one for the region: false where another one does."""

    def rebuilt(self, stack: Stack) -> bool:
        """Whether the region's database was restored from backups, so that it is to serve."""
        return bool(self.database.restores) and not stack.founder

    def databases(self, stack: Stack) -> Sequence[Restore | None]:
        """What the region has of databases, oldest first: None is the original one, the last one serves."""
        return there(self.database.restores, first=stack.founder or self.posture(stack).replicated)

    def scheduled(self, stack: Stack) -> bool:
        """Whether the region's part is stopped at night."""
        return self.hours is not None and bool(self.posture(stack).share)

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self.site_faults(name, stack)
        yield from self.strategy_faults(stack)
        if len(set(stack.zones)) < MINIMUM_ZONES:  # the network's own fault
            return
        yield from autoshift_faults(self.autoshift)
        yield from self._edition_faults(stack)
        yield from self._database_faults(stack)
        yield from self._server_faults(stack)
        yield from self._hours_faults(stack)

    def _edition_faults(self, stack: Stack) -> Iterator[Fault]:
        """What Oracle, or RDS for Oracle, can't do of the strategy."""
        strategy, given = self.followed(stack), self.database
        if strategy is Strategy.ACTIVE_ACTIVE:
            allowed = "any other: RDS for Oracle writes in one region, and APEX, which writes with every page, can't serve from a replica"
            yield fault("strategy", f"'{strategy}'", allowed)
            return
        if strategy is Strategy.BACKUP_AND_RESTORE:
            return
        if given.edition not in ORACLE_REPLICATED:
            allowed = f"{Strategy.BACKUP_AND_RESTORE} with {given.edition}: replicas need Data Guard, which Enterprise Edition alone has"
            yield fault("strategy", f"'{strategy}'", allowed)
            return
        if strategy is Strategy.WARM_STANDBY and given.replica_mode == MOUNTED:
            allowed = f"{READ_ONLY} with {strategy}: tasks that stand by connect, and a mounted replica takes no connections"
            yield fault("database.replicaMode", f"'{MOUNTED}'", allowed)
        if given.instance_class == TOO_SMALL:
            yield fault(
                "database.instanceClass",
                f"'{TOO_SMALL}'",
                f"a larger one with {strategy}: it has no replicas",
            )

    def _database_faults(self, stack: Stack) -> Iterator[Fault]:
        given = self.database
        if stack.environment == PRODUCTION and not given.multi_az:
            yield fault(
                "database.multiAz", "false", "true in production: a zone's loss would take the database"
            )
        yield from restore_faults(given.restores, "database.restores")
        if not stack.founder and stack.active and not given.restores and not self.posture(stack).replicated:
            allowed = f"a restore: with {self.followed(stack)} this region has no database of its own"
            yield fault("database.restores", "none", allowed)
        for restored in (None, *given.restores):
            args = arguments.placeholder_instance(given, stack, restored)
            if found := list(refusals(args.check, arguments.DATABASE_KEYS)):
                yield from found
                return
        base = given.edition.removesuffix("-cdb")
        classes = table(licensed_class(base, given.license))
        yield from classes.faults("database.instanceClass", [given.instance_class], stack.unlisted)
        yield from table(APEX).faults("database.apexVersion", [given.apex_version], stack.unlisted)

    def _server_faults(self, stack: Stack) -> Iterator[Fault]:
        given = self.server
        if (region := given.image and images.image_region(given.image)) and region != stack.region:
            allowed = f"an image in {stack.region}: the other region may be lost when a task starts"
            yield fault("server.image", repr(given.image), allowed)
        for variable, arn in given.secrets.items():
            if arn.split(":")[3] != stack.region:
                yield fault(f"server.secrets.{variable}", repr(arn), f"a secret of {stack.region}")
        for variable in sorted(TOLD & {*given.environment, *given.secrets}):
            allowed = "any other variable: that one says where the database is"
            yield fault("server.environment", repr(variable), allowed)
        if self.site is not None and given.image is None:
            yield fault("server.image", "nothing", "an image beside a site: nobody would answer")
        share = self.posture(stack).share or 0
        service = partial(arguments.placeholder_service, given, stack, share)
        yield from refusals(lambda: service().check(), arguments.SERVER_KEYS)
        yield from refusals(arguments.target(given).validate, arguments.SERVER_KEYS)
        yield from refusals(lambda: checks.path("deep_path", given.deep_health_path), arguments.SERVER_KEYS)
        if given.deep_health_path == given.health_path:
            yield fault(
                "server.deepHealthPath", repr(given.deep_health_path), "another than server.healthPath"
            )

    def _hours_faults(self, stack: Stack) -> Iterator[Fault]:
        hours = self.hours
        if hours is None:
            return
        if stack.environment == PRODUCTION:
            yield fault("hours", "working hours", "nothing in production, which always runs")
        elif self.posture(stack).replicated:
            allowed = f"nothing with {self.followed(stack)}: RDS stops no instance that has a replica"
            yield fault("hours", "working hours", allowed)
        given = partial(check_hours, hours.start_database, hours.start, hours.stop, hours.timezone)
        yield from refusals(given, HOURS_KEYS)

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        return [f"{name}-{SERVER}"]

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return {"RDS"}

    def image_prefixes(self, stack: Stack) -> list[str]:
        """How the names of the repositories begin whose images are copied to the other region."""
        return [images.prefix(stack)] if self.replicate_images else []

    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        given = self.database
        found = {
            **super().agreement(stack),
            "database.edition": given.edition,
            "database.license": given.license,
            "database.engineVersion": given.engine_version,
            "database.apexVersion": given.apex_version,
            "database.name": given.name,
        }
        if self.posture(stack).replicated:
            found["database.restores"] = [restore.name for restore in given.restores]
        return found


TOLD = frozenset({"DBHOST", "DBPORT", "DBSERVICENAME", "DB_SECRET_ARN"})
"""Variables by which tasks are told of the database."""

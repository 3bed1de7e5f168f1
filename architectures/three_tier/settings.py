"""The keys of a three-tier system, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any, Literal

from architectures.faults import Fault, fault, refusals
from architectures.known import INSTANCE_TYPE, instance_class, table, version
from architectures.parts.arguments import placeholder_tags
from architectures.parts.sections import Switch
from architectures.parts.settings import SiteSettings
from architectures.stack import Stack
from architectures.three_tier import arguments, dsql_arguments, rehearsing, store_arguments, switching
from architectures.three_tier.sections import (
    DSQL,
    Cache,
    Compute,
    Database,
    Experiment,
    Files,
    Restore,
    Sessions,
)
from components.compute import Size, standby_size, statically_stable_size
from components.compute.validation import validate
from components.data import engine_port
from components.data.aurora_args import SERVERLESS_CLASS
from components.data.dsql import PORT as DSQL_PORT
from components.network.cidr import MINIMUM_ZONES
from components.switch import SUBNETS, opt_in


class ThreeTierSettings(SiteSettings):
    """One three-tier system."""

    kind: Literal["three-tier"]
    experiments: tuple[Experiment, ...] = ()
    """What can be started to rehearse a failure, where servers run. Each stops when the system shows a symptom, and after ten minutes."""
    switch: Switch = Switch()
    """What moves it to the other region. Nothing with backup-and-restore: there is nothing to move to."""
    compute: Compute = Compute()
    database: Database = Database()
    cache: Cache | None = None
    """A cache in each region. None: none."""
    sessions: Sessions | None = None
    """A table of sessions. None: none."""
    files: Files | None = None
    """Files that servers share. None: none."""

    @property
    def port(self) -> int:
        """The database's port."""
        return DSQL_PORT if self.database.everywhere else engine_port(self.database.engine)

    @property
    def backed_up_alone(self) -> bool:
        """Whether a backup is all that brings its database back when data is corrupted."""
        return self.database.everywhere

    @property
    def sole(self) -> Mapping[str, str]:
        """Aurora DSQL: two of its endpoints can't both have private names in one VPC."""
        return {DSQL: "database.engine"} if self.database.everywhere else {}

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self.site_faults(name, stack)
        yield from self.strategy_faults(stack)
        if len(set(stack.zones)) < MINIMUM_ZONES:  # the network's own fault
            return
        yield from self._tier_faults(stack)
        yield from self._switch_faults(name, stack)
        yield from self._rehearsal_faults(stack)
        yield from self._data_faults(name, stack)
        yield from self._store_faults(name, stack)

    def rebuilt(self, stack: Stack) -> bool:
        """Whether the region's stores were restored from recovery points, so that it is to serve."""
        return bool(self.database.restores) and not stack.founder

    def watches(self, stack: Stack) -> bool:
        """Whether that stack's region watches the other one, to take over by itself."""
        return self.switch.automatic and self.switched(stack) and not stack.active

    def rehearsed(self, stack: Stack) -> tuple[str, ...]:
        """The experiments that can be started in that stack's region: some where servers run, a failover where the database is written."""
        stands = self.posture(stack)
        writes = stack.active or not stands.replicated
        return tuple(each for each in self.experiments if stands.share and (writes or each != "database"))

    @property
    def cuts(self) -> frozenset[str]:
        """Those experiments of the settings that cut subnets."""
        return frozenset(each for each in self.experiments if opt_in(SUBNETS, [each]))

    def databases(self, stack: Stack) -> list[Restore | None]:
        """What the region has of databases, oldest first: None is the original one, the last one serves."""
        first = stack.founder or self.posture(stack).replicated
        return [*([None] if first and self.database.keep_original else []), *self.database.restores]

    def full_size(self, stack: Stack) -> Size:
        """The size of the application tier that carries the whole load, with a zone lost."""
        return statically_stable_size(self.compute.required_instances, len(stack.zones))

    def size(self, stack: Stack) -> Size:
        """Its size in that stack's region."""
        return standby_size(self.full_size(stack), self.posture(stack).share or 0)

    def _switch_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        given, planned = self.switch, self.switch.by == "region-switch"
        for key, value in (
            ("switch.approvalRole", given.approval_role),
            ("switch.startedBy", given.started_by),
        ):
            if value and not planned:
                yield fault(key, repr(value), "nothing without a plan: switch.by is region-switch")
        if given.started_by and (stack.founder or stack.active):
            allowed = "nothing but in the joining stack while it stands by: from there the other region's loss is seen"
            yield fault("switch.startedBy", repr(given.started_by), allowed)
        yield from self._automatic_faults(stack)
        if self.database.everywhere and "database" in given.minutes.model_fields_set:
            allowed = f"nothing with {DSQL}: no database fails over"
            yield fault("switch.minutes.database", given.minutes.database, allowed)
        for arn in given.started_by:
            if arn.split(":")[3] != stack.region:
                yield fault(
                    "switch.startedBy",
                    repr(arn),
                    f"alarms of {stack.region}, which is there when the other is lost",
                )
        if planned and self.switched(stack):
            hours = self.objectives.rto_hours if self.objectives else stack.rto_hours
            sent, tags = self.posture(stack).traffic, placeholder_tags(rto_hours=hours)
            plan = switching.placeholder(
                given, name, stack, sent, site=self.site, writer=not self.database.everywhere, tags=tags
            )
            yield from refusals(plan.check, switching.KEYS)

    def _automatic_faults(self, stack: Stack) -> Iterator[Fault]:
        if not self.switch.automatic:
            return
        why = ""
        if self.switch.by != "region-switch":
            why = "without a plan that an alarm can start: switch.by is region-switch"
        elif not self.switched(stack):
            why = f"with {self.followed(stack)}: there is nothing to move to"
        elif self.site is None:
            why = "without a site: the other region is watched by its public name"
        elif stack.founder and not stack.active:
            why = "while the founding stack stands by: a plan's trigger takes the load to the joining stack's region alone"
        if why:
            yield fault("switch.automatic", "true", f"false {why}")

    def _rehearsal_faults(self, stack: Stack) -> Iterator[Fault]:
        tags = placeholder_tags(rto_hours=stack.rto_hours)
        yield from rehearsing.faults(self.autoshift, self.experiments, stack, tags)
        if "database" in self.experiments and self.database.everywhere:
            allowed = f"any other with {DSQL}: AWS has no failover of it"
            yield fault("experiments", "'database'", allowed)
        elif "database" in self.experiments and not self.database.multi_az:
            allowed = "any other with database.multiAz false: there is no reader to fail over to"
            yield fault("experiments", "'database'", allowed)

    def _data_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        if keys := list(dsql_arguments.key_faults(self.database)):
            yield from keys
        elif self.database.everywhere:
            promised = self.objectives or stack
            yield from dsql_arguments.faults(
                self.database, stack, self.followed(stack), rpo_minutes=promised.rpo_minutes
            )
        else:
            yield from list(self._restore_faults(stack)) or self._database_faults(name, stack)

    def _restore_faults(self, stack: Stack) -> Iterator[Fault]:
        restores, key = self.database.restores, "database.restores"
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
        if not restores and not self.database.keep_original:
            yield fault("database.keepOriginal", "false", "true without a restore that takes its place")
        if not restores and creates and not stack.founder and stack.active:
            allowed = f"a recovery point to restore: with {self.followed(stack)} this region has no database of its own"
            yield fault(key, "none", allowed)

    def _tier_faults(self, stack: Stack) -> Iterator[Fault]:
        keys = {"required": "compute.requiredInstances"}
        if faults := list(refusals(lambda: self.full_size(stack), keys)):
            yield from faults
            return
        full = self.full_size(stack)
        if self.compute.maximum_instances < full.total:
            allowed = f"at least {full.total}: requiredInstances in {full.zones} zones with one of them gone"
            yield fault("compute.maximumInstances", self.compute.maximum_instances, allowed)
            return
        types = self.compute.instance_types
        yield from list(
            table(INSTANCE_TYPE).faults("compute.instanceTypes", types, stack.unlisted)
        ) or refusals(
            lambda: validate(arguments.placeholder_tier(self.compute, full, stack)), arguments.TIER_KEYS
        )

    def _engine(self) -> dict[str, Any]:
        """What both say alike of the database, which is one."""
        given = self.database
        if given.everywhere:
            return {"database.role": given.role}
        return {"database.engineVersion": given.engine_version}

    def _restored(self) -> dict[str, Any]:
        """What both say alike of restores, where one region's database follows the other's."""
        named = [restore.name for restore in self.database.restores]
        return {"database.restores": named, "database.keepOriginal": self.database.keep_original}

    def _cached(self) -> dict[str, Any]:
        """What both say alike of the cache: what one region's group takes over from the other's."""
        found = self.cache
        told = {"cache.engineVersion": found.engine_version if found else None}
        return (
            told
            if found is None
            else {**told, "cache.nodeType": found.node_type, "cache.shards": found.shards}
        )

    def _database_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        given = self.database
        if (given.instance_class == SERVERLESS_CLASS) != (given.serverless is not None):
            yield self._capacity_fault()
            return
        for restore in self.databases(stack) or [None]:
            args = arguments.placeholder_database(given, name, stack, self.posture(stack), restore)
            if faults := list(refusals(partial(arguments.check_database, args), arguments.DATABASE_KEYS)):
                yield from faults
                return
        for kind, key, value in (
            (version(given.engine), "database.engineVersion", given.engine_version),
            (instance_class(given.engine), "database.instanceClass", given.instance_class),
        ):
            yield from table(kind).faults(key, [value], stack.unlisted)

    def _capacity_fault(self) -> Fault:
        if self.database.serverless is None:
            return fault(
                "database.serverless",
                "nothing",
                f"minCapacity and maxCapacity, in capacity units, with instanceClass {SERVERLESS_CLASS}",
            )
        return fault(
            "database.instanceClass",
            repr(self.database.instance_class),
            f"{SERVERLESS_CLASS} beside database.serverless; instances of another class don't scale",
        )

    def _store_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        stands, promised = self.posture(stack), self.objectives or stack
        if self.cache is not None:
            yield from store_arguments.cache_faults(self.cache, name, stack, stands)
        if self.sessions is not None:
            yield from store_arguments.session_faults(
                self.sessions, stack, stands, rpo_minutes=promised.rpo_minutes
            )

        if self.files is not None:
            yield from store_arguments.files_faults(self.files, stack)

    def looks_back(self, stack: Stack) -> bool:
        """Whether the program asks what its last run left: of files that follow, which were open to be overwritten when they were made."""
        return self.files is not None and stack.founder and self.posture(stack).replicated

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        more = {"DynamoDB": self.sessions, "EFS": self.files}
        # Of Aurora DSQL AWS Backup rehearses no restores.
        database = set() if self.database.everywhere else {"Aurora"}
        return {*database, *(name for name, there in more.items() if there)}

    def agreement(self, stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        database = self.database
        return {
            **super().agreement(stack),
            "database.engine": database.engine,
            **self._engine(),
            **self._cached(),
            "sessions.consistency": self.sessions.consistency if self.sessions else None,
            "files.directory": self.files.directory if self.files else None,
            **(self._restored() if self.posture(stack).replicated and not database.everywhere else {}),
        }

"""The keys of a three-tier system, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Literal

from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.parts import rehearsing, switching, tier
from architectures.parts.arguments import placeholder_tags
from architectures.parts.aurora.settings import AuroraSettings
from architectures.parts.sections import Compute
from architectures.parts.settings import SiteSettings
from architectures.parts.switched import SwitchedSettings
from architectures.parts.switching import Planned
from architectures.stack import Stack
from architectures.three_tier import dsql_arguments, file_arguments, store_arguments
from architectures.three_tier.sections import (
    DSQL,
    Cache,
    Database,
    Experiment,
    Files,
    Sessions,
)
from components.compute import Size, standby_size
from components.data.dsql import PORT as DSQL_PORT
from components.edge import TargetArgs
from components.network.cidr import MINIMUM_ZONES
from components.switch import SUBNETS, GlobalDatabase, MovedStores, opt_in


class ThreeTierSettings(SwitchedSettings, AuroraSettings, SiteSettings):
    """One three-tier system."""

    kind: Literal["three-tier"]
    experiments: tuple[Experiment, ...] = ()
    """What can be started to rehearse a failure, where servers run. Each stops when the system shows a symptom, and after ten minutes."""
    compute: Compute = Compute()
    sticky_seconds: int | None = None
    """How long a cookie of the load balancer's binds a browser to one server. None: any server answers, which keep no sessions then."""
    database: Database = Database()
    cache: Cache | None = None
    """A cache in each region. None: none."""
    sessions: Sessions | None = None
    """A table of sessions. None: none."""
    files: Files | None = None
    """Files that servers share. None: none."""

    @property
    def aurora(self) -> Database:
        """What the database is to be."""
        return self.database

    @property
    def port(self) -> int:
        """The database's port."""
        return DSQL_PORT if self.database.everywhere else super().port

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
        yield from tier.faults(self.compute, "compute", stack)
        target = TargetArgs(stickiness_seconds=self.sticky_seconds)
        yield from refusals(target.validate, {"target.stickiness_seconds": "stickySeconds"})
        yield from self._switch_faults(name, stack)
        yield from self._rehearsal_faults(stack)
        yield from self._data_faults(name, stack)
        yield from self._store_faults(name, stack)

    def rehearsed(self, stack: Stack) -> tuple[str, ...]:
        """The experiments that can be started in that stack's region: some where servers run, a failover where the database is written."""
        stands = self.posture(stack)
        writes = stack.active or not stands.replicated
        return tuple(each for each in self.experiments if stands.share and (writes or each != "database"))

    @property
    def cuts(self) -> frozenset[str]:
        """Those experiments of the settings that cut subnets."""
        return frozenset(each for each in self.experiments if opt_in(SUBNETS, [each]))

    def database_zones(self, stack: Stack) -> Sequence[str]:
        """The zones that have an instance of the database."""
        return stack.zones[:2] if self.database.multi_az else stack.zones[:1]

    def full_size(self, stack: Stack) -> Size:
        """The size of the application tier that carries the whole load, with a zone lost."""
        return tier.full_size(self.compute, stack)

    def size(self, stack: Stack) -> Size:
        """Its size in that stack's region."""
        return standby_size(self.full_size(stack), self.posture(stack).share or 0)

    def planned(self, stack: Stack) -> Planned:
        """What its plan moves, where nothing exists yet."""
        each = switching.regions_of(stack)
        writes = GlobalDatabase(identifier=PLACEHOLDER, cluster_arns=each)
        cache, files = self.cache is not None, self.files is not None
        stores = MovedStores(function_arns=each, cache=cache, files=files) if cache or files else None
        return Planned(
            groups=each, database=None if self.database.everywhere else writes, stores=stores, health=each
        )

    def _switch_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        yield from self.switch_faults(name, stack)
        if self.database.everywhere and "database" in self.switch.minutes.model_fields_set:
            allowed = f"nothing with {DSQL}: no database fails over"
            yield fault("switch.minutes.database", self.switch.minutes.database, allowed)

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
            yield from self.aurora_faults(name, stack)

    def _engine(self) -> dict[str, Any]:
        """What both say alike of the database, which is one."""
        given = self.database
        if given.everywhere:
            return {"database.role": given.role}
        return {"database.engineVersion": given.engine_version}

    def _cached(self) -> dict[str, Any]:
        """What both say alike of the cache: what one region's group takes over from the other's."""
        found = self.cache
        told = {"cache.engineVersion": found.engine_version if found else None}
        return (
            told
            if found is None
            else {**told, "cache.nodeType": found.node_type, "cache.shards": found.shards}
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
            yield from file_arguments.faults(self.files, stack)

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
            **(self.restored() if self.posture(stack).replicated and not database.everywhere else {}),
        }

"""The keys of a data platform, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from ipaddress import IPv4Network
from typing import Any, Literal

from architectures.data_platform import arguments, batch_arguments, ingestion, names, warehouse_settings
from architectures.data_platform.sections import Batch, Ingestion, Search, Warehouse
from architectures.faults import Fault, fault, refusals
from architectures.keys import SystemSettings
from architectures.stack import Stack
from architectures.strategies import Posture, Strategy, posture
from components.network.groups import check_ingress
from components.search import Mode

BEFOREHAND = (Strategy.WARM_STANDBY, Strategy.ACTIVE_ACTIVE)
"""Strategies with which the other region has servers that run: a search domain can't be there without."""


class DataPlatformSettings(SystemSettings):
    """One data platform."""

    kind: Literal["data-platform"]
    rebuild: bool = False
    """With backup-and-restore or pilot-light, in the joining stack: build what serves there, the other region being lost."""
    search: Search
    warehouse: Warehouse | None = None
    """None: there is no warehouse."""
    ingestion: Ingestion | None = None
    """None: nothing is taken from devices."""
    batch: Batch | None = None
    """None: no jobs are run."""

    def posture(self, stack: Stack) -> Posture:
        """How the platform stands in that stack's region; what has servers stands there or it doesn't, so no share of it does."""
        return posture(
            self.followed(stack),
            active=stack.active,
            share=1,
            rebuilt=self.rebuild and not stack.founder,
            kept=stack.founder,
        )

    def stands(self, stack: Stack) -> bool:
        """Whether what has servers is there: where it serves, will serve, or has served and keeps its data."""
        return bool(self.posture(stack).share) or stack.founder

    def takes(self, stack: Stack) -> bool:
        """Whether the region takes what devices send: it costs nothing until they do; only one that is yet to be rebuilt doesn't."""
        return self.followed(stack) is not Strategy.BACKUP_AND_RESTORE or self.stands(stack)

    def begins(self, stack: Stack) -> bool:
        """Whether the region's schedules begin jobs: one of two does, unless this one is built since the other is lost."""
        return stack.active or self.rebuild

    def mode(self, stack: Stack) -> Mode:
        """Whether the region's domain is written to, or gets the other one's snapshots."""
        rebuilt = self.rebuild and not stack.founder
        follows = rebuilt or self.followed(stack) is Strategy.WARM_STANDBY
        return Mode.FOLLOW if follows and not stack.active else Mode.TAKE

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        strategy = self.followed(stack)
        if self.rebuild and (stack.founder or strategy in BEFOREHAND):
            allowed = "false but in the joining stack with backup-and-restore or pilot-light: elsewhere all of it stands"
            yield fault("rebuild", "true", allowed)
        yield from self._search_faults(self.search, name, stack)
        if self.warehouse is not None:
            yield from warehouse_settings.faults(self.warehouse, name, stack, strategy, self.objectives)
        if self.ingestion is not None:
            taking = ingestion.placeholder(self.ingestion, name, stack)
            yield from refusals(taking.check, ingestion.KEYS)
        if self.batch is not None:
            yield from batch_arguments.faults(self.batch, name, stack)

    def _search_faults(self, given: Search, name: str, stack: Stack) -> Iterator[Fault]:
        domain = arguments.placeholder_domain(given, name, stack)
        yield from refusals(domain.check, arguments.DOMAIN_KEYS)
        keeper = arguments.placeholder_keeper(given, stack)
        yield from refusals(keeper.check, arguments.KEEPER_KEYS)
        for cidr in given.reached_from:
            faults = list(refusals(partial(check_ingress, [cidr]), {"ingress_cidrs": "search.reachedFrom"}))
            yield from faults
            if not faults and not IPv4Network(cidr).is_private:
                yield fault("search.reachedFrom", repr(cidr), "a private network: the domain is in the VPC")

    def looks_back(self, _stack: Stack) -> bool:
        """Whether the program asks what its last run left: it doesn't."""
        return False

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return set()

    def hosts(self, _name: str, _stack: Stack) -> list[str]:
        """DNS names that it takes: none, clients ask AWS's own names."""
        return []

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        found = [names.search(name), names.snapshots(name), names.keeper(name)]
        if self.warehouse is not None:
            found += [names.warehouse(name), names.copies(name)]
        if self.ingestion is not None:
            found += [names.ingestion(name), names.records(name)]
        if self.batch is not None:
            found += [names.batch(name)]
        return found

    def agreement(self, _stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        given = self.warehouse
        return {
            "kind": self.kind,
            "leaving": self.leaving,
            # An older version restores no snapshot of a newer one, and what is smaller may not hold it.
            "search.version": self.search.version,
            "search.dataNodes": self.search.data_nodes,
            "search.volumeGib": self.search.volume_gib,
            "search.snapshots.everyMinutes": self.search.snapshots.every_minutes,
            **({"warehouse.databaseName": given.database_name} if given else {}),
            **({"ingestion.root": self.ingestion.root or ""} if self.ingestion else {}),
            # The other region runs the same scripts, and finds its results under the same names.
            **(
                {"batch.engine": self.batch.engine, "batch.jobs": sorted(self.batch.jobs)}
                if self.batch
                else {}
            ),
        }

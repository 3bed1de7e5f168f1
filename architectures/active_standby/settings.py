"""The keys of an active-standby system, and what is allowed in them."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import partial
from typing import Literal

from architectures.active_standby import arguments
from architectures.active_standby.sections import Disk, DiskRestore, Server, Watch
from architectures.faults import Fault, fault, refusals
from architectures.known import INSTANCE_TYPE, table
from architectures.parts.sections import Move
from architectures.parts.settings import PlainSettings
from architectures.stack import Stack
from architectures.strategies import Strategy
from components.compute.pair import MEMBERS
from components.edge import checks

_SOME_NETWORK = ("10.0.0.0/8",)
"""Stands for the VPC's own range where the argument is checked."""


class ActiveStandbySettings(PlainSettings):
    """Software that can't be clustered."""

    kind: Literal["active-standby"]
    switch: Move = Move()
    """What moves it to the other region. Nothing with backup-and-restore: there is nothing to move to."""
    zones: tuple[str, ...] | None = None
    """The two zones, of the stack's; an instance of the first one serves first. None: the stack's first two."""
    server: Server = Server()
    watch: Watch = Watch()
    disk: Disk | None = None
    """None: software that keeps its data elsewhere, or in memory."""
    test_from: tuple[str, ...] = ()
    """IPv4 networks from which the one that stands by can be tried, at port 8443. Empty: the VPC's own."""

    def placed(self, stack: Stack) -> Sequence[str]:
        """Zone ids of the pair."""
        return self.zones if self.zones is not None else stack.zones[:MEMBERS]

    def running(self, stack: Stack) -> int:
        """How many of the two instances run in that stack's region."""
        return math.ceil(MEMBERS * (self.posture(stack).share or 0))

    def disks(self) -> Sequence[DiskRestore | None]:
        """What each zone has of disks, oldest first: None is the original one, the last one is attached. Empty: none."""
        return [None, *self.disk.restores] if self.disk else []

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self.site_faults(name, stack)
        yield from self.strategy_faults(stack)
        yield from self._alone_faults(stack)
        zones = list(self._zone_faults(stack))
        yield from zones or self._server_faults(stack)
        yield from refusals(lambda: arguments.check_watcher(self.watch), arguments.WATCH_KEYS)
        yield from self._disk_faults(stack)
        networks = self.test_from or _SOME_NETWORK
        yield from refusals(
            lambda: arguments.check_side(name, self.server, self.watch, networks),
            {**arguments.SIDE_KEYS, **arguments.TARGET_KEYS, "name": ""},
        )

    def _alone_faults(self, stack: Stack) -> Iterator[Fault]:
        """What only software could do of which several copies serve."""
        if self.followed(stack) is Strategy.ACTIVE_ACTIVE and self.site is not None:
            allowed = "any other: two copies would serve, one in each region"
            yield fault("strategy", "'active-active'", allowed)
        if self.rebuild and self.followed(stack) is not Strategy.BACKUP_AND_RESTORE:
            allowed = f"false with {self.followed(stack)}: the region that stands by is there"
            yield fault("rebuild", "true", allowed)
        elif self.rebuild and stack.founder:
            yield fault("rebuild", "true", "false in the stack that founds the system: it is built there")

    def _zone_faults(self, stack: Stack) -> Iterator[Fault]:
        zones = self.placed(stack)
        if self.zones is None and len(set(zones)) < MEMBERS:  # the network's own fault
            return
        if len(zones) != MEMBERS or len(set(zones)) != MEMBERS:
            allowed = (
                f"{MEMBERS} different zones, an instance in each: one serves, the other one outlives its zone"
            )
            yield fault("zones", repr(list(zones)), allowed)
            return
        for zone in zones:
            if zone not in stack.zones:
                yield fault("zones", repr(zone), f"zones of network.zones: {', '.join(stack.zones)}")

    def _server_faults(self, stack: Stack) -> Iterator[Fault]:
        server = self.server
        types = list(
            table(INSTANCE_TYPE).faults("server.instanceTypes", server.instance_types, stack.unlisted)
        )
        zones = self.placed(stack)
        script = self._script(stack)
        yield from types or refusals(lambda: arguments.check_pair(server, zones, script), arguments.PAIR_KEYS)
        yield from refusals(
            lambda: checks.path("deep_path", server.deep_health_path), {"deep_path": "server.deepHealthPath"}
        )
        if server.deep_health_path == server.health_path:
            allowed = "another than server.healthPath, which asks less"
            yield fault("server.deepHealthPath", repr(server.deep_health_path), allowed)

    def _script(self, _stack: Stack) -> str:
        """What is checked as the script of the first start; empty: what was given."""
        return ""

    def _disk_faults(self, stack: Stack) -> Iterator[Fault]:
        if self.disk is None:
            return
        yield from refusals(partial(arguments.check_disk, self.disk, stack), arguments.DISK_KEYS)
        names = [restore.name for restore in self.disk.restores]
        for number, name in enumerate(names):
            if name in names[:number]:
                yield fault(f"disk.restores[{number}].name", repr(name), "each name once")

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return {"DynamoDB", *(["EBS"] if self.disk else [])}

"""A region's DB instances of one database: those that write, oldest first, or replicas of the other region's. The last one serves."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pulumi

from architectures.faults import Fault, fault
from architectures.parts.instance_args import Writes
from architectures.parts.sections import Restore
from architectures.peer import Outputs
from architectures.system import Place
from components.data import (
    RdsInstance,
    RdsInstanceArgs,
    RdsReplica,
    RdsReplicaArgs,
    ReplicatedBackups,
    ReplicatedBackupsArgs,
)
from components.facts import Fact

ORIGINAL = "original"
"""What the database that no restore made is called in the outputs."""


def restore_faults(restores: Sequence[Restore], key: str) -> Iterator[Fault]:
    """What can't be of their names; `key` is where they stand."""
    named = [restore.name for restore in restores]
    for number, name in enumerate(named):
        if name in named[:number] or name == ORIGINAL:
            yield fault(f"{key}[{number}].name", repr(name), f"each name once, and not {ORIGINAL}")


def there(restores: Sequence[Restore], *, first: bool) -> list[Restore | None]:
    """What a region has of a database, oldest first: None is the original one, which it has where `first` says so."""
    return [*([None] if first else []), *restores]


@dataclass(frozen=True, kw_only=True)
class Database:
    """One database, as its kind has it."""

    component: str
    """What the original one's component is called; a restored one's has the restore's name, too."""
    held: Sequence[Restore | None]
    """What the region has of it, as `there` says."""
    follows: bool
    """Whether these are replicas of the other region's."""
    peer: Outputs | None
    """What the founding stack puts out of its own, by name. None: this stack founded it."""
    retention_days: int
    instance: Callable[[Writes], RdsInstanceArgs]
    """Makes the arguments of an instance that writes."""
    replica: Callable[[pulumi.Input[str]], RdsReplicaArgs]
    """Makes the arguments of a replica of that ARN."""


class Instances:
    """The same, made as children of the system. A replica is the other region's until it is promoted."""

    outputs: dict[str, dict[str, pulumi.Input[str]]]
    """By name: what the other region's stack reads of each."""
    recovery: list[Fact]
    """Units of recovery that this stack declares."""

    def __init__(self, given: Database, place: Place, child: pulumi.ResourceOptions) -> None:
        self._given, self._place, self._child = given, place, child
        self._instances: list[RdsInstance] = []
        self._replicas: list[RdsReplica] = []
        self.outputs, self.recovery = {}, []
        for restore in given.held:
            called = restore.name if restore else ORIGINAL
            if given.follows:
                self._replica(called)
            else:
                self._instance(called, restore)

    @property
    def serves(self) -> RdsInstance | RdsReplica:
        """The last one."""
        return (self._replicas if self._given.follows else self._instances)[-1]

    @property
    def instance(self) -> RdsInstance | None:
        """The one that serves, where it never was a replica."""
        return None if self._given.follows else self._instances[-1]

    @property
    def replica(self) -> RdsReplica | None:
        """The same, where it is one, or was."""
        return self._replicas[-1] if self._given.follows else None

    @property
    def secret_arn(self) -> pulumi.Output[str]:
        """The secret with the master password, readable in this region when the other one is gone."""
        if not self._given.follows:
            return self._instances[-1].secret_arn
        restore = self._given.held[-1]
        return self._peer(restore.name if restore else ORIGINAL).text("secretReplicaArn")

    def _peer(self, called: str) -> Outputs:
        assert self._given.peer is not None  # noqa: S101  whoever asks has joined
        return self._given.peer.part(called)

    def _component(self, called: str) -> str:
        own = self._given.component
        return own if called == ORIGINAL else f"{own}-{called}"

    def _instance(self, called: str, restore: Restore | None) -> None:
        before = self._instances[-1].identifier if self._instances and restore else None
        copied = self._peer(ORIGINAL).text("backupsArn") if restore and before is None else None
        which = Writes(restore, before, copied)
        made = RdsInstance(self._component(called), self._given.instance(which), self._child)
        self._instances.append(made)
        found: dict[str, pulumi.Input[str]] = {
            "arn": made.arn,
            "secretReplicaArn": made.secret_replica_arns[self._place.stack.peer_region],
        }
        # Beside a replica, too: what is corrupted here is corrupted there a moment later.
        copies = self._copies(called, made)
        found["backupsArn"] = copies.arn
        self.outputs[called] = found
        backups = list(self._place.ground.backups.recovery_backups)
        self.recovery.append({**made.recovery_fact, "log_copies": [copies.log_copy], "backups": backups})

    def _copies(self, called: str, made: RdsInstance) -> ReplicatedBackups:
        """Its automated backups in the other region, which restores it out of them."""
        stack, ground = self._place.stack, self._place.ground
        args = ReplicatedBackupsArgs(
            source_arn=made.arn,
            region=stack.peer_region,
            kms_key_arn=ground.peer_key_arn,
            retention_days=self._given.retention_days,
            protect=stack.protect,
        )
        return ReplicatedBackups(self._component(called), args, self._child)

    def _replica(self, called: str) -> None:
        args = self._given.replica(self._peer(called).text("arn"))
        made = RdsReplica(self._component(called), args, self._child)
        self._replicas.append(made)
        self.outputs[called] = {"arn": made.arn}
        backups = list(self._place.ground.backups.recovery_backups)
        self.recovery.append({**made.recovery_fact, "backups": backups})

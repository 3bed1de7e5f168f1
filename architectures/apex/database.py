"""A region's databases: an instance that writes, with those that restores made, or a replica of the other region's."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi

from architectures.apex import arguments
from architectures.apex.sections import Restore
from architectures.apex.settings import ORIGINAL, ApexSettings
from architectures.peer import Outputs
from architectures.system import Place
from components.data import (
    RdsInstance,
    RdsReplica,
    ReplicatedBackups,
    ReplicatedBackupsArgs,
    reading_statements,
)
from components.data.oracle import TLS_PORT
from components.facts import Fact
from components.permissions import Statement
from components.switch import PromotedReplica


class Databases:
    """Of which the last one serves, as children of the system. A replica is the other region's until it is promoted."""

    outputs: dict[str, dict[str, pulumi.Input[str]]]
    """By name: what the other region's stack reads of each."""
    recovery: list[Fact]
    """Units of recovery that this stack declares."""

    def __init__(
        self,
        name: str,
        settings: ApexSettings,
        place: Place,
        group_id: pulumi.Output[str],
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place, self._group_id = name, settings, place, group_id
        self._child = pulumi.ResourceOptions(parent=parent)
        self._follows = place.peer is not None and settings.posture(place.stack).replicated
        self._instances: list[RdsInstance] = []
        self._replicas: list[RdsReplica] = []
        self.outputs, self.recovery = {}, []
        for restore in settings.databases(place.stack):
            called = restore.name if restore else ORIGINAL
            if self._follows:
                self._replica(called)
            else:
                self._instance(called, restore)

    @property
    def serves(self) -> RdsInstance | RdsReplica:
        """The last one."""
        return (self._replicas if self._follows else self._instances)[-1]

    @property
    def instance(self) -> RdsInstance | None:
        """The one that serves, where it never was a replica."""
        return None if self._follows else self._instances[-1]

    @property
    def promoted(self) -> PromotedReplica | None:
        """What a takeover promotes; None where the database is no replica."""
        if not self._follows:
            return None
        replica = self._replicas[-1]
        assert replica.option_group is not None  # noqa: S101  asked for
        return PromotedReplica(
            identifier=replica.identifier,
            arn=replica.arn,
            option_group=replica.option_group.name,
            option_group_arn=replica.option_group.arn,
        )

    @property
    def secret_arn(self) -> pulumi.Output[str]:
        """The secret with the master password, readable in this region when the other one is gone."""
        if not self._follows:
            return self._instances[-1].secret_arn
        return self._peer(self._last).text("secretReplicaArn")

    @property
    def statements(self) -> Sequence[Statement]:
        """What the role of tasks may do."""
        return reading_statements(self.secret_arn, self._place.ground.key_arn, self._place.stack.region)

    @property
    def told(self) -> dict[str, pulumi.Input[str]]:
        """What tasks are told: where the database listens for TLS, and which secret has its master password."""
        return {
            "DBHOST": self.serves.address,
            "DBPORT": str(TLS_PORT),
            "DBSERVICENAME": self._settings.database.name,
            "DB_SECRET_ARN": self.secret_arn,
        }

    @property
    def _last(self) -> str:
        restore = self._settings.databases(self._place.stack)[-1]
        return restore.name if restore else ORIGINAL

    def _peer(self, called: str) -> Outputs:
        assert self._place.peer is not None  # noqa: S101  whoever asks has joined
        return self._place.peer.part("databases").part(called)

    def _component(self, called: str) -> str:
        return f"{self._name}-db" if called == ORIGINAL else f"{self._name}-db-{called}"

    def _shared(self) -> dict[str, Any]:
        ground = self._place.ground
        return {
            "group_id": self._group_id,
            "subnet_ids": ground.network.data_subnet_ids,
            "key_arn": ground.key_arn,
            "topic_arn": ground.topic.arn,
            "tags": self._place.tags,
        }

    def _instance(self, called: str, restore: Restore | None) -> None:
        stack, settings = self._place.stack, self._settings
        before = self._instances[-1].identifier if self._instances and restore else None
        copied = self._peer(ORIGINAL).text("backupsArn") if restore and before is None else None
        args = arguments.instance(
            settings.database,
            stack,
            restore,
            source=before,
            backups=copied,
            peer_key_arn=self._place.ground.peer_key_arn,
            **self._shared(),
        )
        made = RdsInstance(self._component(called), args, self._child)
        self._instances.append(made)
        found: dict[str, pulumi.Input[str]] = {
            "arn": made.arn,
            "secretReplicaArn": made.secret_replica_arns[stack.peer_region],
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
            retention_days=self._settings.database.backup_retention_days,
            protect=stack.protect,
        )
        return ReplicatedBackups(self._component(called), args, self._child)

    def _replica(self, called: str) -> None:
        source = self._peer(called).text("arn")
        args = arguments.replica(
            self._settings.database, self._place.stack, source_arn=source, **self._shared()
        )
        made = RdsReplica(self._component(called), args, self._child)
        self._replicas.append(made)
        self.outputs[called] = {"arn": made.arn}
        backups = list(self._place.ground.backups.recovery_backups)
        self.recovery.append({**made.recovery_fact, "backups": backups})

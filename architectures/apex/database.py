"""A region's databases: an instance that writes, with those that restores made, or a replica of the other region's."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import pulumi

from architectures.apex import arguments
from architectures.apex.settings import ApexSettings
from architectures.parts.instance_args import Around
from architectures.parts.instances import Database, Instances
from architectures.system import Place
from components.data import reading_statements
from components.data.oracle import TLS_PORT
from components.permissions import Statement
from components.switch import PromotedReplica


class Databases(Instances):
    """Of which the last one serves, as children of the system."""

    def __init__(
        self,
        name: str,
        settings: ApexSettings,
        place: Place,
        group_id: pulumi.Output[str],
        parent: pulumi.Resource,
    ) -> None:
        self._settings = settings
        stack = place.stack
        around = Around.of(place, group_id)
        given = Database(
            component=f"{name}-db",
            held=settings.databases(stack),
            follows=place.peer is not None and settings.posture(stack).replicated,
            peer=place.peer.part("databases") if place.peer else None,
            retention_days=settings.database.backup_retention_days,
            instance=partial(arguments.instance, settings.database, stack, around),
            replica=partial(arguments.replica, settings.database, stack, around),
        )
        super().__init__(given, place, pulumi.ResourceOptions(parent=parent))

    @property
    def promoted(self) -> PromotedReplica | None:
        """What a takeover promotes; None where the database is no replica."""
        replica = self.replica
        if replica is None:
            return None
        assert replica.option_group is not None  # noqa: S101  asked for
        return PromotedReplica(
            identifier=replica.identifier,
            arn=replica.arn,
            option_group=replica.option_group.name,
            option_group_arn=replica.option_group.arn,
        )

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

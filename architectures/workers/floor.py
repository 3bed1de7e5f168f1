"""What every part of a region's workers stands on, and the table of what is done."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from architectures.foundation import Foundation
from architectures.parts.tables import SystemTable
from architectures.stack import Stack
from architectures.strategies import Posture
from architectures.system import Place
from architectures.workers import arguments, names
from architectures.workers.settings import WorkersSettings
from components.data import item_statements
from components.permissions import Statement
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class Floor:
    """The system's name, what is said of it and where it is put."""

    name: str
    settings: WorkersSettings
    place: Place
    child: pulumi.ResourceOptions
    """Of what is the system's child."""

    @property
    def stack(self) -> Stack:
        """The stack."""
        return self.place.stack

    @property
    def ground(self) -> Foundation:
        """The stack's foundation."""
        return self.place.ground

    @property
    def tags(self) -> Tags:
        """The system's tags."""
        return self.place.tags

    @property
    def stands(self) -> Posture:
        """How the workers stand in this region."""
        return self.settings.posture(self.stack)


class Done:
    """The table of what is done, and what every worker is told of it."""

    made: SystemTable
    told: dict[str, pulumi.Input[str]]
    """Variables."""
    statements: list[Statement]

    def __init__(self, floor: Floor) -> None:
        args = arguments.table(
            floor.stack,
            floor.stands,
            tags=floor.tags,
            key_arn=floor.ground.key_arn,
            peer_key_arn=floor.ground.peer_key_arn,
            topic_arn=floor.ground.topic.arn,
        )
        self.made = SystemTable(
            f"{floor.name}-done",
            args,
            floor.place,
            replicated=floor.stands.replicated,
            opts=floor.child,
        )
        table = self.made.made
        self.told = {names.TABLE: table.table_name, names.KEPT: str(floor.settings.kept_seconds)}
        self.statements = item_statements(table.table_arn)

    @property
    def stores(self) -> list[str]:
        """Names of the units that it is to recovery."""
        return [each["name"] for each in self.made.stores]

"""The table of an API's functions: the founding stack's, this region's replica of it, or one that was restored."""

from __future__ import annotations

import pulumi

from architectures.parts.api.settings import ApiSettings
from architectures.parts.tables import SystemTable
from architectures.system import Place
from components.data import item_statements
from components.facts import Fact
from components.permissions import Statement


class ServedTable:
    """What a region's functions use, as children of the system."""

    name: pulumi.Input[str]
    statements: list[Statement]
    """What the functions may do with it."""
    stores: list[Fact]
    """What this stack declares of the table."""
    used: list[str]
    """Names of those that the functions use."""
    told: dict[str, pulumi.Input[str]]
    """What the other stack reads of it."""
    lag_alarm: pulumi.Output[str]
    """Names of the alarms on what is written here and reaches the other region late, with blanks between."""

    def __init__(self, name: str, settings: ApiSettings, place: Place, child: pulumi.ResourceOptions) -> None:
        ground = place.ground
        args = settings.table_args(
            place.stack,
            tags=place.tags,
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
            topic_arn=ground.topic.arn,
        )
        own = SystemTable(name, args, place, replicated=settings.posture(place.stack).replicated, opts=child)
        self.stores, self.used = own.stores, [each["name"] for each in own.stores]
        self.told = dict(own.told)
        self.lag_alarm = pulumi.Output.all(*own.made.lag_alarms).apply(" ".join)
        restored = settings.table.restored
        if restored is None:
            self.name, self.statements = own.made.table_name, item_statements(own.made.table_arn)
        else:
            self.name, self.used = restored.rpartition("/")[2], []
            self.statements = item_statements(restored)
            self.told["restored"] = restored

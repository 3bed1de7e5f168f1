"""The table of an API's functions: the founding stack's, this region's replica of it, or one that was restored."""

from __future__ import annotations

import pulumi

from architectures.parts.api.settings import ApiSettings
from architectures.system import Place
from components.data import GlobalTable, JoinedTable, JoinedTableArgs, item_statements
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
        self._name, self._place, self._child = name, place, child
        self.stores, self.used, self.told = [], [], {}
        follows = place.peer is not None and settings.posture(place.stack).replicated
        made = self._joined() if follows else self._founded(settings)
        self.lag_alarm = pulumi.Output.all(*made.lag_alarms).apply(" ".join)
        restored = settings.table.restored
        if restored is None:
            self.name, self.statements = made.table_name, item_statements(made.table_arn)
        else:
            self.name, self.used = restored.rpartition("/")[2], []
            self.statements = item_statements(restored)
            self.told["restored"] = restored

    def _founded(self, settings: ApiSettings) -> GlobalTable:
        ground = self._place.ground
        args = settings.table_args(
            self._place.stack,
            tags=self._place.tags,
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
            topic_arn=ground.topic.arn,
        )
        made = GlobalTable(self._name, args, self._child)
        self.stores, self.used = [made.recovery_fact], [made.recovery_fact["name"]]
        self.told = {"name": made.table_name, "arn": made.table_arn}
        if replica := made.replica_arns.get(self._place.stack.peer_region):
            self.told["peerArn"] = replica
        return made

    def _joined(self) -> JoinedTable:
        place = self._place
        assert place.peer is not None  # noqa: S101  who joins has one
        peer = place.peer.part("table")
        args = JoinedTableArgs(
            region=place.stack.region,
            founder_region=place.stack.peer_region,
            table_name=peer.text("name"),
            table_arn=peer.text("peerArn"),
            strong=False,
            topic_arn=place.ground.topic.arn,
            tags=place.tags,
        )
        made = JoinedTable(self._name, args, self._child)
        self.told = {"name": made.table_name, "arn": made.table_arn}
        return made

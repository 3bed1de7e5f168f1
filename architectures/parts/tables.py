"""The table that both regions' parts of a system write: its founder's, or this region's replica of it."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from architectures.system import Place
from components.data import GlobalTable, GlobalTableArgs, JoinedTable, JoinedTableArgs
from components.facts import Fact


class SystemTable:
    """A table as this stack has it, a child of the system."""

    made: GlobalTable | JoinedTable
    told: dict[str, pulumi.Output[str]]
    """What the other region's stack reads of it."""
    stores: list[Fact]
    """What this stack declares of it."""

    def __init__(
        self,
        name: str,
        args: GlobalTableArgs,
        place: Place,
        *,
        replicated: bool,
        opts: pulumi.ResourceOptions,
    ) -> None:
        """`args` are the founder's; whoever joins a table that is `replicated` reads of the other stack's outputs what it is called."""
        self.stores = []
        if place.peer is not None and replicated:
            found = place.peer.part("table")
            joined = JoinedTableArgs(
                region=place.stack.region,
                founder_region=place.stack.peer_region,
                table_name=found.text("name"),
                table_arn=found.text("peerArn"),
                strong=False,
                topic_arn=place.ground.topic.arn,
                tags=place.tags,
            )
            self.made = JoinedTable(name, joined, opts)
        else:
            self.made = GlobalTable(name, args, opts)
            self.stores = [self.made.recovery_fact]
        self.told = {"name": self.made.table_name, "arn": self.made.table_arn}
        if theirs := self._replicas.get(place.stack.peer_region):
            self.told["peerArn"] = theirs

    @property
    def _replicas(self) -> Mapping[str, pulumi.Output[str]]:
        return self.made.replica_arns if isinstance(self.made, GlobalTable) else {}

"""A table that both regions' parts of a system write: its founder's with a replica where the strategy has one, or this region's replica."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from architectures.stack import Stack
from architectures.strategies import Posture
from architectures.system import Place
from components.data import GlobalTable, GlobalTableArgs, JoinedTable, JoinedTableArgs, TableReplica
from components.facts import Fact
from components.tags import Tags


def table(
    attributes: Mapping[str, str],
    stack: Stack,
    stands: Posture,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    peer_key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    **own: Any,
) -> GlobalTableArgs:
    """The arguments of the table: the first of `attributes` is its hash key, `own` what else of `GlobalTableArgs` is the table's own."""
    replica = TableReplica(region=stack.peer_region, kms_key_arn=peer_key_arn)
    return GlobalTableArgs(
        region=stack.region,
        kms_key_arn=key_arn,
        attributes=attributes,
        hash_key=next(iter(attributes)),
        replicas=[replica] if stands.replicated else [],
        topic_arn=topic_arn,
        deletion_protection=stack.protect,
        protect=stack.protect,
        tags=tags,
        **own,
    )


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
        part: str = "table",
    ) -> None:
        """`args` are the founder's; whoever joins a table that is `replicated` reads of the other stack's outputs what it is called.

        `part`: which of the system's outputs has `told`.
        """
        self.stores = []
        if place.peer is not None and replicated:
            found = place.peer.part(part)
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

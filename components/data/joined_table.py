"""A region's share of a table that another region's stack founded."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi

from components import outputs
from components.checks import need
from components.data.table_alarms import WatchedTable, declare_table_alarms
from components.options import handed_down
from components.permissions import Statement, allow
from components.tags import Tags

ITEMS = ("BatchGetItem", "BatchWriteItem", "DeleteItem", "GetItem", "PutItem", "Query", "UpdateItem")
"""Reading and writing of items whose keys are known; neither scans nor anything about the table itself.

Source: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazondynamodb.html
"""


def item_statements(table_arn: pulumi.Input[str]) -> list[Statement]:
    """Statements that let a role read and write items of the table in its region. The key's policy lets it use the key through DynamoDB."""
    return [allow([f"dynamodb:{each}" for each in ITEMS], table_arn)]


@dataclass(frozen=True, kw_only=True)
class JoinedTableArgs:
    """What a region needs to watch its replica."""

    tags: Tags
    region: str
    """The stack's own, which has the replica."""
    founder_region: str
    """Region of the stack that declares table and replica."""
    table_name: pulumi.Input[str]
    table_arn: pulumi.Input[str]
    """The replica's, in this region."""
    strong: bool
    topic_arn: pulumi.Input[str]
    """Topic of this region for the alarms."""

    def check(self) -> None:
        """Raise ArgumentError when the table would be its own replica."""
        other = self.region != self.founder_region
        need(other, "founder_region", repr(self.founder_region), "another than region")


class JoinedTable(pulumi.ComponentResource):
    """A replica of a table whose founding stack declares all of it: this region's alarms, of whose topic the founder knows nothing.

    Creates: the alarms that `GlobalTable` has for its own region. Survives: what `GlobalTable` does. Costs: the alarms.
    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/globaltables-bestpractices.html
    """

    table_name: pulumi.Output[str]
    table_arn: pulumi.Output[str]
    lag_alarms: list[pulumi.Output[str]]
    """Names of the alarms on how late what is written in this region reaches the other one."""

    def __init__(self, name: str, args: JoinedTableArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:JoinedTable", name, {}, handed_down(opts))
        self.table_name = pulumi.Output.from_input(args.table_name)
        self.table_arn = pulumi.Output.from_input(args.table_arn)
        topics = {args.region: args.topic_arn, args.founder_region: None}
        watched = WatchedTable(name=args.table_name, topics=topics, strong=args.strong)
        self.lag_alarms = declare_table_alarms(name, watched, args.tags, self, home=args.region)
        outputs.register(self, "table_name", "table_arn")

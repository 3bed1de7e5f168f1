"""What tells that a table's region lags, throttles or errs: the same alarms in each of its regions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi

from components.operations import Comparison, Expression, Metric, Missing, alarm
from components.tags import Tags

LAG_SECONDS = 5
"""Replication that takes longer is told: the most that the estimate of a region's loss counts on (figure `dynamodb.global_lag`).

Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/V2globaltables_HowItWorks.html
"""
OPERATIONS = (
    "GetItem",
    "BatchGetItem",
    "Query",
    "Scan",
    "PutItem",
    "UpdateItem",
    "DeleteItem",
    "BatchWriteItem",
)
TRANSACTIONS = ("TransactGetItems", "TransactWriteItems")
"""Refused by a table with strong consistency. With them there are ten operations, the most metrics of an alarm's expression.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/Create-alarm-on-metric-math-expression.html
"""
_NAMESPACE = "AWS/DynamoDB"
_LAG_PERIOD = 300
"""Seconds between two values of the replication's metric."""
_MINUTES, _BAD_MINUTES = 5, 3


@dataclass(frozen=True, kw_only=True)
class WatchedTable:
    """A table in all its regions."""

    name: pulumi.Input[str]
    topics: Mapping[str, pulumi.Input[str] | None]
    """The topic of each region that has the table; None where nobody is told."""
    strong: bool


def declare_table_alarms(
    name: str, table: WatchedTable, tags: Tags, parent: pulumi.Resource, *, home: str
) -> list[pulumi.Output[str]]:
    """Declare the alarms of every region that has a topic. `home` is the provider's region. Returns the names of those on its lag.

    Source: https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/metrics-dimensions.html
    """
    lags: list[pulumi.Output[str]] = []
    for region, topic in table.topics.items():
        if topic is None:
            continue
        place = _Place(f"{name}-{region}", table, tags, topic, parent, None if region == home else region)
        place.operations("errors", "SystemErrors", f"{name}: DynamoDB of {region} fails")
        place.operations("throttles", "ThrottledRequests", f"{name}: requests are throttled in {region}")
        if not table.strong:
            made = place.lag([other for other in table.topics if other != region])
            lags += made if region == home else []
    return lags


@dataclass(frozen=True)
class _Place:
    name: str
    table: WatchedTable
    tags: Tags
    topic: pulumi.Input[str]
    parent: pulumi.Resource
    region: str | None

    def operations(self, what: str, metric: str, description: str) -> None:
        """Requests that failed, over all operations: the metric has no value for the table as a whole."""
        operations = OPERATIONS if self.table.strong else (*OPERATIONS, *TRANSACTIONS)
        metrics = {
            f"m{number}": Metric(
                namespace=_NAMESPACE,
                name=metric,
                statistic="Sum",
                dimensions={"TableName": self.table.name, "Operation": operation},
            )
            for number, operation in enumerate(operations)
        }
        total = " + ".join(f"FILL({key}, 0)" for key in metrics)
        self._alarm(
            what,
            Expression(expression=total, label=metric, metrics=metrics),
            0,
            description,
            periods=_MINUTES,
            datapoints=_BAD_MINUTES,
        )

    def lag(self, others: Sequence[str]) -> list[pulumi.Output[str]]:
        """How long what is written here takes to each other region."""
        found = []
        for other in others:
            metric = Metric(
                namespace=_NAMESPACE,
                name="ReplicationLatency",
                statistic="Average",
                dimensions={"TableName": self.table.name, "ReceivingRegion": other},
                period_seconds=_LAG_PERIOD,
            )
            described = f"What is written here reaches {other} late: it would be lost with this region"
            found.append(self._alarm(f"lag-{other}", metric, LAG_SECONDS * 1000, described))
        return found

    def _alarm(
        self,
        what: str,
        source: Metric | Expression,
        threshold: float,
        description: str,
        *,
        periods: int = 1,
        datapoints: int | None = None,
    ) -> pulumi.Output[str]:
        return alarm(
            f"{self.name}-{what}",
            source,
            Comparison.ABOVE,
            threshold,
            missing=Missing.NOT_BREACHING,  # a table that nobody uses has no values
            description=description,
            tags=self.tags,
            actions=[self.topic],
            periods=periods,
            datapoints=datapoints,
            region=self.region,
            opts=pulumi.ResourceOptions(parent=self.parent),
        ).name

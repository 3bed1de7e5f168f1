"""A Kinesis data stream, and a consumer of it that shares its throughput with nobody."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import at_least, between
from components.facts import Fact, fact
from components.operations import Comparison, Metric, Missing, alarm
from components.options import handed_down
from components.outputs import register
from components.permissions import Statement, allow
from components.tags import Tags

RETENTION_HOURS = (24, 8760)
SHARDS = (1, 500)
"""https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html; 500 is the quota of three regions, 200 elsewhere."""
BEHIND = "SubscribeToShardEvent.MillisBehindLatest"
"""How far a consumer is behind: https://docs.aws.amazon.com/streams/latest/dev/monitoring-with-cloudwatch.html"""


@dataclass(frozen=True, kw_only=True)
class RecordStreamArgs:
    """What a stream and its consumer need."""

    tags: Tags
    key_arn: pulumi.Input[str]
    """Customer key of the region, which producers and consumers use too."""
    actions: Sequence[pulumi.Input[str]]
    """Topics that are told of a consumer that is behind, and of records that are refused; at least one."""
    retention_hours: int = 168
    """How long records are kept, 24 to 8,760."""
    shards: int | None = None
    """Shards, 1 to 500, each for 1 MB or 1,000 records a second. None: on demand, AWS decides."""
    behind_seconds: int = 600
    """How far the consumer may be behind before somebody is told, 1 or more and less than records are kept."""
    protect: bool = True

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        at_least("actions", self.actions, 1, "a consumer that is behind unseen loses records in the end")
        between("retention_hours", self.retention_hours, *RETENTION_HOURS, "h")
        if self.shards is not None:
            between("shards", self.shards, *SHARDS)
        longest = self.retention_hours * 3600 - 1
        between("behind_seconds", self.behind_seconds, 1, longest, "s, less than records are kept")


class RecordStream(pulumi.ComponentResource):
    """A stream, encrypted, with one consumer of enhanced fan-out, watched.

    Creates: stream, consumer, alarms on how far the consumer is behind and on producers that are throttled.
    Survives: a zone (records are in three). Not the region: its records wait there until it is back. Costs: by data, or by shards; the
    consumer by the hour and by data.
    Source: https://docs.aws.amazon.com/streams/latest/dev/enhanced-consumers.html
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    consumer_arn: pulumi.Output[str]
    recovery_fact: Fact

    def __init__(self, name: str, args: RecordStreamArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:messaging:RecordStream", name, {}, handed_down(opts))
        self._name, self._args, own = name, args, pulumi.ResourceOptions(parent=self)
        mode = "ON_DEMAND" if args.shards is None else "PROVISIONED"
        stream = aws.kinesis.Stream(
            f"{name}-stream",
            stream_mode_details={"stream_mode": mode},
            shard_count=args.shards,
            retention_period=args.retention_hours,
            encryption_type="KMS",
            kms_key_id=args.key_arn,
            tags=args.tags.passing(f"{name}-stream"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        consumer = aws.kinesis.StreamConsumer(
            f"{name}-consumer",
            stream_arn=stream.arn,
            tags=args.tags.resource(f"{name}-consumer"),
            opts=own,
        )
        self._alarm(
            "behind",
            BEHIND,
            {"StreamName": stream.name, "ConsumerName": consumer.name},
            args.behind_seconds * 1000,
        )
        self._alarm("throttled", "WriteProvisionedThroughputExceeded", {"StreamName": stream.name}, 0)
        self.name, self.arn, self.consumer_arn = stream.name, stream.arn, consumer.arn
        self.recovery_fact = fact(
            "stream",
            f"{name}-stream",
            args.tags.passing(f"{name}-stream"),
            age_s=args.behind_seconds,
            retention_s=args.retention_hours * 3600,
        )
        register(self, "name", "arn", "consumer_arn")

    def _alarm(self, what: str, metric: str, dimensions: dict[str, pulumi.Input[str]], above: float) -> None:
        alarm(
            f"{self._name}-{what}",
            Metric(namespace="AWS/Kinesis", name=metric, statistic="Maximum", dimensions=dimensions),
            Comparison.ABOVE,
            above,
            missing=Missing.NOT_BREACHING,  # an idle stream reports nothing
            description=f"{self._name}: {what}",
            tags=self._args.tags,
            actions=self._args.actions,
            periods=5,
            datapoints=3,
            opts=pulumi.ResourceOptions(parent=self),
        )

    def consuming(self) -> list[Statement]:
        """What the consumer's role needs."""
        reads = ["DescribeStream", "DescribeStreamSummary", "GetRecords", "GetShardIterator", "ListShards"]
        return [
            allow([f"kinesis:{each}" for each in reads], self.arn),
            allow(["kinesis:DescribeStreamConsumer", "kinesis:SubscribeToShard"], self.consumer_arn),
            allow("kms:Decrypt", self._args.key_arn),
        ]

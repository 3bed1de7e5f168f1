"""Alarms on copies of a bucket's objects that fail, wait or come late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.data.bucket_replication import REPLICATION_MINUTES, RULE
from components.operations.alarms import Comparison, Metric, Missing, alarm
from components.tags import Tags

PERIODS = 5
PENDING = 100_000
"""Operations that wait: so many are no ordinary minute's, and the throughput that AWS agrees to may be exceeded."""


@dataclass(frozen=True, kw_only=True)
class Watched:
    """A bucket that objects are copied from or to, and who is told in its region."""

    name: pulumi.Input[str]
    region: str | None = None
    """None: the provider's."""
    actions: Sequence[pulumi.Input[str]] = ()
    """Topics of its region; none: no alarms there."""


def declare_alarms(
    name: str,
    source: Watched,
    target: Watched,
    replication: aws.s3.BucketReplicationConfig | None,
    *,
    tags: Tags,
    parent: pulumi.Resource,
) -> None:
    """Declare them where S3 publishes: failures in the source's region, delay and what waits in the target's. They wait for `replication`.

    No metric proves life: none comes while nothing is written.
    Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
    """
    seconds = REPLICATION_MINUTES * 60
    watched = (
        ("failed", "OperationsFailedReplication", "Sum", 0, "copies that failed", 1, source),
        (
            "latency",
            "ReplicationLatency",
            "Maximum",
            seconds,
            "seconds that the copy is behind",
            PERIODS,
            target,
        ),
        ("pending", "OperationsPendingReplication", "Maximum", PENDING, "copies that wait", PERIODS, target),
    )
    for what, metric, statistic, threshold, words, periods, place in watched:
        if not place.actions:
            continue
        alarm(
            f"{name}-{what}",
            Metric(
                namespace="AWS/S3",
                name=metric,
                statistic=statistic,
                dimensions={"SourceBucket": source.name, "DestinationBucket": target.name, "RuleId": RULE},
            ),
            Comparison.ABOVE,
            threshold,
            periods=periods,
            missing=Missing.NOT_BREACHING,
            description=f"{name}: {words}",
            tags=tags,
            actions=place.actions,
            region=place.region,
            opts=pulumi.ResourceOptions(parent=parent, depends_on=[replication] if replication else None),
        )

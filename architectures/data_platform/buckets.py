"""A pair of buckets, one in each region, each of which gets what is written to the other."""

from __future__ import annotations

import pulumi

from architectures.system import Place
from components.data import (
    Bucket,
    BucketArgs,
    BucketReplica,
    JoinedBucket,
    JoinedBucketArgs,
    promising_replication,
)
from components.facts import Fact


class PairOfBuckets:
    """The one of this region, by what it keeps (`snapshots`): the founder makes both, and the other stack reads of it which is its own."""

    bucket: pulumi.Output[str]
    arn: pulumi.Output[str]
    recovery: list[Fact]
    outputs: dict[str, pulumi.Output[str]]

    def __init__(
        self,
        name: str,
        place: Place,
        *,
        part: str,
        keeps: str,
        opts: pulumi.ResourceOptions,
        watched: bool = True,
    ) -> None:
        """`name` is the component's; `part`: the group of outputs that tells of it; `watched`: the joining stack has alarms."""
        theirs = f"peer{keeps.capitalize()}"
        self.recovery, self.outputs = [], {}
        if place.peer is not None:
            found = place.peer.part(part)
            self.bucket, self.arn = found.text(theirs), found.text(f"{theirs}Arn")
            if watched:
                joined = JoinedBucketArgs(
                    tags=place.tags,
                    bucket=self.bucket,
                    arn=self.arn,
                    peer_bucket=found.text(keeps),
                    actions=[place.ground.topic.arn],
                )
                JoinedBucket(name, joined, opts)
            return
        stack, ground = place.stack, place.ground
        replica = BucketReplica(
            region=stack.peer_region, kms_key_arn=ground.peer_key_arn, home_region=stack.region
        )
        args = BucketArgs(
            kms_key_arn=ground.key_arn,
            replica=replica,
            alarm_actions=[ground.topic.arn],
            protect=stack.protect,
            tags=promising_replication(place.tags),
        )
        made = Bucket(name, args, opts)
        assert made.replica_bucket is not None  # noqa: S101  asked for above
        assert made.replica_arn is not None  # noqa: S101
        self.bucket, self.arn, self.recovery = made.bucket, made.arn, list(made.recovery_facts)
        self.outputs = {
            keeps: made.bucket,
            f"{keeps}Arn": made.arn,
            theirs: made.replica_bucket,
            f"{theirs}Arn": made.replica_arn,
        }

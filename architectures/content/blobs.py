"""The buckets that both regions' parts of a system write: the founder's pair where the strategy has one, or this region's own."""

from __future__ import annotations

import pulumi

from architectures.content import arguments
from architectures.content.settings import ContentSettings
from architectures.system import Place
from components.data import Bucket, JoinedBucket, JoinedBucketArgs
from components.facts import Fact


class Blobs:
    """This region's bucket, a child of the system."""

    bucket: pulumi.Output[str]
    """Its name, known once objects may be written there."""
    arn: pulumi.Output[str]
    stores: list[Fact]
    """What this stack declares of them."""
    told: dict[str, pulumi.Output[str]]
    """What the other region's stack reads of it."""

    def __init__(
        self, name: str, settings: ContentSettings, place: Place, opts: pulumi.ResourceOptions
    ) -> None:
        stands, ground = settings.posture(place.stack), place.ground
        self.stores = []
        if place.peer is not None and stands.replicated:
            found = place.peer.part("blobs")
            joined = JoinedBucketArgs(
                tags=place.tags,
                bucket=found.text("peerBucket"),
                arn=found.text("peerArn"),
                peer_bucket=found.text("bucket"),
                actions=[ground.topic.arn],
            )
            watched = JoinedBucket(name, joined, opts)
            self.bucket, self.arn = watched.bucket, watched.arn
            self.told = {"bucket": self.bucket, "arn": self.arn}
            return
        args = arguments.bucket(
            settings.noncurrent_days,
            place.stack,
            stands,
            tags=place.tags,
            key_arn=ground.key_arn,
            peer_key_arn=ground.peer_key_arn,
            topic_arn=ground.topic.arn,
        )
        made = Bucket(name, args, opts)
        self.bucket, self.arn, self.stores = made.bucket, made.arn, made.recovery_facts
        self.told = {"bucket": self.bucket, "arn": self.arn}
        if made.replica_bucket is not None and made.replica_arn is not None:
            self.told |= {"peerBucket": made.replica_bucket, "peerArn": made.replica_arn}

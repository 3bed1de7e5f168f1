"""Where a system's bundles lie: a versioned bucket of the founding stack, and its copy in the other region."""

from __future__ import annotations

import pulumi

from architectures.system import Place
from components.data import Bucket, BucketArgs, BucketReplica, promising_replication
from components.facts import Fact


class Bundles:
    """The founding stack's bucket and its copy. Each region deploys from its own, and has the founding region's bundles besides."""

    bucket: pulumi.Output[str]
    """This region's."""
    recovery: list[Fact]
    outputs: dict[str, pulumi.Input[str]]

    def __init__(self, name: str, place: Place, parent: pulumi.Resource) -> None:
        self.recovery, self.outputs = [], {}
        if place.peer is not None:
            self.bucket = place.peer.text("peerBundles")
            return
        args = BucketArgs(
            kms_key_arn=place.ground.key_arn,
            replica=BucketReplica(region=place.stack.peer_region, kms_key_arn=place.ground.peer_key_arn),
            protect=place.stack.protect,
            tags=promising_replication(place.tags),
        )
        made = Bucket(f"{name}-bundles", args, pulumi.ResourceOptions(parent=parent))
        assert made.replica_bucket is not None  # noqa: S101  asked for above
        self.bucket, self.recovery = made.bucket, made.recovery_facts
        self.outputs = {"bundles": made.bucket, "peerBundles": made.replica_bucket}

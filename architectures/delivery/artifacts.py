"""Where releases lie: a bucket in each region, and what is put into either is in both."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from architectures.delivery import arguments
from architectures.system import Place
from components.data import Bucket
from components.facts import Fact


class Artifacts:
    """The buckets, as children of the system: the founding stack declares both, the other one uses its own."""

    bucket: pulumi.Output[str]
    """Of this stack's region."""
    arn: pulumi.Output[str]
    recovery: list[Fact]
    outputs: Mapping[str, pulumi.Output[str]]

    def __init__(self, name: str, place: Place, parent: pulumi.Resource) -> None:
        self.recovery, self.outputs = [], {}
        if place.peer is not None:
            self.bucket = place.peer.text("peerArtifacts")
        else:
            args = arguments.artifacts(
                place.stack,
                key_arn=place.ground.key_arn,
                peer_key_arn=place.ground.peer_key_arn,
                tags=place.tags,
            )
            made = Bucket(f"{name}-artifacts", args, pulumi.ResourceOptions(parent=parent))
            assert made.replica_bucket is not None  # noqa: S101  asked for above
            self.bucket, self.recovery = made.bucket, made.recovery_facts
            self.outputs = {"artifacts": made.bucket, "peerArtifacts": made.replica_bucket}
        partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=parent)).partition
        self.arn = pulumi.Output.concat("arn:", partition, ":s3:::", self.bucket)

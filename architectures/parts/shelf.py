"""Where a system's runbooks lie: an object for each region, in both regions."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi
import pulumi_aws as aws

from architectures.system import Place
from components.data import Bucket, BucketArgs, BucketReplica, promising_replication
from components.facts import Fact


class Shelf:
    """The founding stack's bucket and its replica. The runbook of a region lies in that region; the founding stack's in both."""

    recovery: list[Fact]
    outputs: dict[str, pulumi.Input[str]]

    def __init__(self, name: str, place: Place, parent: pulumi.Resource) -> None:
        self._name, self._place, self._child = name, place, pulumi.ResourceOptions(parent=parent)
        self.recovery, self.outputs = [], {}
        here, there = place.stack.region, place.stack.peer_region
        if place.peer is not None:
            self._buckets = {there: place.peer.text("runbooks"), here: place.peer.text("peerRunbooks")}
            return
        args = BucketArgs(
            kms_key_arn=place.ground.key_arn,
            replica=BucketReplica(region=there, kms_key_arn=place.ground.peer_key_arn),
            protect=place.stack.protect,
            tags=promising_replication(place.tags),
        )
        made = Bucket(f"{name}-runbooks", args, self._child)
        assert made.replica_bucket is not None  # noqa: S101  asked for above
        self._buckets, self.recovery = {here: made.bucket, there: made.replica_bucket}, made.recovery_facts
        self.outputs = {"runbooks": made.bucket, "peerRunbooks": made.replica_bucket}

    def put(self, runbooks: Mapping[str, pulumi.Output[str]]) -> dict[str, pulumi.Output[str]]:
        """Write the runbook of each region. Returns where each one lies, by region."""
        return {region: self._put(region, content) for region, content in runbooks.items()}

    def hand_over(self, what: str, content: pulumi.Output[str]) -> pulumi.Output[str]:
        """Write a JSON document of this stack's region. Returns where it lies."""
        region = self._place.stack.region
        return self._written(f"{what}-{region}", region, f"{what}-{region}.json", content, "application/json")

    def _put(self, region: str, content: pulumi.Output[str]) -> pulumi.Output[str]:
        kind = "text/markdown; charset=utf-8"
        return self._written(f"runbook-{region}", region, f"{region}.md", content, kind)

    def _written(
        self, what: str, region: str, key: str, content: pulumi.Output[str], kind: str
    ) -> pulumi.Output[str]:
        name = f"{self._name}-{what}"
        written = aws.s3.BucketObjectv2(
            name,
            bucket=self._buckets[region],
            key=key,
            content=content,
            content_type=kind,
            region=region,
            tags=self._place.tags.resource(name),
            opts=self._child,
        )
        return pulumi.Output.concat("s3://", written.bucket, "/", written.key)

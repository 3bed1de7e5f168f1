"""A region's share of a pair of buckets that another region's stack founded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components import outputs
from components.checks import at_least
from components.data.bucket_alarms import Watched, declare_alarms
from components.options import handed_down
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class JoinedBucketArgs:
    """What a region needs to watch its bucket of a pair that is replicated both ways."""

    tags: Tags
    bucket: pulumi.Input[str]
    """This region's."""
    arn: pulumi.Input[str]
    peer_bucket: pulumi.Input[str]
    """The one that objects come from and go to."""
    actions: Sequence[pulumi.Input[str]]
    """Topics of this region; at least one."""

    def check(self) -> None:
        """Raise ArgumentError when nobody would be told."""
        at_least("actions", self.actions, 1, "copies that fail are told of")


class JoinedBucket(pulumi.ComponentResource):
    """The bucket that a founding stack made in this region: this region's alarms, of whose topic the founder knows nothing.

    Creates: alarms on copies from here that fail, and on copies from the other region that wait or come late. Survives: what `Bucket` does.
    Costs: the alarms. Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/repl-metrics.html
    """

    bucket: pulumi.Output[str]
    arn: pulumi.Output[str]

    def __init__(self, name: str, args: JoinedBucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:JoinedBucket", name, {}, handed_down(opts))
        self.bucket = pulumi.Output.from_input(args.bucket)
        self.arn = pulumi.Output.from_input(args.arn)
        here = Watched(name=args.bucket, actions=args.actions)
        there = Watched(name=args.peer_bucket)
        declare_alarms(name, here, there, None, tags=args.tags, parent=self)
        declare_alarms(f"{name}-in", there, here, None, tags=args.tags, parent=self)
        outputs.register(self, "bucket", "arn")

"""Where jobs of AWS Elemental MediaConvert wait, and what they may touch."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components import outputs
from components.checks import need
from components.options import handed_down
from components.permissions import Statement, allow
from components.roles import role_with_policy
from components.tags import Tags
from components.trust import trust


@dataclass(frozen=True, kw_only=True)
class ConverterArgs:
    """What one region's jobs need."""

    tags: Tags
    name: str
    """Of the queue: no other of the account's region is called so."""
    region: str
    bucket_arn: pulumi.Input[str]
    """A bucket of the region, which originals are in and results are written to."""
    key_arn: pulumi.Input[str]
    """Its customer key."""
    reads: str
    """Pattern of the keys of originals, such as `*/videos/*`."""
    writes: str
    """Pattern of the keys of results, none of which `reads` is."""

    def check(self) -> None:
        """Raise ArgumentError where results would be originals again."""
        need(self.reads != self.writes, "writes", repr(self.writes), f"another than reads, {self.reads!r}")


class Converter(pulumi.ComponentResource):
    """An on-demand queue of MediaConvert, and the role in which its jobs read originals and write results.

    Creates: the queue, the role, which MediaConvert takes for jobs of this queue alone. Survives: a zone. Not the region: jobs that ran
    there end or are begun anew in the other one. Costs: minutes of what is converted; the queue nothing.
    Source: https://docs.aws.amazon.com/mediaconvert/latest/ug/working-with-on-demand-queues.html,
    https://docs.aws.amazon.com/mediaconvert/latest/ug/cross-service-confused-deputy-prevention.html
    """

    queue_arn: pulumi.Output[str]
    role_arn: pulumi.Output[str]

    def __init__(self, name: str, args: ConverterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:video:Converter", name, {}, handed_down(opts))
        self._args, child = args, pulumi.ResourceOptions(parent=self)
        queue = aws.mediaconvert.Queue(
            f"{name}-queue",
            name=args.name,
            description=f"{name}: originals that users upload",
            pricing_plan="ON_DEMAND",
            status="ACTIVE",
            tags=args.tags.resource(f"{name}-queue"),
            opts=child,
        )
        via = {"StringEquals": {"kms:ViaService": f"s3.{args.region}.amazonaws.com"}}
        self.queue_arn = queue.arn
        self.role_arn = role_with_policy(
            f"{name}-role",
            [
                allow("s3:GetObject", pulumi.Output.concat(args.bucket_arn, "/", args.reads)),
                allow("s3:PutObject", pulumi.Output.concat(args.bucket_arn, "/", args.writes)),
                allow(["kms:Decrypt", "kms:GenerateDataKey"], args.key_arn, via),
            ],
            policy=f"{name}-policy",
            about=f"{name}: jobs read originals and write results",
            trusted=trust(
                "mediaconvert.amazonaws.com",
                self,
                of_account=True,
                source=f"arn:aws:mediaconvert:{args.region}:{{account}}:queues/{args.name}",
            ),
            tags=args.tags,
            opts=child,
        )
        outputs.register(self, "queue_arn", "role_arn")

    def starting(self) -> list[Statement]:
        """What a role needs that begins jobs of the queue."""
        passed = {"StringEquals": {"iam:PassedToService": "mediaconvert.amazonaws.com"}}
        return [allow("mediaconvert:CreateJob", self.queue_arn), allow("iam:PassRole", self.role_arn, passed)]

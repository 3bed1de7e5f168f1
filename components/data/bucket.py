"""An S3 bucket: private, versioned, encrypted, and copied to another region."""

from __future__ import annotations

from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.data.bucket_alarms import Watched, declare_alarms
from components.data.bucket_args import BucketArgs, BucketReplica
from components.data.bucket_parts import ProtectedBucket, protected_bucket
from components.data.bucket_policy import bucket_policy, log_delivery_statements, tls_only_statements
from components.data.bucket_replication import End, replicate
from components.facts import Fact, fact
from components.options import handed_down


class Bucket(pulumi.ComponentResource):
    """A private S3 bucket.

    Creates: the bucket with versioning, encryption, public access block, ownership controls, lifecycle and a
    TLS-only policy; with `replica` the same once more in the other region, and replication with time control, one
    way or both, owned by this stack alone; with topics, alarms on copies that fail or come late.

    Survives: a zone (S3 keeps objects in three); a region with `replica` (at most 15 minutes of objects lost,
    by agreement); deletion and overwriting for `noncurrent_days`. Replication copies deletions' markers,
    never the loss of a version. Costs: storage twice with a replica, transfer between regions, 0.015 USD per
    GB for replication time control. Source:
    https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html
    """

    bucket: pulumi.Output[str]
    """Name, known once objects may be written: they are replicated, and log writers are let in."""
    arn: pulumi.Output[str]
    regional_domain_name: pulumi.Output[str]
    """Host name in the bucket's region, an origin for CloudFront."""
    domain: pulumi.Output[str]
    """The same as regional_domain_name."""
    replica_bucket: pulumi.Output[str] | None
    """Name of the copy, known once what is written there is replicated, if it is."""
    replica_arn: pulumi.Output[str] | None
    replica_regional_domain_name: pulumi.Output[str] | None
    recovery_facts: list[Fact]
    """The bucket's and its replica's; none of a bucket of logs, for which no recovery waits."""

    def __init__(self, name: str, args: BucketArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:data:Bucket", name, {}, handed_down(opts))
        own = protected_bucket(name, args, args.kms_key_arn, self)
        policy = self._policy(name, args, own) if args.own_policy else None
        # Who writes logs is refused until the policy lets it.
        before: list[pulumi.CustomResource] = [policy] if policy and args.log_writers else []
        self.arn = own.bucket.arn
        self.regional_domain_name = self.domain = own.bucket.bucket_regional_domain_name
        self.replica_bucket = self.replica_arn = self.replica_regional_domain_name = None
        if args.replica is not None:
            copy = protected_bucket(
                f"{name}-copy", args, args.replica.kms_key_arn, self, region=args.replica.region
            )
            if args.own_policy:
                self._policy(f"{name}-copy", args, copy, args.replica.region)
            # What is written before the rule stands is never copied.
            out, *back = self._replicate(name, args, args.replica, own, copy)
            before.append(out)
            self.replica_bucket = outputs.once(copy.bucket.bucket, *(each.id for each in back))
            self.replica_arn = copy.bucket.arn
            self.replica_regional_domain_name = copy.bucket.bucket_regional_domain_name
        self.recovery_facts = [] if args.of_logs else _facts(name, args)
        self.bucket = outputs.once(own.bucket.bucket, *(each.id for each in before))
        outputs.register(
            self,
            "bucket",
            "arn",
            "regional_domain_name",
            "replica_bucket",
            "replica_arn",
            "replica_regional_domain_name",
        )

    def _replicate(
        self, name: str, args: BucketArgs, replica: BucketReplica, own: ProtectedBucket, copy: ProtectedBucket
    ) -> list[aws.s3.BucketReplicationConfig]:
        """Rules one way or both, each with its alarms."""
        here = End(own, args.kms_key_arn, actions=args.alarm_actions)
        there = End(copy, replica.kms_key_arn, replica.region, actions=replica.alarm_actions)
        back = replica.home_region
        common: dict[str, Any] = {"both_ways": back is not None, "tags": args.tags, "parent": self}
        ways = [(name, here, there, replica.region)]
        if back is not None:
            ways.append((f"{name}-copy", there, here, back))
        made = []
        for way, source, target, to in ways:
            made.append(replicate(way, source, target, to=to, **common))
            out, into = (
                Watched(name=each.name, region=each.region, actions=each.actions) for each in (source, target)
            )
            declare_alarms(way, out, into, made[-1], tags=args.tags, parent=self)
        return made

    def _policy(
        self, name: str, args: BucketArgs, made: ProtectedBucket, region: str | None = None
    ) -> aws.s3.BucketPolicy:
        statements = tls_only_statements(made.bucket.arn)
        if args.log_writers and region is None:
            account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
            statements += log_delivery_statements(made.bucket.arn, args.log_writers, account)
        return bucket_policy(name, made.bucket, statements, parent=self, after=[made.block], region=region)


def _facts(name: str, args: BucketArgs) -> list[Fact]:
    tags, replica = args.tags.store(""), args.replica
    if replica is None:
        return [fact("s3", f"{name}-bucket", tags, versioned=True)]
    copied = {"whole": True, "time_control": True, "versioned": True}
    there = [{**copied, "region": replica.region}]
    own = fact("s3", f"{name}-bucket", tags, versioned=True, replicas=there)
    copy: Fact = {"region": replica.region, "versioned": True}
    if replica.home_region is None:
        copy["role"] = "replica"
    else:
        copy["replicas"] = [{**copied, "region": replica.home_region}]
    return [own, fact("s3", f"{name}-copy-bucket", tags, **copy)]

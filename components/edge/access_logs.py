"""The bucket that a load balancer writes its access logs to."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.edge import checks
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class AccessLogBucketArgs:
    """What the bucket needs."""

    tags: Tags
    retention_days: int = 90
    """Days that a log is kept, 1 to 3650."""
    protect: bool = True
    """Pulumi refuses to delete the bucket."""


class AccessLogBucket(pulumi.ComponentResource):
    """A private, versioned bucket that takes the access logs of this account's load balancers.

    Creates: a bucket with its policy, public access block, versioning, encryption and lifecycle.
    Survives: loss of a zone (S3 stores over three); the logs aren't copied to another region.
    Costs: storage of `retention_days` of logs; delivery is free.
    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """

    bucket: pulumi.Output[str]
    """Name of the bucket, known to be writable: it waits for the policy."""

    def __init__(
        self, name: str, args: AccessLogBucketArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        checks.between("retention_days", args.retention_days, 1, 3650, "days")
        super().__init__("holdfast:edge:AccessLogBucket", name, {}, opts)
        child = pulumi.ResourceOptions(parent=self)
        bucket = aws.s3.Bucket(
            f"{name}-bucket",
            tags=args.tags.logs(f"{name}-bucket"),
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        aws.s3.BucketPublicAccessBlock(
            f"{name}-block",
            bucket=bucket.bucket,
            block_public_acls=True,
            block_public_policy=True,
            ignore_public_acls=True,
            restrict_public_buckets=True,
            opts=child,
        )
        versioning = aws.s3.BucketVersioning(
            f"{name}-versions",
            bucket=bucket.bucket,
            versioning_configuration={"status": "Enabled"},
            opts=child,
        )
        aws.s3.BucketServerSideEncryptionConfiguration(
            f"{name}-encryption",
            bucket=bucket.bucket,
            # The log delivery of Elastic Load Balancing supports keys of S3 only, no customer key.
            rules=[{"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}],
            opts=child,
        )
        aws.s3.BucketLifecycleConfiguration(
            f"{name}-expiry",
            bucket=bucket.bucket,
            rules=[
                {
                    "id": "expire",
                    "status": "Enabled",
                    "filter": {"prefix": ""},
                    "expiration": {"days": args.retention_days},
                    "noncurrent_version_expiration": {"noncurrent_days": args.retention_days},
                    "abort_incomplete_multipart_upload": {"days_after_initiation": 7},
                }
            ],
            # S3 refuses rules for noncurrent versions while versioning isn't on.
            opts=pulumi.ResourceOptions(parent=self, depends_on=[versioning]),
        )
        account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=self)).account_id
        policy = aws.s3.BucketPolicy(
            f"{name}-policy", bucket=bucket.bucket, policy=_policy(bucket.arn, account), opts=child
        )
        self.bucket = policy.bucket
        self.register_outputs({"bucket": self.bucket})


def _policy(bucket_arn: pulumi.Output[str], account: pulumi.Output[str]) -> pulumi.Output[str]:
    return pulumi.Output.json_dumps(
        {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Sid": "DenyPlainHttp",
                    "Effect": "Deny",
                    "Principal": "*",
                    "Action": "s3:*",
                    "Resource": [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")],
                    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
                },
                {
                    "Sid": "LoadBalancerLogs",
                    "Effect": "Allow",
                    "Principal": {"Service": "logdelivery.elasticloadbalancing.amazonaws.com"},
                    "Action": "s3:PutObject",
                    # The account in the path keeps load balancers of other accounts out.
                    "Resource": pulumi.Output.concat(bucket_arn, "/AWSLogs/", account, "/*"),
                },
            ],
        }
    )

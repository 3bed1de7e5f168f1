"""A bucket with everything that protects it: used for a bucket and for its copy in another region."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.data.bucket_args import BucketArgs


@dataclass(frozen=True)
class ProtectedBucket:
    """A bucket and what others must wait for."""

    bucket: aws.s3.Bucket
    versioning: aws.s3.BucketVersioning
    block: aws.s3.BucketPublicAccessBlock


def protected_bucket(
    name: str,
    args: BucketArgs,
    kms_key_arn: pulumi.Input[str] | None,
    parent: pulumi.Resource,
    region: str | None = None,
) -> ProtectedBucket:
    """Create a private, versioned, encrypted bucket with a lifecycle, in `region` or the provider's."""
    child = pulumi.ResourceOptions(parent=parent)
    tags = args.tags.logs if args.of_logs else args.tags.store
    bucket = aws.s3.Bucket(
        f"{name}-bucket",
        force_destroy=False,
        region=region,
        tags=tags(f"{name}-bucket"),
        opts=pulumi.ResourceOptions(parent=parent, protect=args.protect),
    )
    versioning = aws.s3.BucketVersioning(
        f"{name}-versioning",
        bucket=bucket.id,
        versioning_configuration=aws.s3.BucketVersioningVersioningConfigurationArgs(status="Enabled"),
        region=region,
        opts=child,
    )
    aws.s3.BucketServerSideEncryptionConfiguration(
        f"{name}-encryption",
        bucket=bucket.id,
        rules=[
            aws.s3.BucketServerSideEncryptionConfigurationRuleArgs(
                apply_server_side_encryption_by_default=(
                    aws.s3.BucketServerSideEncryptionConfigurationRuleApplyServerSideEncryptionByDefaultArgs(
                        sse_algorithm="aws:kms" if kms_key_arn is not None else "AES256",
                        kms_master_key_id=kms_key_arn,
                    )
                ),
                # A bucket key asks KMS once for many objects: cheaper, and fewer calls to be throttled.
                bucket_key_enabled=kms_key_arn is not None,
            )
        ],
        region=region,
        opts=child,
    )
    block = aws.s3.BucketPublicAccessBlock(
        f"{name}-public-access",
        bucket=bucket.id,
        block_public_acls=True,
        block_public_policy=True,
        ignore_public_acls=True,
        restrict_public_buckets=True,
        region=region,
        opts=child,
    )
    aws.s3.BucketOwnershipControls(
        f"{name}-ownership",
        bucket=bucket.id,
        rule=aws.s3.BucketOwnershipControlsRuleArgs(object_ownership="BucketOwnerEnforced"),
        region=region,
        opts=child,
    )
    _lifecycle(name, args, bucket, versioning, parent=parent, region=region)
    return ProtectedBucket(bucket, versioning, block)


def _lifecycle(
    name: str,
    args: BucketArgs,
    bucket: aws.s3.Bucket,
    versioning: aws.s3.BucketVersioning,
    *,
    parent: pulumi.Resource,
    region: str | None,
) -> None:
    expiration = (
        aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(days=args.expiration_days)
        if args.expiration_days is not None
        # A marker whose object has no version left would be listed for ever.
        else aws.s3.BucketLifecycleConfigurationRuleExpirationArgs(expired_object_delete_marker=True)
    )
    aws.s3.BucketLifecycleConfiguration(
        f"{name}-lifecycle",
        bucket=bucket.id,
        rules=[
            aws.s3.BucketLifecycleConfigurationRuleArgs(
                id="history",
                status="Enabled",
                filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                expiration=expiration,
                noncurrent_version_expiration=(
                    aws.s3.BucketLifecycleConfigurationRuleNoncurrentVersionExpirationArgs(
                        noncurrent_days=args.noncurrent_days
                    )
                ),
                transitions=[
                    aws.s3.BucketLifecycleConfigurationRuleTransitionArgs(
                        days=transition.days, storage_class=transition.storage_class
                    )
                    for transition in args.transitions
                ]
                or None,
            ),
            aws.s3.BucketLifecycleConfigurationRuleArgs(
                id="unfinished-uploads",
                status="Enabled",
                filter=aws.s3.BucketLifecycleConfigurationRuleFilterArgs(prefix=""),
                abort_incomplete_multipart_upload=(
                    aws.s3.BucketLifecycleConfigurationRuleAbortIncompleteMultipartUploadArgs(
                        days_after_initiation=args.abort_multipart_days
                    )
                ),
            ),
        ],
        region=region,
        # Rules on noncurrent versions need versioning.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[versioning]),
    )

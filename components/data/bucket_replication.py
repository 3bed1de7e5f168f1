"""Copying a bucket's objects to a bucket in another region, within 15 minutes by agreement."""

from __future__ import annotations

from dataclasses import replace

import pulumi
import pulumi_aws as aws

from components.data.bucket_args import BucketReplica
from components.data.bucket_parts import ProtectedBucket
from components.permissions import Statement, allow, document
from components.tags import Tags
from components.trust import trust

REPLICATION_MINUTES = 15
"""Replication time control copies 99.9 % of objects within 15 minutes; AWS allows no other number.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html
"""


def promising_replication(tags: Tags) -> Tags:
    """The tags, with no less loss promised for a lost region than replication of objects keeps."""
    minutes = max(tags.rpo_minutes, REPLICATION_MINUTES)
    return replace(tags, facts={**tags.facts, "dr:rpo-minutes-region": f"{minutes:g}"})


def replicate(
    name: str,
    source: ProtectedBucket,
    copy: ProtectedBucket,
    *,
    replica: BucketReplica,
    kms_key_arn: pulumi.Input[str] | None,
    tags: Tags,
    parent: pulumi.Resource,
) -> aws.s3.BucketReplicationConfig:
    """Replicate every object and delete marker from `source` to `copy`, with a role that may do just that."""
    role, policy = _role(
        name, source, copy, replica=replica, kms_key_arn=kms_key_arn, tags=tags, parent=parent
    )
    encrypted = kms_key_arn is not None
    minutes = REPLICATION_MINUTES
    threshold = aws.s3.BucketReplicationConfigRuleDestinationMetricsEventThresholdArgs(minutes=minutes)
    return aws.s3.BucketReplicationConfig(
        f"{name}-replication",
        bucket=source.bucket.id,
        role=role.arn,
        rules=[
            aws.s3.BucketReplicationConfigRuleArgs(
                id="everything",
                priority=1,
                status="Enabled",
                filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
                delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(
                    status="Enabled"
                ),
                source_selection_criteria=aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs(
                    sse_kms_encrypted_objects=(
                        aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(
                            status="Enabled"
                        )
                    )
                )
                if encrypted
                else None,
                destination=aws.s3.BucketReplicationConfigRuleDestinationArgs(
                    bucket=copy.bucket.arn,
                    storage_class="STANDARD",
                    encryption_configuration=(
                        aws.s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
                            replica_kms_key_id=replica.kms_key_arn
                        )
                        if replica.kms_key_arn is not None
                        else None
                    ),
                    replication_time=aws.s3.BucketReplicationConfigRuleDestinationReplicationTimeArgs(
                        status="Enabled",
                        time=aws.s3.BucketReplicationConfigRuleDestinationReplicationTimeTimeArgs(
                            minutes=minutes
                        ),
                    ),
                    metrics=aws.s3.BucketReplicationConfigRuleDestinationMetricsArgs(
                        status="Enabled", event_threshold=threshold
                    ),
                ),
            )
        ],
        # S3 refuses replication between buckets that aren't versioned, and copies nothing while the role
        # may not.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=[source.versioning, copy.versioning, policy]),
    )


def _role(
    name: str,
    source: ProtectedBucket,
    copy: ProtectedBucket,
    *,
    replica: BucketReplica,
    kms_key_arn: pulumi.Input[str] | None,
    tags: Tags,
    parent: pulumi.Resource,
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    role = aws.iam.Role(
        f"{name}-replication",
        description=f"S3 copies {name} to {replica.region}",
        assume_role_policy=trust("s3.amazonaws.com"),
        tags=tags.resource(f"{name}-replication"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    statements: list[Statement] = [
        allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], source.bucket.arn),
        allow(
            ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
            pulumi.Output.concat(source.bucket.arn, "/*"),
        ),
        allow(
            ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
            pulumi.Output.concat(copy.bucket.arn, "/*"),
        ),
    ]
    if kms_key_arn is not None:
        statements += [
            allow("kms:Decrypt", kms_key_arn, {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}),
            allow(
                ["kms:Encrypt", "kms:GenerateDataKey"],
                replica.kms_key_arn,
                {"StringEquals": {"kms:ViaService": f"s3.{replica.region}.amazonaws.com"}},
            ),
        ]
    policy = aws.iam.RolePolicy(
        f"{name}-replication",
        role=role.id,
        policy=document(statements),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return role, policy

"""Copying a bucket's objects to a bucket in another region, within 15 minutes by agreement; where asked for, both ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pulumi
import pulumi_aws as aws

from components.data.bucket_parts import ProtectedBucket
from components.permissions import Statement, allow, document
from components.tags import Tags
from components.trust import trust

REPLICATION_MINUTES = 15
"""Replication time control copies 99.9 % of objects within 15 minutes; AWS allows no other number.

Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-time-control.html
"""
RULE = "everything"


@dataclass(frozen=True)
class End:
    """One of two buckets that objects go between."""

    made: ProtectedBucket
    kms_key_arn: pulumi.Input[str] | None
    region: str | None = None
    """None: the provider's."""
    actions: Sequence[pulumi.Input[str]] = ()
    """Topics of its region that alarms notify; none: no alarms there."""

    @property
    def arn(self) -> pulumi.Output[str]:
        """The bucket's."""
        return self.made.bucket.arn

    @property
    def name(self) -> pulumi.Output[str]:
        """The bucket's."""
        return self.made.bucket.bucket


def promising_replication(tags: Tags) -> Tags:
    """The tags, with no less loss promised for a lost region than replication of objects keeps."""
    minutes = max(tags.rpo_minutes, REPLICATION_MINUTES)
    return replace(tags, facts={**tags.facts, "dr:rpo-minutes-region": f"{minutes:g}"})


def replicate(
    name: str,
    source: End,
    target: End,
    *,
    both_ways: bool,
    to: str,
    tags: Tags,
    parent: pulumi.Resource,
) -> aws.s3.BucketReplicationConfig:
    """Replicate every object and delete marker from `source` to `target`, in the region `to`, with a role that may do just that.

    `both_ways`: changes of what was copied here (metadata, tags, locks) go back as well.
    """
    role, policy = _role(name, source, target, to=to, tags=tags, parent=parent)
    minutes = REPLICATION_MINUTES
    threshold = aws.s3.BucketReplicationConfigRuleDestinationMetricsEventThresholdArgs(minutes=minutes)
    return aws.s3.BucketReplicationConfig(
        f"{name}-replication",
        bucket=source.made.bucket.id,
        role=role.arn,
        region=source.region,
        rules=[
            aws.s3.BucketReplicationConfigRuleArgs(
                id=RULE,
                priority=1,
                status="Enabled",
                filter=aws.s3.BucketReplicationConfigRuleFilterArgs(prefix=""),
                delete_marker_replication=aws.s3.BucketReplicationConfigRuleDeleteMarkerReplicationArgs(
                    status="Enabled"
                ),
                source_selection_criteria=_selected(
                    encrypted=source.kms_key_arn is not None, both_ways=both_ways
                ),
                destination=aws.s3.BucketReplicationConfigRuleDestinationArgs(
                    bucket=target.arn,
                    storage_class="STANDARD",
                    encryption_configuration=(
                        aws.s3.BucketReplicationConfigRuleDestinationEncryptionConfigurationArgs(
                            replica_kms_key_id=target.kms_key_arn
                        )
                        if target.kms_key_arn is not None
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
        opts=pulumi.ResourceOptions(
            parent=parent, depends_on=[source.made.versioning, target.made.versioning, policy]
        ),
    )


def _selected(
    *, encrypted: bool, both_ways: bool
) -> aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs | None:
    """Source: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-for-metadata-changes.html."""
    if not encrypted and not both_ways:
        return None
    on = "Enabled"
    criteria = aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaArgs()
    if encrypted:
        criteria.sse_kms_encrypted_objects = (
            aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaSseKmsEncryptedObjectsArgs(status=on)
        )
    if both_ways:
        criteria.replica_modifications = (
            aws.s3.BucketReplicationConfigRuleSourceSelectionCriteriaReplicaModificationsArgs(status=on)
        )
    return criteria


def _role(
    name: str, source: End, target: End, *, to: str, tags: Tags, parent: pulumi.Resource
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    role = aws.iam.Role(
        f"{name}-replication",
        description=f"S3 copies {name} to {to}",
        assume_role_policy=trust("s3.amazonaws.com"),
        tags=tags.resource(f"{name}-replication"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    # https://docs.aws.amazon.com/AmazonS3/latest/userguide/setting-repl-config-perm-overview.html
    statements: list[Statement] = [
        allow(["s3:GetReplicationConfiguration", "s3:ListBucket"], source.arn),
        allow(
            ["s3:GetObjectVersionForReplication", "s3:GetObjectVersionAcl", "s3:GetObjectVersionTagging"],
            pulumi.Output.concat(source.arn, "/*"),
        ),
        allow(
            ["s3:ReplicateObject", "s3:ReplicateDelete", "s3:ReplicateTags"],
            pulumi.Output.concat(target.arn, "/*"),
        ),
    ]
    if source.kms_key_arn is not None:
        statements += [
            allow(
                "kms:Decrypt",
                source.kms_key_arn,
                {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}},
            ),
            allow(
                ["kms:Encrypt", "kms:GenerateDataKey"],
                target.kms_key_arn,
                {"StringEquals": {"kms:ViaService": f"s3.{to}.amazonaws.com"}},
            ),
        ]
    policy = aws.iam.RolePolicy(
        f"{name}-replication",
        role=role.id,
        policy=document(statements),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return role, policy

"""The role that AWS Backup works with."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.tags import Tags
from components.trust import trust

MANAGED_POLICIES = {
    "backup": "service-role/AWSBackupServiceRolePolicyForBackup",
    "restore": "service-role/AWSBackupServiceRolePolicyForRestores",
    "s3-backup": "AWSBackupServiceRolePolicyForS3Backup",
    "s3-restore": "AWSBackupServiceRolePolicyForS3Restore",
}
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/security-iam-awsmanpol.html"""


def declare_role(
    name: str, tags: Tags, parent: pulumi.Resource
) -> tuple[aws.iam.Role, list[pulumi.Resource]]:
    """Declare the role and return it with its policies.

    What uses the role waits for the policies: AWS checks them when the role is handed in.
    """
    child = pulumi.ResourceOptions(parent=parent)
    invoke = pulumi.InvokeOutputOptions(parent=parent)
    partition = aws.get_partition_output(opts=invoke).partition
    role = aws.iam.Role(
        name,
        description="Lets AWS Backup back up, copy and restore",
        assume_role_policy=trust("backup.amazonaws.com", parent, of_account=True),
        tags=tags.resource(name),
        opts=child,
    )
    attachments: list[pulumi.Resource] = [
        aws.iam.RolePolicyAttachment(
            f"{name}-{what}",
            role=role.name,
            policy_arn=pulumi.Output.concat("arn:", partition, ":iam::aws:policy/", policy),
            opts=child,
        )
        for what, policy in MANAGED_POLICIES.items()
    ]
    return role, attachments

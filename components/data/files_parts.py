"""A file system with everything that protects it: used for a file system and for its peer in another region."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

import pulumi
import pulumi_aws as aws

from components.data.files_args import SharedFilesArgs
from components.permissions import document


def file_system(
    name: str,
    args: SharedFilesArgs,
    kms_key_arn: pulumi.Input[str] | None,
    parent: pulumi.Resource,
    *,
    region: str | None = None,
    open_: bool,
    more_tags: Mapping[str, str] = MappingProxyType({}),
) -> aws.efs.FileSystem:
    """Declare an encrypted file system with its policy and backups, here or in another region.

    `open_`: it may be overwritten by what it will follow.
    """
    made = aws.efs.FileSystem(
        f"{name}-files",
        encrypted=True,
        kms_key_id=kms_key_arn,
        performance_mode="generalPurpose",
        throughput_mode=args.throughput,
        lifecycle_policies=_lifecycle(args),
        protection={"replication_overwrite": "DISABLED"} if open_ else None,
        region=region,
        tags={**args.tags.store(f"{name}-files"), **more_tags},
        opts=pulumi.ResourceOptions(
            parent=parent,
            protect=args.protect,
            # EFS switches it to REPLICATING while the file system follows, and on once it doesn't; a change would open newer files
            # to be overwritten by older ones.
            ignore_changes=["protection"] if open_ else None,
        ),
    )
    child = pulumi.ResourceOptions(parent=parent)
    aws.efs.BackupPolicy(
        f"{name}-backups",
        file_system_id=made.id,
        backup_policy={"status": "ENABLED" if args.automatic_backups else "DISABLED"},
        region=region,
        opts=child,
    )
    account = aws.get_caller_identity_output(opts=pulumi.InvokeOutputOptions(parent=parent)).account_id
    aws.efs.FileSystemPolicy(
        f"{name}-policy",
        file_system_id=made.id,
        policy=document(_statements(made.arn, account)),
        region=region,
        opts=child,
    )
    return made


def _lifecycle(args: SharedFilesArgs) -> list[aws.efs.FileSystemLifecyclePolicyArgs] | None:
    if args.infrequent_after_days is None:
        return None
    days = args.infrequent_after_days
    return [
        aws.efs.FileSystemLifecyclePolicyArgs(transition_to_ia=f"AFTER_{days}_DAY{'' if days == 1 else 'S'}"),
        aws.efs.FileSystemLifecyclePolicyArgs(transition_to_primary_storage_class="AFTER_1_ACCESS"),
    ]


def _statements(arn: pulumi.Input[str], account: pulumi.Input[str]) -> list[dict[str, Any]]:
    """Without a policy anybody in the network may mount the file system, as root.

    Source: https://docs.aws.amazon.com/efs/latest/ug/iam-access-control-nfs-efs.html
    """
    mount = {
        "Sid": "OwnRolesMount",
        "Effect": "Allow",
        "Principal": {"AWS": pulumi.Output.concat("arn:aws:iam::", account, ":root")},
        "Action": ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"],
        "Resource": arn,
        "Condition": {"Bool": {"elasticfilesystem:AccessedViaMountTarget": "true"}},
    }
    plain = {
        "Sid": "TlsOnly",
        "Effect": "Deny",
        "Principal": {"AWS": "*"},
        "Action": "elasticfilesystem:Client*",
        "Resource": arn,
        "Condition": {"Bool": {"aws:SecureTransport": "false"}},
    }
    return [mount, plain]

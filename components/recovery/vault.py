"""A backup vault that its own administrators can't empty."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import between, need
from components.tags import Tags

LEAST_CHANGEABLE_DAYS = 3
MOST_DAYS = 36_500
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_PutBackupVaultLockConfiguration.html"""

EVENTS = (
    "COPY_JOB_FAILED",
    "RECOVERY_POINT_MODIFIED",
    "S3_BACKUP_OBJECT_FAILED",
    "S3_RESTORE_OBJECT_FAILED",
)
"""What a vault itself notifies of: failures that need no filter, and changes to recovery points; all of them known to older providers too.
https://docs.aws.amazon.com/aws-backup/latest/devguide/backup-notifications.html"""


@dataclass(frozen=True, kw_only=True)
class VaultLock:
    """Limits of retention that every backup in a vault keeps: governance mode, or compliance mode."""

    min_retention_days: int = 7
    """Shorter-lived recovery points are refused; 1 to 36500."""
    max_retention_days: int = 366
    """Longer-lived recovery points are refused; `min_retention_days` to 36500."""
    changeable_for_days: int | None = None
    """Compliance mode: after so many days (3 to 36500) nobody, AWS included, can lift the lock or delete the
    vault before its last recovery point has expired. There is no way back."""


@dataclass(frozen=True, kw_only=True)
class ExistingVault:
    """A vault that another stack declared."""

    name: pulumi.Input[str]
    arn: pulumi.Input[str]


def validate_lock(lock: VaultLock) -> None:
    """Raise ArgumentError when AWS would refuse the lock."""
    low, high, changeable = lock.min_retention_days, lock.max_retention_days, lock.changeable_for_days
    between("lock.min_retention_days", low, 1, MOST_DAYS)
    between("lock.max_retention_days", high, low, MOST_DAYS, "days, not below min_retention_days")
    if changeable is not None:
        between("lock.changeable_for_days", changeable, LEAST_CHANGEABLE_DAYS, MOST_DAYS)


def vault_name(name: str, region: str) -> str:
    """Return the physical name of a vault. Raises ArgumentError when AWS would refuse it."""
    # Explicit, because policies, restore scripts and the other stack refer to it.
    full = f"{name}-{region}"
    fits = re.fullmatch(r"[A-Za-z0-9_-]{2,50}", full)
    need(bool(fits), "name", f"{full!r} for a vault", "2 to 50 letters, digits and -_")
    return full


def vault_policy() -> dict[str, Any]:
    """Return the policy that keeps recovery points until AWS Backup itself expires them."""
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "KeepRecoveryPoints",
                "Effect": "Deny",
                "Principal": "*",
                "Action": ["backup:DeleteRecoveryPoint", "backup:UpdateRecoveryPointLifecycle"],
                "Resource": "*",
            }
        ],
    }


def declare_vault(
    logical: str,
    *,
    name: str,
    key_arn: pulumi.Input[str],
    topics: Sequence[pulumi.Input[str]],
    lock: VaultLock,
    tags: Tags,
    parent: pulumi.Resource,
    protect: bool,
    region: str | None,
) -> aws.backup.Vault:
    """Declare a vault with its lock, its policy and, for each of `topics` (none or one), its notifications.

    `region` is for a vault outside the provider's region; topic and key must be of that region too.
    """
    child = pulumi.ResourceOptions(parent=parent)
    # A vault has one lock and one set of notifications, and each change replaces them: were the old one
    # deleted after the new one is made, as usual, the new one would go with it.
    only_one = pulumi.ResourceOptions(parent=parent, delete_before_replace=True)
    vault = aws.backup.Vault(
        logical,
        name=name,
        kms_key_arn=key_arn,
        region=region,
        tags=tags.resource(logical),
        opts=pulumi.ResourceOptions(parent=parent, protect=protect),
    )
    aws.backup.VaultLockConfiguration(
        f"{logical}-lock",
        backup_vault_name=vault.name,
        min_retention_days=lock.min_retention_days,
        max_retention_days=lock.max_retention_days,
        changeable_for_days=lock.changeable_for_days,
        region=region,
        opts=only_one,
    )
    aws.backup.VaultPolicy(
        f"{logical}-policy",
        backup_vault_name=vault.name,
        policy=pulumi.Output.json_dumps(vault_policy()),
        region=region,
        opts=child,
    )
    for topic in topics:
        aws.backup.VaultNotifications(
            f"{logical}-notifications",
            backup_vault_name=vault.name,
            backup_vault_events=list(EVENTS),
            sns_topic_arn=topic,
            region=region,
            opts=only_one,
        )
    return vault

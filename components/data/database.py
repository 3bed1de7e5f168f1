"""What every RDS database is declared with: its master secret, and the properties that all kinds name alike."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.data.database_args import DatabaseArgs, OwnDatabaseArgs
from components.data.rotation import PasswordRotation, PasswordRotationArgs
from components.data.secret import WRITTEN, DatabaseSecret, DatabaseSecretArgs


def master_secret(name: str, args: OwnDatabaseArgs, parent: pulumi.Resource) -> DatabaseSecret:
    """Declare the secret with the master password."""
    return DatabaseSecret(
        f"{name}-master",
        DatabaseSecretArgs(
            tags=args.tags,
            kms_key_arn=args.kms_key_arn,
            username=args.username,
            replicas=args.secret_replicas,
            protect=args.protect,
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def rotated(
    name: str,
    args: OwnDatabaseArgs,
    secret: DatabaseSecret,
    *,
    kind: str,
    identifier: pulumi.Input[str],
    databases: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> None:
    """Have the master password replaced, now and from time to time."""
    PasswordRotation(
        f"{name}-rotation",
        PasswordRotationArgs(
            tags=args.tags,
            secret_arn=secret.arn,
            kms_key_arn=args.kms_key_arn,
            kind=kind,
            identifier=identifier,
            databases=databases,
            days=args.rotation_days,
            log_retention_days=args.log_retention_days,
            topic_arn=args.event_topic_arn,
        ),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def insights(args: DatabaseArgs, key_arn: pulumi.Input[str] | None) -> dict[str, Any]:
    """Properties of Performance Insights, encrypted with `key_arn`."""
    return {
        "performance_insights_enabled": True,
        "performance_insights_kms_key_id": key_arn,
        "performance_insights_retention_period": args.insights_retention_days,
    }


def kept(args: DatabaseArgs) -> dict[str, Any]:
    """Properties of whatever keeps data: encrypted, backed up, logged, guarded."""
    return {
        "vpc_security_group_ids": args.security_group_ids,
        "storage_encrypted": True,
        "backup_retention_period": args.backup_retention_days,
        "copy_tags_to_snapshot": True,
        "enabled_cloudwatch_logs_exports": args.logs,
        "deletion_protection": args.deletion_protection,
    }


def own(args: OwnDatabaseArgs, subnets: aws.rds.SubnetGroup) -> dict[str, Any]:
    """Properties of an instance or a cluster that is no copy."""
    return {
        **kept(args),
        **insights(args, args.kms_key_arn),
        "engine": args.engine,
        "engine_version": args.engine_version,
        "port": args.facts.port,
        "iam_database_authentication_enabled": args.iam_authentication,
        "db_subnet_group_name": subnets.name,
        "kms_key_id": args.kms_key_arn,
        "delete_automated_backups": False,
        "skip_final_snapshot": False,
        # The subnet group's name is unique; a second database's final snapshot must not meet the first one's.
        "final_snapshot_identifier": pulumi.Output.concat(subnets.name, "-final"),
        "database_insights_mode": args.insights_mode,
        "apply_immediately": args.apply_immediately,
    }


def own_cluster(
    args: OwnDatabaseArgs,
    subnets: aws.rds.SubnetGroup,
    parameters: aws.rds.ClusterParameterGroup,
    secret: DatabaseSecret | None,
) -> dict[str, Any]:
    """Properties of a cluster. Without a secret it takes users and passwords over from the member that writes."""
    return {
        **own(args, subnets),
        "database_name": args.database_name,
        "master_username": secret.username if secret else None,
        "master_password_wo": secret.password if secret else None,
        "master_password_wo_version": WRITTEN if secret else None,
        "db_cluster_parameter_group_name": parameters.name,
        "preferred_backup_window": args.preferred_backup_window,
        "preferred_maintenance_window": args.preferred_maintenance_window,
    }

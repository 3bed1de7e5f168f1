"""The policy of a customer key in one region: who administers it and which AWS services use it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

VIA_SERVICES = (
    "autoscaling",
    "backup",
    "dynamodb",
    "ec2",
    "ecr",
    "elasticache",
    "elasticfilesystem",
    "es",
    "kinesis",
    "lambda",
    "rds",
    "redshift",
    "s3",
    "secretsmanager",
    "sns",
    "sqs",
    "ssm",
)
"""Services that call KMS in the name of a principal of the account, allowed with `kms:ViaService`.
https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service"""

PUBLISHERS = ("logs", "cloudwatch", "events", "backup", "events.rds", "cloudfront", "dsql", "sns", "s3")
"""Services that call KMS in their own name, each with its own statement: `logs` (CloudWatch Logs),
`cloudwatch` (alarms that publish to an encrypted topic), `events` (EventBridge, the same), `backup` (vault
notifications, the same), `events.rds` (RDS event subscriptions, the same), `cloudfront` (origin access control on an encrypted bucket),
`dsql` (clusters of Aurora DSQL), `sns` (topics that deliver to an encrypted queue), `s3` (buckets whose events go to one)."""

_USE = ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"]
_PUBLISH = ["kms:Decrypt", "kms:GenerateDataKey*"]


def _publisher(service: str, region: str, account: str, partition: str) -> dict[str, Any]:
    if service == "logs":
        # https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html
        arn = f"arn:{partition}:logs:{region}:{account}:*"
        return {
            "Sid": "UseByCloudWatchLogs",
            "Effect": "Allow",
            "Principal": {"Service": f"logs.{region}.amazonaws.com"},
            "Action": _USE,
            "Resource": "*",
            "Condition": {"ArnLike": {"kms:EncryptionContext:aws:logs:arn": arn}},
        }
    if service == "cloudfront":
        # https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/private-content-restricting-access-to-s3.html
        arn = f"arn:{partition}:cloudfront::{account}:distribution/*"
        return {
            "Sid": "UseByCloudFront",
            "Effect": "Allow",
            "Principal": {"Service": "cloudfront.amazonaws.com"},
            "Action": ["kms:Decrypt", "kms:Encrypt", "kms:GenerateDataKey*"],
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": arn}},
        }
    if service == "dsql":
        # https://docs.aws.amazon.com/aurora-dsql/latest/userguide/data-encryption.html
        arn = f"arn:{partition}:dsql:{region}:{account}:cluster/*"
        return {
            "Sid": "UseByDsql",
            "Effect": "Allow",
            "Principal": {"Service": "dsql.amazonaws.com"},
            "Action": _USE,
            "Resource": "*",
            "Condition": {"ArnLike": {"aws:SourceArn": arn}},
        }
    statement: dict[str, Any] = {
        "Sid": "PublishBy" + "".join(part.capitalize() for part in service.split(".")),
        "Effect": "Allow",
        "Principal": {"Service": f"{service}.amazonaws.com"},
        "Action": _PUBLISH,
        "Resource": "*",
    }
    if service == "cloudwatch":
        # Only CloudWatch's requests carry the source account: with this condition EventBridge and Backup
        # could not publish.
        # https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html#compatibility-with-aws-services
        statement["Condition"] = {"StringEquals": {"aws:SourceAccount": account}}
    return statement


def key_policy(
    *,
    region: str,
    account: str,
    partition: str,
    via_services: Sequence[str],
    publishers: Sequence[str],
    statements: Sequence[Mapping[str, Any]] = (),
) -> dict[str, Any]:
    """Return the policy document of a key of `account` in `region`.

    The account administers the key, so that IAM policies decide who may use it; the services of
    `via_services` may use it for principals of the account, and grant AWS resources (volumes of an Auto
    Scaling group, for example) its use.
    """
    document: list[Mapping[str, Any]] = [
        {
            "Sid": "AccountAdministration",
            "Effect": "Allow",
            "Principal": {"AWS": f"arn:{partition}:iam::{account}:root"},
            "Action": "kms:*",
            "Resource": "*",
        }
    ]
    if via_services:
        via = {
            "kms:CallerAccount": account,
            "kms:ViaService": [f"{service}.{region}.amazonaws.com" for service in via_services],
        }
        document += [
            {
                "Sid": "UseThroughServices",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": _USE,
                "Resource": "*",
                "Condition": {"StringEquals": via},
            },
            {
                "Sid": "GrantsForServices",
                "Effect": "Allow",
                "Principal": {"AWS": "*"},
                "Action": ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
                "Resource": "*",
                "Condition": {"StringEquals": via, "Bool": {"kms:GrantIsForAWSResource": "true"}},
            },
        ]
    document += [_publisher(service, region, account, partition) for service in publishers]
    return {"Version": "2012-10-17", "Statement": [*document, *statements]}

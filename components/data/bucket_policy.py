"""Bucket policies: TLS only, and what AWS services may write."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.permissions import document

TLS_VERSION_AT_LEAST = 1.2


def tls_only_statements(bucket_arn: pulumi.Input[str]) -> list[dict[str, Any]]:
    """Statements that refuse plain HTTP and old TLS, for whoever writes the bucket's single policy."""
    resources = [bucket_arn, pulumi.Output.concat(bucket_arn, "/*")]
    return [
        {
            "Sid": "TlsOnly",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": resources,
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
        {
            "Sid": "TlsVersion",
            "Effect": "Deny",
            "Principal": "*",
            "Action": "s3:*",
            "Resource": resources,
            "Condition": {"NumericLessThan": {"s3:TlsVersion": f"{TLS_VERSION_AT_LEAST}"}},
        },
    ]


def log_delivery_statements(
    bucket_arn: pulumi.Input[str], writers: Sequence[str], account: pulumi.Input[str]
) -> list[dict[str, Any]]:
    """Statements that let the services in `writers` put logs; the account in the path keeps those of other accounts out.

    Source: https://docs.aws.amazon.com/elasticloadbalancing/latest/application/enable-access-logging.html
    """
    return [
        {
            "Sid": f"LogDelivery{position}",
            "Effect": "Allow",
            "Principal": {"Service": service},
            "Action": "s3:PutObject",
            "Resource": pulumi.Output.concat(bucket_arn, "/AWSLogs/", account, "/*"),
        }
        for position, service in enumerate(writers)
    ]


def bucket_policy(
    name: str,
    bucket: aws.s3.Bucket,
    statements: Sequence[dict[str, Any]],
    *,
    parent: pulumi.Resource,
    after: Sequence[pulumi.Resource],
    region: str | None = None,
) -> aws.s3.BucketPolicy:
    """Create the bucket's single policy."""
    return aws.s3.BucketPolicy(
        f"{name}-policy",
        bucket=bucket.id,
        policy=document(statements),
        region=region,
        # S3 refuses concurrent changes of a bucket's policy and its public access block.
        opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after)),
    )

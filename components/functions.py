"""Functions of this repository that run in AWS Lambda: their log and their code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi
import pulumi_aws as aws

from components.permissions import Statement, allow
from components.tags import Tags


def declare_log(
    name: str, *, days: int, key_arn: pulumi.Input[str], tags: Tags, opts: pulumi.ResourceOptions
) -> aws.cloudwatch.LogGroup:
    """The encrypted log group of a function."""
    return aws.cloudwatch.LogGroup(
        f"{name}-log",
        retention_in_days=days,
        kms_key_id=key_arn,
        tags=tags.resource(f"{name}-log"),
        opts=opts,
    )


def logging_statement(logs: aws.cloudwatch.LogGroup) -> Statement:
    """What lets a role write to that log."""
    return allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.concat(logs.arn, ":*"))


def declare_function(
    name: str,
    *,
    about: str,
    handler: str,
    files: Mapping[str, pulumi.Asset | pulumi.Archive],
    role_arn: pulumi.Input[str],
    logs: aws.cloudwatch.LogGroup,
    log_format: str = "JSON",
    variables: Mapping[str, pulumi.Input[str]],
    timeout: int,
    memory_mib: int,
    reserved: int | None = None,
    key_arn: pulumi.Input[str] | None = None,
    subnet_ids: Sequence[pulumi.Input[str]] = (),
    security_group_ids: Sequence[pulumi.Input[str]] = (),
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> aws.lambda_.Function:
    """The function; `timeout` in seconds, `reserved` executions are kept free for it.

    `key_arn`: customer key of its variables; none: AWS's own. `subnet_ids`, with groups: it runs in the VPC, as whose role must allow.
    """
    return aws.lambda_.Function(
        f"{name}-function",
        description=about,
        runtime=aws.lambda_.Runtime.PYTHON3D13,
        architectures=["arm64"],
        handler=handler,
        code=pulumi.AssetArchive(dict(files)),
        role=role_arn,
        timeout=timeout,
        memory_size=memory_mib,
        reserved_concurrent_executions=reserved,
        environment={"variables": variables},
        kms_key_arn=key_arn,
        logging_config={"log_format": log_format, "log_group": logs.name},
        vpc_config={"subnet_ids": list(subnet_ids), "security_group_ids": list(security_group_ids)}
        if subnet_ids
        else None,
        tags=tags.resource(f"{name}-function"),
        opts=opts,
    )

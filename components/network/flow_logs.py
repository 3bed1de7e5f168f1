"""VPC flow logs to CloudWatch Logs."""

from __future__ import annotations

import pulumi
import pulumi_aws as aws

from components.logs import check_retention
from components.permissions import allow, document
from components.tags import Tags
from components.trust import trust


def validate_retention(days: int) -> None:
    """Raise ArgumentError unless CloudWatch Logs knows that retention."""
    check_retention("flow_log_retention_days", days)


def create_flow_log(
    name: str,
    *,
    region: str,
    vpc_id: pulumi.Input[str],
    retention_days: int,
    key_arn: pulumi.Input[str] | None,
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """Log all traffic of the VPC, each minute; the name of the log group.

    The role is the flow log service's own, for this account alone, and may write to this one group.
    https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs-iam-role.html
    """
    child = f"{name}-flow-logs"
    group = aws.cloudwatch.LogGroup(
        child,
        retention_in_days=retention_days,
        kms_key_id=key_arn,
        tags=tags.resource(child),
        opts=opts,
    )
    role = aws.iam.Role(
        child,
        description="Lets VPC flow logs write to their log group",
        assume_role_policy=trust(
            "vpc-flow-logs.amazonaws.com",
            opts.parent,
            of_account=True,
            source=f"arn:aws:ec2:{region}:{{account}}:vpc-flow-log/*",
        ),
        tags=tags.resource(child),
        opts=opts,
    )
    permissions = aws.iam.RolePolicy(
        child,
        role=role.id,
        policy=document(
            [
                allow(
                    [
                        "logs:CreateLogStream",
                        "logs:DescribeLogGroups",
                        "logs:DescribeLogStreams",
                        "logs:PutLogEvents",
                    ],
                    [group.arn, pulumi.Output.concat(group.arn, ":*")],
                )
            ]
        ),
        opts=opts,
    )
    aws.ec2.FlowLog(
        child,
        vpc_id=vpc_id,
        traffic_type="ALL",
        log_destination_type="cloud-watch-logs",
        log_destination=group.arn,
        iam_role_arn=role.arn,
        max_aggregation_interval=60,
        tags=tags.resource(child),
        # A flow log that starts before its role may write reports "Access error" and stays so for a while.
        opts=pulumi.ResourceOptions.merge(opts, pulumi.ResourceOptions(depends_on=[permissions])),
    )
    return group.name

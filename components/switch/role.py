"""The role that a Region switch plan acts with: what its own steps need, on its own resources."""

from __future__ import annotations

from collections.abc import Iterator

import pulumi
import pulumi_aws as aws

from components.permissions import Statement, allow, document, global_arn
from components.switch.region_switch_args import RegionSwitchArgs
from components.trust import trust

CHILD_ACTIONS = (
    "StartPlanExecution",
    "GetPlanExecution",
    "CancelPlanExecution",
    "UpdatePlanExecution",
    "ListPlanExecutions",
)
OWN_ACTIONS = ("GetPlan", "GetPlanExecution", "ListPlanExecutions")
"""https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_region_switch_complete_policy.html"""


def declare_role(
    name: str, args: RegionSwitchArgs, parent: pulumi.Resource
) -> tuple[aws.iam.Role, aws.iam.RolePolicy]:
    """Declare the role and its policy.

    https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_region_switch_execution_blocks.html
    """
    child = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        name,
        description=f"Lets Region switch run {args.plan_name}",
        # AWS's page on the trust policy of such a role has no condition on account or plan.
        assume_role_policy=trust("arc-region-switch.amazonaws.com"),
        tags=args.tags.resource(name),
        opts=child,
    )
    invoke = pulumi.InvokeOutputOptions(parent=parent)
    account = aws.get_caller_identity_output(opts=invoke).account_id
    partition = aws.get_partition_output(opts=invoke).partition

    def arn(service: str, rest: str) -> pulumi.Output[str]:
        return pulumi.Output.concat("arn:", partition, f":{service}::", account, f":{rest}")

    own = arn("arc-region-switch", f"plan/{args.plan_name}:*")
    statements = [
        allow("iam:SimulatePrincipalPolicy", role.arn),
        allow([f"arc-region-switch:{action}" for action in OWN_ACTIONS], own),
        *_moving(args, partition, account),
        *_reporting(args, partition),
    ]
    policy = aws.iam.RolePolicy(
        f"{name}-policy",
        role=role.id,
        policy=document(statements),
        opts=child,
    )
    return role, policy


def _moving(
    args: RegionSwitchArgs, partition: pulumi.Output[str], account: pulumi.Output[str]
) -> Iterator[Statement]:
    """For the steps. The `Describe` actions know no resource."""
    if args.groups:
        yield allow("autoscaling:DescribeAutoScalingGroups", "*")
        yield allow("autoscaling:UpdateAutoScalingGroup", list(args.groups.values()))
    if args.services:
        yield from _scaling(args)
    if args.database:
        yield allow(["rds:DescribeGlobalClusters", "rds:DescribeDBClusters"], "*")
        whole = global_arn(partition, account, "rds", "global-cluster", args.database.identifier)
        clusters = list(args.database.cluster_arns.values())
        yield allow(["rds:FailoverGlobalCluster", "rds:SwitchoverGlobalCluster"], [whole, *clusters])
    if args.stores:
        # https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_region_switch_lambda.html
        functions = list(args.stores.function_arns.values())
        yield allow(["lambda:GetFunction", "lambda:InvokeFunction"], functions)
    if args.traffic:
        zone = pulumi.Output.concat("arn:", partition, ":route53:::hostedzone/", args.traffic.zone_id)
        yield allow("route53:ListResourceRecordSets", zone)
    if args.children:
        yield allow([f"arc-region-switch:{action}" for action in CHILD_ACTIONS], list(args.children))


def _scaling(args: RegionSwitchArgs) -> Iterator[Statement]:
    """For tasks: https://docs.aws.amazon.com/r53recovery/latest/dg/security_iam_region_switch_ecs.html."""
    services = [arn for pair in args.services for arn in pair.service_arns.values()]
    clusters = [arn for pair in args.services for arn in pair.cluster_arns.values()]
    yield allow(["ecs:DescribeServices", "ecs:UpdateService"], services)
    yield allow("ecs:DescribeClusters", clusters)
    # These know no resource, or one whose id only AWS knows.
    yield allow(["ecs:ListServices", "cloudwatch:GetMetricStatistics"], "*")
    scalable = ("RegisterScalableTarget", "DescribeScalableTargets")
    yield allow([f"application-autoscaling:{each}" for each in scalable], "*")


def _reporting(args: RegionSwitchArgs, partition: pulumi.Output[str]) -> Iterator[Statement]:
    """For the alarms that it reads and the report that it writes."""
    starts = [*args.trigger.red.values(), *args.trigger.green.values()] if args.trigger else []
    alarms = [*args.health.values(), *starts]
    if alarms:
        yield allow(["cloudwatch:DescribeAlarms", "cloudwatch:DescribeAlarmHistory"], alarms)
    if args.report:
        yield allow(
            "s3:PutObject", pulumi.Output.concat("arn:", partition, ":s3:::", args.report.bucket, "/*")
        )
        if args.report.key_arn is not None:
            yield allow(["kms:GenerateDataKey", "kms:Encrypt"], args.report.key_arn)

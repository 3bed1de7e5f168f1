"""The two roles of a container service: what starts its tasks, and what the containers themselves may do."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pulumi
import pulumi_aws as aws

from components.compute.container_args import ContainerServiceArgs
from components.outputs import once
from components.permissions import allow, document
from components.trust import trust

BALANCING_POLICY = "AmazonECSInfrastructureRolePolicyForLoadBalancers"
LATTICE_POLICY = "AmazonECSInfrastructureRolePolicyForVpcLattice"
_PULL = ("ecr:BatchCheckLayerAvailability", "ecr:BatchGetImage", "ecr:GetDownloadUrlForLayer")


def _trust(parent: pulumi.Resource) -> pulumi.Output[str]:
    """Only ECS tasks of this account and region.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html
    """
    invoke = pulumi.InvokeOutputOptions(parent=parent)
    account = aws.get_caller_identity_output(opts=invoke).account_id
    region = aws.get_region_output(opts=invoke).region
    partition = aws.get_partition_output(opts=invoke).partition
    source = pulumi.Output.concat("arn:", partition, ":ecs:", region, ":", account, ":*")
    condition = {"StringEquals": {"aws:SourceAccount": account}, "ArnLike": {"aws:SourceArn": source}}
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "ecs-tasks.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": condition,
    }
    return document([statement])


def _role(
    name: str,
    about: str,
    args: ContainerServiceArgs,
    statements: Sequence[Any],
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """A role and its policy; its ARN, known when the policy stands too."""
    own = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        name, description=about, assume_role_policy=_trust(parent), tags=args.tags.resource(name), opts=own
    )
    if not statements:
        return role.arn
    policy = aws.iam.RolePolicy(name, role=role.name, policy=document(statements), opts=own)
    # A task that starts before its role may pull and log fails, and `depends_on` does not reach awsx's children.
    return once(role.arn, policy.id)


def execution_role(
    name: str, args: ContainerServiceArgs, log_group_arn: pulumi.Input[str], parent: pulumi.Resource
) -> pulumi.Output[str]:
    """Declare the role that starts tasks: it pulls this image, writes these logs, reads these secrets, and nothing else.

    AWS's own policy for it lets it do so with every repository and log group of the account.
    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html
    """
    statements: list[Any] = [
        allow(["logs:CreateLogStream", "logs:PutLogEvents"], pulumi.Output.concat(log_group_arn, ":*"))
    ]
    if args.repository_arn is not None:
        statements += [
            # A token belongs to no repository: AWS allows no resource here.
            allow("ecr:GetAuthorizationToken", "*"),
            allow(list(_PULL), args.repository_arn),
        ]
    if args.secrets:
        statements.append(allow("secretsmanager:GetSecretValue", list(args.secrets.values())))
    if args.secret_key_arns:
        statements.append(allow("kms:Decrypt", list(args.secret_key_arns)))
    return _role(f"{name}-execution", f"Starts tasks of {name}", args, statements, parent)


def task_role(name: str, args: ContainerServiceArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    """Declare the role of the containers: nothing but the statements given."""
    channel = [
        f"ssmmessages:{each}Channel" for each in ("CreateControl", "CreateData", "OpenControl", "OpenData")
    ]
    # Channels of a session know no resource: https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
    session = [allow(channel, "*"), allow("kms:Decrypt", args.key_arn)] if args.execute_command else []
    if args.execute_command:
        session += [
            allow("logs:DescribeLogGroups", "*"),
            allow(["logs:CreateLogStream", "logs:DescribeLogStreams", "logs:PutLogEvents"], _commands(args)),
        ]
    return _role(f"{name}-task", f"Containers of {name}", args, [*args.statements, *session], parent)


def _commands(args: ContainerServiceArgs) -> pulumi.Output[str]:
    return pulumi.Output.concat(args.command_log_arn or "", ":*")


def balancing_role(name: str, args: ContainerServiceArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    """Declare the role by which ECS moves a rule's requests between target groups as it deploys.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/AmazonECSInfrastructureRolePolicyForLoadBalancers.html
    """
    about = f"Moves requests to {name} as ECS deploys it"
    return _infrastructure_role(f"{name}-balancing", about, BALANCING_POLICY, args, parent)


def lattice_role(name: str, args: ContainerServiceArgs, parent: pulumi.Resource) -> pulumi.Output[str]:
    """Declare the role by which ECS registers tasks with VPC Lattice.

    https://docs.aws.amazon.com/AmazonECS/latest/developerguide/infrastructure_IAM_role.html
    """
    about = f"Registers tasks of {name} with VPC Lattice"
    return _infrastructure_role(f"{name}-lattice", about, LATTICE_POLICY, args, parent)


def _infrastructure_role(
    child: str, about: str, managed: str, args: ContainerServiceArgs, parent: pulumi.Resource
) -> pulumi.Output[str]:
    """A role of ECS itself with one of AWS's own policies."""
    own = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        child,
        description=about,
        assume_role_policy=trust("ecs.amazonaws.com", parent),
        tags=args.tags.resource(child),
        opts=own,
    )
    partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=parent)).partition
    policy = pulumi.Output.concat("arn:", partition, f":iam::aws:policy/{managed}")
    attached = aws.iam.RolePolicyAttachment(child, role=role.name, policy_arn=policy, opts=own)
    return once(role.arn, attached.id)

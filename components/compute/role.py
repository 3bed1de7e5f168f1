"""The instances' role: Session Manager instead of SSH, and whatever statements are added."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.compute.args import ServerArgs
from components.permissions import document
from components.trust import trust

SESSION_MANAGER = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
"""https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html"""


@dataclass(frozen=True)
class InstanceRole:
    """A role, its profile, and the policies that instances must find in place when they start."""

    role: aws.iam.Role
    profile: aws.iam.InstanceProfile
    policies: list[pulumi.Resource]


def instance_role(name: str, args: ServerArgs, parent: pulumi.Resource) -> InstanceRole:
    """Declare the role of instances."""
    own = pulumi.ResourceOptions(parent=parent)
    role = aws.iam.Role(
        f"{name}-role",
        assume_role_policy=trust("ec2.amazonaws.com"),
        description=f"Instances of {name}",
        tags=args.tags.resource(f"{name}-role"),
        opts=own,
    )
    policies: list[pulumi.Resource] = [
        aws.iam.RolePolicyAttachment(
            f"{name}-session-manager", role=role.name, policy_arn=SESSION_MANAGER, opts=own
        )
    ]
    if args.statements:
        policy = document(args.statements)
        policies.append(aws.iam.RolePolicy(f"{name}-policy", role=role.name, policy=policy, opts=own))
    profile = aws.iam.InstanceProfile(
        f"{name}-profile", role=role.name, tags=args.tags.resource(f"{name}-profile"), opts=own
    )
    return InstanceRole(role=role, profile=profile, policies=policies)

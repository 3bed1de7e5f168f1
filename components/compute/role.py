"""The instances' role: Session Manager instead of SSH, and whatever statements are added."""

from __future__ import annotations

from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.compute.args import ServerArgs
from components.permissions import document
from components.tags import Tags
from components.trust import trust

SESSION_MANAGER = "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore"
"""https://docs.aws.amazon.com/systems-manager/latest/userguide/setup-instance-permissions.html"""


@dataclass(frozen=True)
class InstanceRole:
    """A role, its profile, and the policies that instances must find in place when they start."""

    role: aws.iam.Role
    profile: aws.iam.InstanceProfile
    policies: list[pulumi.Resource]


def role_and_profile(
    name: str, tags: Tags, own: pulumi.ResourceOptions
) -> tuple[aws.iam.Role, aws.iam.InstanceProfile]:
    """Declare a role that instances take, and the profile by which they do."""
    role = aws.iam.Role(
        f"{name}-role",
        assume_role_policy=trust("ec2.amazonaws.com"),
        description=f"Instances of {name}",
        tags=tags.resource(f"{name}-role"),
        opts=own,
    )
    profile = aws.iam.InstanceProfile(
        f"{name}-profile", role=role.name, tags=tags.resource(f"{name}-profile"), opts=own
    )
    return role, profile


def instance_role(name: str, args: ServerArgs, parent: pulumi.Resource) -> InstanceRole:
    """Declare the role of instances."""
    own = pulumi.ResourceOptions(parent=parent)
    role, profile = role_and_profile(name, args.tags, own)
    policies: list[pulumi.Resource] = [
        aws.iam.RolePolicyAttachment(
            f"{name}-session-manager", role=role.name, policy_arn=SESSION_MANAGER, opts=own
        )
    ]
    if args.statements:
        policy = document(args.statements)
        policies.append(aws.iam.RolePolicy(f"{name}-policy", role=role.name, policy=policy, opts=own))
    return InstanceRole(role=role, profile=profile, policies=policies)

"""Roles that have one policy of their own, or policies that AWS manages."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components import outputs
from components.permissions import Statement, document
from components.tags import Tags


def role_with_policy(
    name: str,
    statements: Sequence[Statement],
    *,
    policy: str,
    about: str,
    trusted: pulumi.Output[str],
    tags: Tags,
    opts: pulumi.ResourceOptions,
) -> pulumi.Output[str]:
    """A role and what it may do, in a policy of the name `policy`. Its ARN, known when the policy stands too."""
    role = aws.iam.Role(
        name, description=about, assume_role_policy=trusted, tags=tags.resource(name), opts=opts
    )
    own = aws.iam.RolePolicy(policy, role=role.id, policy=document(statements), opts=opts)
    return outputs.once(role.arn, own.id)


def attached(
    name: str, role: aws.iam.Role, policies: Sequence[str], parent: pulumi.Resource
) -> pulumi.Output[str]:
    """The ARN of the role, known when these policies that AWS manages, by path and name, are attached to it."""
    if not policies:
        return role.arn
    partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=parent)).partition
    made = [
        aws.iam.RolePolicyAttachment(
            f"{name}-{policy.rpartition('/')[2]}",
            role=role.name,
            policy_arn=pulumi.Output.concat("arn:", partition, ":iam::aws:policy/", policy),
            opts=pulumi.ResourceOptions(parent=parent),
        )
        for policy in policies
    ]
    return outputs.once(role.arn, *(each.id for each in made))

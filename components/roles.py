"""Roles that have one policy of their own."""

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

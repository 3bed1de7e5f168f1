"""Roles of a cluster: those of AWS's managed policies, and those that pods take by Pod Identity."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi
import pulumi_aws as aws

from components.outputs import once
from components.permissions import Statement, document
from components.roles import attached
from components.tags import Tags
from components.trust import trust

PODS = "pods.eks.amazonaws.com"
CAPABILITIES = "capabilities.eks.amazonaws.com"
TAGGING = ("sts:AssumeRole", "sts:TagSession")


def managed_role(
    name: str,
    about: str,
    service: str,
    policies: Sequence[str],
    *,
    tags: Tags,
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """A role of a service with policies that AWS manages, by their names. Its ARN, known when they are attached."""
    role = aws.iam.Role(
        name,
        description=about,
        assume_role_policy=trust(service),
        tags=tags.resource(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return attached(name, role, policies, parent)


def pod_role(
    name: str,
    about: str,
    *,
    cluster_arn: pulumi.Input[str],
    namespace: str,
    service_account: str,
    policies: Sequence[str] = (),
    policy_arns: Sequence[str] = (),
    statements: Sequence[Statement] = (),
    tags: Tags,
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """A role that only pods of that service account of that cluster take. Its ARN, known when its policies stand.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-id-role.html
    """
    condition = {
        "StringEquals": {
            "aws:RequestTag/eks-cluster-arn": cluster_arn,
            "aws:RequestTag/kubernetes-namespace": namespace,
            "aws:RequestTag/kubernetes-service-account": service_account,
        }
    }
    role = aws.iam.Role(
        name,
        description=about,
        assume_role_policy=tagging_trust(PODS, condition),
        tags=tags.resource(name),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    own = pulumi.ResourceOptions(parent=parent)
    more = [
        aws.iam.RolePolicyAttachment(
            f"{name}-{arn.rpartition('/')[2]}", role=role.name, policy_arn=arn, opts=own
        )
        for arn in policy_arns
    ]
    found = once(attached(name, role, policies, parent), *(each.id for each in more))
    if not statements:
        return found
    policy = aws.iam.RolePolicy(name, role=role.name, policy=document(statements), opts=own)
    return once(found, policy.id)


def tagging_trust(
    service: str, condition: dict[str, dict[str, pulumi.Input[str]]] | None
) -> pulumi.Output[str]:
    """Trust in a service that takes a role with tags of the session."""
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": list(TAGGING)}
    return document([{**statement, "Condition": condition} if condition else statement])

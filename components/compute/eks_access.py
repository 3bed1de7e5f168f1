"""Who may do what in a cluster: access entries, and roles that pods take."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import need, one_of
from components.compute.eks_roles import pod_role
from components.outputs import once
from components.permissions import Statement, allow
from components.tags import Tags

POLICIES = {
    "cluster-admin": "AmazonEKSClusterAdminPolicy",
    "admin": "AmazonEKSAdminPolicy",
    "edit": "AmazonEKSEditPolicy",
    "view": "AmazonEKSViewPolicy",
    "admin-view": "AmazonEKSAdminViewPolicy",
}
"""What an entry may do, in AWS's own policies: https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html"""
WHOLE = ("cluster-admin", "admin-view")
"""Those that hold for the whole cluster only."""


@dataclass(frozen=True, kw_only=True)
class Access:
    """What a role may do in a cluster."""

    principal_arn: pulumi.Input[str]
    policy: str
    """One of `POLICIES`."""
    namespaces: Sequence[str] = ()
    """None: all."""

    def check(self) -> None:
        """Raise ArgumentError for what can't be."""
        one_of("policy", self.policy, tuple(POLICIES))
        whole = self.policy not in WHOLE or not self.namespaces
        allowed = f"none with {self.policy}, which holds for the whole cluster"
        need(whole, "namespaces", ", ".join(self.namespaces), allowed)


def associated(
    name: str,
    cluster_name: pulumi.Input[str],
    access: Access,
    *,
    after: Sequence[pulumi.Resource],
    parent: pulumi.Resource,
) -> None:
    """Give a principal that has an entry the right."""
    partition = aws.get_partition_output(opts=pulumi.InvokeOutputOptions(parent=parent)).partition
    policy = POLICIES[access.policy]
    aws.eks.AccessPolicyAssociation(
        name,
        cluster_name=cluster_name,
        principal_arn=access.principal_arn,
        policy_arn=pulumi.Output.concat("arn:", partition, f":eks::aws:cluster-access-policy/{policy}"),
        access_scope={
            "type": "namespace" if access.namespaces else "cluster",
            "namespaces": sorted(access.namespaces) or None,
        },
        opts=pulumi.ResourceOptions(parent=parent, depends_on=list(after)),
    )


def entry(
    name: str, cluster_name: pulumi.Input[str], access: Access, *, tags: Tags, parent: pulumi.Resource
) -> None:
    """An access entry and what it may do. Nobody is let in by a ConfigMap.

    https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
    """
    made = aws.eks.AccessEntry(
        f"{name}-entry",
        cluster_name=cluster_name,
        principal_arn=access.principal_arn,
        type="STANDARD",
        tags=tags.resource(f"{name}-entry"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    associated(f"{name}-policy", cluster_name, access, after=[made], parent=parent)


def workload(
    name: str,
    cluster_name: pulumi.Input[str],
    cluster_arn: pulumi.Input[str],
    *,
    namespace: str,
    service_account: str,
    secrets: Sequence[str] = (),
    secret_keys: Sequence[str] = (),
    policy_arns: Sequence[str] = (),
    tags: Tags,
    parent: pulumi.Resource,
) -> pulumi.Output[str]:
    """A role for pods of a service account, and its association. Its ARN; pods read those secrets, and do what those policies allow.

    https://docs.aws.amazon.com/eks/latest/userguide/pod-identities.html
    """
    reads: list[Statement] = []
    if secrets:
        reads.append(
            allow(["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], sorted(secrets))
        )
    if secret_keys:
        reads.append(allow("kms:Decrypt", sorted(secret_keys)))
    role = pod_role(
        f"{name}-pods",
        f"Pods of {namespace}/{service_account}",
        cluster_arn=cluster_arn,
        namespace=namespace,
        service_account=service_account,
        policy_arns=policy_arns,
        statements=reads,
        tags=tags,
        parent=parent,
    )
    made = aws.eks.PodIdentityAssociation(
        f"{name}-identity",
        cluster_name=cluster_name,
        namespace=namespace,
        service_account=service_account,
        role_arn=role,
        tags=tags.resource(f"{name}-identity"),
        opts=pulumi.ResourceOptions(parent=parent),
    )
    return once(role, made.id)

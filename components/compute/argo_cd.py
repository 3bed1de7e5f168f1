"""Argo CD as a capability of EKS: it runs at AWS, and brings a cluster to what a repository says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws

from components.checks import each_once, need, one_of
from components.compute.eks_access import Access, associated
from components.compute.eks_roles import CAPABILITIES, tagging_trust
from components.options import handed_down
from components.outputs import register
from components.permissions import Statement, allow, document
from components.tags import Tags

NAMESPACE = "argocd"
ROLES = ("ADMIN", "EDITOR", "VIEWER")


@dataclass(frozen=True, kw_only=True)
class ArgoCdArgs:
    """What the capability needs."""

    tags: Tags
    cluster_name: pulumi.Input[str]
    identity_center_arn: str
    """Instance of IAM Identity Center, by which people sign in: there are no local users."""
    identity_center_region: str | None = None
    """None: the cluster's."""
    people: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """By role (ADMIN, EDITOR, VIEWER): ids of groups of Identity Center."""
    namespaces: Sequence[str] = ()
    """Where it may deploy. None: anywhere, and what belongs to no namespace too."""
    credentials_arn: str | None = None
    """Secret of Secrets Manager with which it reads the repository. None: the repository is public, or AWS's own."""

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
        for role, groups in self.people.items():
            one_of("people", role, ROLES)
            need(bool(groups), f"people.{role}", "nobody", "ids of groups")
        each_once("people", [each for groups in self.people.values() for each in groups])


class ArgoCd(pulumi.ComponentResource):
    """The managed capability: AWS runs and patches it, also where a cluster has no nodes and no public endpoint.

    It may read all of the cluster, and write where it deploys.

    Creates: role, capability, its rights in the cluster. Survives: an instance and a zone. Costs: by the hour and by application.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/argocd.html,
    https://docs.aws.amazon.com/eks/latest/userguide/argocd-register-clusters.html
    """

    arn: pulumi.Output[str]

    def __init__(self, name: str, args: ArgoCdArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:compute:ArgoCd", name, {}, handed_down(opts))
        own = pulumi.ResourceOptions(parent=self)
        role = aws.iam.Role(
            f"{name}-role",
            description=f"Argo CD of {name}",
            assume_role_policy=tagging_trust(CAPABILITIES, None),
            tags=args.tags.resource(f"{name}-role"),
            opts=own,
        )
        before: list[pulumi.Resource] = []
        if statements := _reading(args.credentials_arn):
            before = [
                aws.iam.RolePolicy(
                    f"{name}-repository", role=role.name, policy=document(statements), opts=own
                )
            ]
        capability = aws.eks.Capability(
            f"{name}-capability",
            cluster_name=args.cluster_name,
            capability_name="argocd",
            type="ARGOCD",
            role_arn=role.arn,
            delete_propagation_policy="RETAIN",
            configuration={
                "argo_cd": {
                    "namespace": NAMESPACE,
                    "aws_idc": {
                        "idc_instance_arn": args.identity_center_arn,
                        "idc_region": args.identity_center_region,
                    },
                    "rbac_role_mappings": [
                        {
                            "role": each,
                            "identities": [{"id": group, "type": "SSO_GROUP"} for group in groups],
                        }
                        for each, groups in sorted(args.people.items())
                    ],
                }
            },
            tags=args.tags.resource(f"{name}-capability"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=before),
        )
        for what, access in _rights(role.arn, args.namespaces).items():
            # EKS makes the entry together with the capability.
            associated(f"{name}-{what}", args.cluster_name, access, after=[capability], parent=self)
        self.arn = capability.arn
        register(self, "arn")


def _reading(secret: str | None) -> list[Statement]:
    if secret is None:
        return []
    return [allow(["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"], secret)]


def _rights(role_arn: pulumi.Input[str], namespaces: Sequence[str]) -> dict[str, Access]:
    if not namespaces:
        return {"deploys": Access(principal_arn=role_arn, policy="cluster-admin")}
    return {
        "reads": Access(principal_arn=role_arn, policy="admin-view"),
        "deploys": Access(principal_arn=role_arn, policy="edit", namespaces=namespaces),
    }

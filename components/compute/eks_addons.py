"""Add-ons of a cluster: what EKS installs and keeps in it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import need, one_of
from components.compute.eks_roles import pod_role
from components.options import handed_down
from components.outputs import once
from components.permissions import Statement, allow
from components.tags import Tags

NAMESPACE = "kube-system"
DEFAULT = "default"
"""In place of a version: the one that EKS takes for the cluster's version of Kubernetes."""
VERSION = re.compile(r"v\d+\.\d+\.\d+-eksbuild\.\d+", re.ASCII)


@dataclass(frozen=True, kw_only=True)
class Addon:
    """What is known of an add-on."""

    on_nodes: bool = False
    """Whether it has pods of a Deployment, which need nodes: without any EKS would call it degraded, and `up` would wait in vain."""
    service_account: str = ""
    """Of its pods that call AWS, in kube-system; none do: empty."""
    policy: str = ""
    """AWS's managed policy for those."""
    encrypts: bool = False
    """Whether they use the customer key."""


POD_IDENTITY = "eks-pod-identity-agent"
SECRETS = "aws-secrets-store-csi-driver-provider"
ADDONS: Mapping[str, Addon] = {
    "vpc-cni": Addon(service_account="aws-node", policy="AmazonEKS_CNI_Policy"),
    "kube-proxy": Addon(),
    POD_IDENTITY: Addon(),
    "coredns": Addon(on_nodes=True),
    "metrics-server": Addon(on_nodes=True),
    "eks-node-monitoring-agent": Addon(),
    SECRETS: Addon(),
    "aws-ebs-csi-driver": Addon(
        on_nodes=True,
        service_account="ebs-csi-controller-sa",
        policy="service-role/AmazonEBSCSIDriverPolicy",
        encrypts=True,
    ),
    "aws-efs-csi-driver": Addon(
        on_nodes=True,
        service_account="efs-csi-controller-sa",
        policy="service-role/AmazonEFSCSIDriverPolicy",
    ),
    "snapshot-controller": Addon(on_nodes=True),
    "amazon-cloudwatch-observability": Addon(
        on_nodes=True, service_account="cloudwatch-agent", policy="CloudWatchAgentServerPolicy"
    ),
}
"""Those that are known, by name.
https://docs.aws.amazon.com/eks/latest/userguide/workloads-add-ons-available-eks.html"""
ALWAYS = (
    "vpc-cni", "kube-proxy", POD_IDENTITY, "coredns", "metrics-server", "eks-node-monitoring-agent",
)  # fmt: skip
"""Without them a cluster has no network, no names, no roles of pods, no scaling of pods, or nodes whose failure is seen late."""


@dataclass(frozen=True, kw_only=True)
class EksAddonsArgs:
    """What the add-ons of a cluster need."""

    tags: Tags
    cluster_name: pulumi.Input[str]
    cluster_arn: pulumi.Input[str]
    key_arn: pulumi.Input[str]
    """Customer key of volumes that an add-on makes."""
    versions: Mapping[str, str]
    """By add-on: `default`, or one such as v1.12.4-eksbuild.1."""

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
        for name, version in self.versions.items():
            one_of("versions", name, tuple(ADDONS))
            fits = version == DEFAULT or VERSION.fullmatch(version) is not None
            need(fits, f"versions.{name}", repr(version), "default, or a version such as v1.12.4-eksbuild.1")


class EksAddons(pulumi.ComponentResource):
    """Add-ons, each with a role of its own where it calls AWS: pods take it by Pod Identity, and nodes need no right for it.

    Creates: add-ons, roles. Survives: what the cluster does. Costs: none.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/eks-add-ons.html
    """

    ready: pulumi.Output[str]
    """The cluster's name, known when all of them are there."""

    def __init__(self, name: str, args: EksAddonsArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:compute:EksAddons", name, {}, handed_down(opts))
        made = [self._addon(name, each, version, args) for each, version in args.versions.items()]
        self.ready = once(args.cluster_name, *(each.id for each in made))
        self.register_outputs({"ready": self.ready})

    def _addon(self, name: str, each: str, version: str, args: EksAddonsArgs) -> aws.eks.Addon:
        known = ADDONS[each]
        return aws.eks.Addon(
            f"{name}-{each}",
            cluster_name=args.cluster_name,
            addon_name=each,
            addon_version=None if version == DEFAULT else version,
            # A new cluster has its own network, names and proxy already: the add-on takes them over.
            resolve_conflicts_on_create="OVERWRITE",
            resolve_conflicts_on_update="OVERWRITE",
            pod_identity_associations=self._identity(name, each, known, args),
            tags=args.tags.resource(f"{name}-{each}"),
            opts=pulumi.ResourceOptions(parent=self),
        )

    def _identity(
        self, name: str, each: str, known: Addon, args: EksAddonsArgs
    ) -> list[aws.eks.AddonPodIdentityAssociationArgs] | None:
        if not known.service_account:
            return None
        # By the account: an add-on's own name may be too long for a role's.
        role = pod_role(
            f"{name}-{known.service_account}",
            f"Add-on {each} of {name}",
            cluster_arn=args.cluster_arn,
            namespace=NAMESPACE,
            service_account=known.service_account,
            policies=[known.policy],
            statements=_encrypting(args.key_arn) if known.encrypts else [],
            tags=args.tags,
            parent=self,
        )
        return [aws.eks.AddonPodIdentityAssociationArgs(role_arn=role, service_account=known.service_account)]


def _encrypting(key_arn: pulumi.Input[str]) -> Sequence[Statement]:
    """https://docs.aws.amazon.com/eks/latest/userguide/ebs-csi.html."""
    return [
        allow(["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*"], key_arn),
        allow("kms:CreateGrant", key_arn, {"Bool": {"kms:GrantIsForAWSResource": "true"}}),
    ]


def ordered(versions: Mapping[str, str], *, nodes: bool) -> tuple[dict[str, str], dict[str, str]]:
    """Those that nodes find when they join, and those that need nodes: the latter none where no node runs."""
    before = {each: said for each, said in versions.items() if not ADDONS[each].on_nodes}
    after = {each: said for each, said in versions.items() if ADDONS[each].on_nodes and nodes}
    return before, after

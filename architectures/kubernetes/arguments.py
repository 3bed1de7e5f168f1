"""What the components of a system on Kubernetes are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.kubernetes import names
from architectures.kubernetes.sections import Cluster, Entry, GitOps, NodeGroup, Workload
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.stack import Stack
from components.compute import (
    Access,
    ArgoCdArgs,
    EksAddonsArgs,
    EksClusterArgs,
    EksNodesArgs,
    Size,
    standby_size,
    statically_stable_size,
)
from components.compute.eks_addons import ALWAYS, DEFAULT, SECRETS
from components.edge import TargetArgs
from components.network import SecurityGroupChainArgs, Tier
from components.tags import Tags

CLUSTER_KEYS = {
    "version": "cluster.version",
    "public_cidrs": "cluster.publicCidrs",
    "log_retention_days": "cluster.logRetentionDays",
    "cluster_name": "",
}
"""Argument of a cluster that a setting decides -> key within the system."""
NODE_KEYS = {
    "instance_types": "instanceTypes",
    "most": "maximumNodes",
    "disk_gib": "diskGib",
}
"""The same of a node group, within its section."""
PORTS = (30_000, 32_767)
"""What Kubernetes gives a service on its nodes.
https://kubernetes.io/docs/concepts/services-networking/service/#type-nodeport"""


def cluster(
    given: Cluster,
    name: str,
    stack: Stack,
    *,
    subnet_ids: Mapping[str, pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    tags: Tags,
) -> EksClusterArgs:
    """The arguments of the cluster."""
    return EksClusterArgs(
        tags=tags,
        cluster_name=stack.named(name),
        version=given.version,
        subnet_ids=subnet_ids,
        key_arn=key_arn,
        public_cidrs=given.public_cidrs,
        extended_support=given.extended_support,
        log_retention_days=given.log_retention_days,
        deletion_protection=stack.protect,
    )


def full_size(given: NodeGroup, stack: Stack) -> Size:
    """The nodes that carry the whole load, with a zone lost."""
    return statically_stable_size(given.required_nodes, len(stack.zones))


def running(given: NodeGroup, stack: Stack, share: float) -> int:
    """Nodes that run in the region: that share of those."""
    return standby_size(full_size(given, stack), share).total


def nodes(
    given: NodeGroup,
    *,
    tags: Tags,
    running: int,
    cluster_name: pulumi.Input[str],
    version: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    security_group_ids: Sequence[pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    target_group_arn: pulumi.Input[str] | None,
    check: Mapping[str, int] | None,
) -> EksNodesArgs:
    """The arguments of a node group."""
    return EksNodesArgs(
        tags=tags,
        cluster_name=cluster_name,
        version=version,
        subnet_ids=subnet_ids,
        security_group_ids=security_group_ids,
        key_arn=key_arn,
        instance_types=given.instance_types,
        required=given.required_nodes,
        running=running,
        most=given.maximum_nodes,
        target_group_arn=target_group_arn,
        check=check,
        image=given.image,
        release=given.release,
        disk_gib=given.disk_gib,
        labels=given.labels,
    )


def placeholder_nodes(given: NodeGroup, stack: Stack) -> EksNodesArgs:
    """The same for its checks, at the size of a region that serves."""
    return nodes(
        given,
        tags=PLACEHOLDER_TAGS,
        running=full_size(given, stack).total,
        cluster_name=PLACEHOLDER,
        version=PLACEHOLDER,
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
        security_group_ids=[PLACEHOLDER],
        key_arn=PLACEHOLDER,
        target_group_arn=None,
        check=None,
    )


def versions(given: Mapping[str, str], workloads: Collection[Workload]) -> dict[str, str]:
    """The version of each add-on: those that every cluster needs, what workloads need, and what the settings name."""
    needed = [*ALWAYS, *([SECRETS] if any(each.secrets for each in workloads) else [])]
    return {**dict.fromkeys(needed, DEFAULT), **given}


def addons(
    given: Mapping[str, str],
    *,
    cluster_name: pulumi.Input[str],
    cluster_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    tags: Tags,
) -> EksAddonsArgs:
    """The arguments of these add-ons."""
    return EksAddonsArgs(
        tags=tags, cluster_name=cluster_name, cluster_arn=cluster_arn, key_arn=key_arn, versions=given
    )


def access(given: Entry) -> Access:
    """What an entry says."""
    return Access(principal_arn=given.role, policy=given.policy, namespaces=given.namespaces)


def argo_cd(
    given: GitOps,
    identity_center: str,
    namespaces: Sequence[str],
    *,
    cluster_name: pulumi.Input[str],
    tags: Tags,
) -> ArgoCdArgs:
    """The arguments of the managed capability."""
    return ArgoCdArgs(
        tags=tags,
        cluster_name=cluster_name,
        identity_center_arn=identity_center,
        identity_center_region=given.identity_center_region,
        people={role.upper(): groups for role, groups in given.people.items()},
        namespaces=() if given.everywhere else namespaces,
        credentials_arn=given.credentials,
    )


def groups(
    node_port: int, *, vpc_id: pulumi.Input[str], ingress_cidrs: Sequence[str], tags: Tags
) -> SecurityGroupChainArgs:
    """The arguments of the security groups."""
    return SecurityGroupChainArgs(
        vpc_id=vpc_id,
        tiers=[Tier(name=names.NODES, port=node_port)],
        ingress_cidrs=ingress_cidrs,
        tags=tags,
    )


def target(node_port: int, health_path: str) -> TargetArgs:
    """The target group: nodes, by the port that the front's service has on each of them."""
    return TargetArgs(port=node_port, health_path=health_path)

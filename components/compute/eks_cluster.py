"""A Kubernetes cluster on EKS: its API server, who may reach it, and what it logs."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pulumi
import pulumi_aws as aws

from components.checks import at_least, each_once, need
from components.compute.eks_roles import managed_role
from components.logs import check_retention
from components.options import handed_down
from components.outputs import register
from components.tags import Tags

LOGS = ("api", "audit", "authenticator", "controllerManager", "scheduler")
"""Every log of the control plane.
https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html"""
VERSION = re.compile(r"1\.\d{2}", re.ASCII)
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,99}", re.ASCII)
_INSIDE = [
    ipaddress.IPv4Network(each) for each in ("10.0.0.0/8", "100.64.0.0/10", "172.16.0.0/12", "192.168.0.0/16")
]
"""Networks that nobody outside has: https://www.rfc-editor.org/rfc/rfc6890."""
_PUBLIC_CIDRS = 40
"""https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html"""


@dataclass(frozen=True, kw_only=True)
class EksClusterArgs:
    """What a cluster needs."""

    tags: Tags
    cluster_name: str
    """Unique in the account's region: 1 to 100 letters, digits, hyphens and underscores."""
    version: str
    """Minor version of Kubernetes, as in `1.35`. One step up at a time; never back."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone id to private subnet, in which the control plane has its network interfaces; two zones or more."""
    key_arn: pulumi.Input[str]
    """Customer key of Kubernetes' secrets and of the log. Its policy must let CloudWatch Logs of the region use it."""
    public_cidrs: Sequence[str] = ()
    """Networks that may reach the API server from outside the VPC. None: it has a private endpoint alone."""
    extended_support: bool = False
    """Whether the cluster stays at its version, for a higher fee, when standard support ends; else EKS takes it to the next one."""
    log_retention_days: int = 90
    """Days that the control plane's log is kept; CloudWatch Logs' own steps."""
    deletion_protection: bool = True

    def check(self) -> None:
        """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
        fits = _NAME.fullmatch(self.cluster_name) is not None
        letters = "1 to 100 letters, digits, hyphens and underscores"
        need(fits, "cluster_name", repr(self.cluster_name), letters)
        minor = VERSION.fullmatch(self.version) is not None
        need(minor, "version", repr(self.version), "a minor version such as 1.35")
        at_least("subnet_ids", list(self.subnet_ids), 2, "EKS wants subnets in two zones")
        need(
            len(self.public_cidrs) <= _PUBLIC_CIDRS,
            "public_cidrs",
            f"{len(self.public_cidrs)} networks",
            f"at most {_PUBLIC_CIDRS}",
        )
        each_once("public_cidrs", self.public_cidrs)
        for cidr in self.public_cidrs:
            need(_outside(cidr), "public_cidrs", repr(cidr), "a public IPv4 network narrower than /0")
        check_retention("log_retention_days", self.log_retention_days)


def _outside(cidr: str) -> bool:
    try:
        network = ipaddress.IPv4Network(cidr)
    except ValueError:
        return False
    return network.prefixlen > 0 and not any(network.overlaps(each) for each in _INSIDE)


class EksCluster(pulumi.ComponentResource):
    """A cluster whose API server is reached privately, with secrets under a customer key and every log.

    Access is by access entries alone; who creates the cluster has none. Zonal shift is on: EKS then keeps traffic inside the cluster
    away from a zone that is shifted, and launches no nodes there.

    Creates: role, log group, cluster. Survives: an instance and a zone of the control plane, which EKS runs over three zones; a cluster
    belongs to the region. Costs: 0.10 USD an hour, 0.60 in extended support; the log.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/disaster-recovery-resiliency.html,
    https://docs.aws.amazon.com/eks/latest/userguide/zone-shift.html
    """

    cluster: aws.eks.Cluster
    """What others wait for."""
    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    endpoint: pulumi.Output[str]
    version: pulumi.Output[str]
    """Of Kubernetes, known when the control plane has it."""
    security_group_id: pulumi.Output[str]
    """EKS's own, by which control plane and nodes reach each other."""

    def __init__(self, name: str, args: EksClusterArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:compute:EksCluster", name, {}, handed_down(opts))
        own = pulumi.ResourceOptions(parent=self)
        role = managed_role(
            f"{name}-role",
            f"Control plane of {args.cluster_name}",
            "eks.amazonaws.com",
            ["AmazonEKSClusterPolicy"],
            tags=args.tags,
            parent=self,
        )
        # EKS would make the group itself, without a key, and keep events for ever.
        logs = aws.cloudwatch.LogGroup(
            f"{name}-logs",
            name=f"/aws/eks/{args.cluster_name}/cluster",
            retention_in_days=args.log_retention_days,
            kms_key_id=args.key_arn,
            tags=args.tags.logs(f"{name}-logs"),
            opts=own,
        )
        self.cluster = aws.eks.Cluster(
            f"{name}-cluster",
            name=args.cluster_name,
            version=args.version,
            role_arn=role,
            vpc_config={
                "subnet_ids": [args.subnet_ids[zone] for zone in sorted(args.subnet_ids)],
                "endpoint_private_access": True,
                "endpoint_public_access": bool(args.public_cidrs),
                "public_access_cidrs": sorted(args.public_cidrs) or None,
            },
            access_config={
                "authentication_mode": "API",
                "bootstrap_cluster_creator_admin_permissions": False,
            },
            encryption_config={"provider": {"key_arn": args.key_arn}, "resources": ["secrets"]},
            enabled_cluster_log_types=list(LOGS),
            upgrade_policy={"support_type": "EXTENDED" if args.extended_support else "STANDARD"},
            zonal_shift_config={"enabled": True},
            deletion_protection=args.deletion_protection,
            tags=args.tags.resource(f"{name}-cluster"),
            opts=pulumi.ResourceOptions(parent=self, depends_on=[logs]),
        )
        self.name, self.arn, self.endpoint = self.cluster.name, self.cluster.arn, self.cluster.endpoint
        self.version = self.cluster.version
        self.security_group_id = self.cluster.vpc_config.apply(
            lambda known: str(known.cluster_security_group_id)
        )
        register(self, "name", "arn", "endpoint", "version", "security_group_id")

"""EKS: what a cluster and a node group have in EC2.

moto names an Auto Scaling group of a node group, and makes none; a cluster has no security group; a node group has the Kubernetes
version of 2021 and a key pair that nobody asked for; neither can be brought to another version. Here a cluster has its security group,
and a node group a launch template of its own, as EKS makes it from the one that it is given, and an Auto Scaling group whose instances
are the nodes.
https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
"""

from __future__ import annotations

import functools
import uuid
from typing import Any

from botocore import xform_name
from moto.core.responses import ActionResult
from moto.eks import urls
from moto.eks.exceptions import InvalidParameterException
from moto.eks.models import Cluster, EKSBackend
from moto.eks.responses import EKSResponse

from sandbox.aws.extensions._eks_nodes import WRAPS, ec2_of, update_nodegroup_version


def _create_cluster(original: Any) -> Any:
    @functools.wraps(original)
    def create_cluster(self: EKSBackend, *args: Any, **given: Any) -> Cluster:
        made: Cluster = original(self, *args, **given)
        network, ec2 = made.resources_vpc_config, ec2_of(self)
        subnets = ec2.describe_subnets(network["subnetIds"]) if network.get("subnetIds") else []
        if subnets:
            owned = ec2.create_security_group(
                f"eks-cluster-sg-{made.name}",
                "EKS created security group applied to ENI that is attached to EKS Control Plane master nodes",
                vpc_id=subnets[0].vpc_id,
                tags={f"kubernetes.io/cluster/{made.name}": "owned"},
            )
            network |= {"vpcId": subnets[0].vpc_id, "clusterSecurityGroupId": owned.id}
        return made

    return create_cluster


def _update_cluster_config(original: Any) -> Any:
    @functools.wraps(original)
    def update_cluster_config(
        self: EKSBackend, name: str, resources_vpc_config: dict[str, Any], **given: Any
    ) -> Any:
        cluster = self.clusters.get(name)
        if cluster and resources_vpc_config:  # what isn't said stays
            resources_vpc_config = {**cluster.resources_vpc_config, **resources_vpc_config}
        return original(self, name=name, resources_vpc_config=resources_vpc_config, **given)

    return update_cluster_config


def _delete_cluster(original: Any) -> Any:
    @functools.wraps(original)
    def delete_cluster(self: EKSBackend, name: str) -> Cluster:
        gone: Cluster = original(self, name)
        if group := gone.resources_vpc_config.get("clusterSecurityGroupId"):
            ec2_of(self).delete_security_group(group_id=group)
        return gone

    return delete_cluster


KEPT = {
    "create_cluster": (
        *(
            "accessConfig",
            "computeConfig",
            "controlPlaneScalingConfig",
            "deletionProtection",
            "storageConfig",
        ),
        *("upgradePolicy", "zonalShiftConfig"),
    ),
    "create_nodegroup": ("nodeRepairConfig", "updateConfig"),
}
"""Parameters that moto drops."""


def _keeping(action: str, original: Any) -> Any:
    @functools.wraps(original)
    def create(self: EKSResponse) -> Any:
        answer = original(self)
        [made] = answer.result.values()
        for name in KEPT[action]:
            setattr(made, xform_name(name), self._get_param(name))
        return answer

    return create


def _update_cluster_version(self: EKSResponse) -> ActionResult:
    """One minor version up."""
    cluster = self.eks_backend.describe_cluster(name=self._get_param("name"))
    old, new = cluster.version, str(self._get_param("version"))
    if _minor(new) - _minor(old) not in (0, 1):
        raise InvalidParameterException(
            message=f"Unsupported Kubernetes minor version update from {old} to {new}"
        )
    cluster.version = new
    return ActionResult(
        {"update": {"id": str(uuid.uuid4()), "status": "Successful", "type": "VersionUpdate"}}
    )


def _minor(version: str) -> int:
    return int(version.partition(".")[2])


_UPDATES = {
    r"{0}/clusters/(?P<name>[^/]+)/updates$": "update_cluster_version",
    r"{0}/clusters/(?P<name>[^/]+)/node-groups/(?P<nodegroupName>[^/]+)/update-version$": "update_nodegroup_version",
}
"""What moto has no paths for."""


def install() -> None:
    """Patch moto's EKS."""
    EKSResponse.update_cluster_version = _update_cluster_version
    EKSResponse.update_nodegroup_version = update_nodegroup_version
    urls.url_paths.update(dict.fromkeys(_UPDATES, EKSResponse.dispatch))
    for action in KEPT:
        setattr(EKSResponse, action, _keeping(action, getattr(EKSResponse, action)))
    for name, wrap in {
        "create_cluster": _create_cluster,
        "update_cluster_config": _update_cluster_config,
        "delete_cluster": _delete_cluster,
        **WRAPS,
    }.items():
        setattr(EKSBackend, name, wrap(getattr(EKSBackend, name)))

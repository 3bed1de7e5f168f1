"""EKS: what a node group has in EC2.

A node group has a launch template of its own, as EKS makes it from the one that it is given, and an Auto Scaling group whose instances are
the nodes.

https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html
"""

from __future__ import annotations

import copy
import functools
import uuid
from typing import Any

from moto.core.responses import ActionResult
from moto.eks.exceptions import InvalidParameterException
from moto.eks.models import EKSBackend, Nodegroup
from moto.eks.responses import EKSResponse

from sandbox.aws.clockwork.instances import OWNER
from sandbox.aws.extensions._group_instances import reconcile, terminate
from sandbox.aws.extensions.launch_template import RESOLVED

IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
"""Stands for EKS's own images, of which moto has no parameters."""


def ec2_of(backend: EKSBackend) -> Any:
    from moto.ec2.models import ec2_backends

    return ec2_backends[backend.account_id][backend.region_name]


def _scaling(backend: EKSBackend) -> Any:
    from moto.autoscaling.models import autoscaling_backends

    return autoscaling_backends[backend.account_id][backend.region_name]


def _create_nodegroup(original: Any) -> Any:
    @functools.wraps(original)
    def create_nodegroup(self: EKSBackend, *args: Any, **given: Any) -> Nodegroup:
        if sizes := given.get("scaling_config"):
            _fits(sizes)
        made: Nodegroup = original(self, *args, **given)
        if given.get("remote_access") is None:
            made.remote_access = None
            del made.resources["remoteAccessSecurityGroup"]
        if given.get("version") is None:
            made.version = self.clusters[made.cluster_name].version
        _launch(self, made)
        return made

    return create_nodegroup


def _launch(backend: EKSBackend, nodes: Nodegroup) -> None:
    """Make the group's own launch template and Auto Scaling group."""
    name = f"eks-{nodes.nodegroup_name}-{nodes.uuid}"
    nodes.resources["autoScalingGroups"] = [{"name": name}]
    tags = {
        OWNER: nodes.cluster_name,
        "eks:nodegroup-name": nodes.nodegroup_name,
        f"kubernetes.io/cluster/{nodes.cluster_name}": "owned",
    }
    ec2_of(backend).create_launch_template(name, "", _template(backend, nodes), {})
    sizes = nodes.scaling_config
    _scaling(backend).create_auto_scaling_group(
        name=name,
        availability_zones=None,
        desired_capacity=sizes["desiredSize"],
        max_size=sizes["maxSize"],
        min_size=sizes["minSize"],
        launch_config_name=None,
        launch_template={},
        mixed_instances_policy=_policy(backend, nodes, name),
        vpc_zone_identifier=",".join(nodes.subnets),
        default_cooldown=300,
        health_check_period=15,
        health_check_type="EC2",
        load_balancers=[],
        target_group_arns=[],
        placement_group=None,
        termination_policies=["AllocationStrategy", "OldestLaunchTemplate", "OldestInstance"],
        tags=[
            {
                "ResourceId": name,
                "ResourceType": "auto-scaling-group",
                "Key": key,
                "Value": value,
                "PropagateAtLaunch": "true",
            }
            for key, value in tags.items()
        ],
    )


def _policy(backend: EKSBackend, nodes: Nodegroup, name: str) -> dict[str, Any]:
    """Instances of the newest version of the group's own template."""
    template = ec2_of(backend).get_launch_template_by_name(name)
    version = str(template.latest_version_number)
    return {
        "LaunchTemplate": {
            "LaunchTemplateSpecification": {"LaunchTemplateId": template.id, "Version": version},
            "Overrides": [{"InstanceType": each} for each in nodes.instance_types],
        }
    }


def _template(backend: EKSBackend, nodes: Nodegroup) -> dict[str, Any]:
    """What the given template says, with EKS's image."""
    given = nodes.launch_template or {}
    data: dict[str, Any] = {}
    if given.get("id"):
        found = ec2_of(backend).get_launch_template(given["id"])
        data = copy.deepcopy(found.get_version(str(given.get("version") or "$Default")).data)
    arm = "ARM" in nodes.ami_type
    return {
        "ImageId": f"{RESOLVED}{IMAGE}{'arm64' if arm else 'x86_64'}",
        "InstanceType": nodes.instance_types[0],
        **data,
    }


def _update_nodegroup_config(original: Any) -> Any:
    @functools.wraps(original)
    def update_nodegroup_config(
        self: EKSBackend, cluster_name: str, nodegroup_name: str, *args: Any, **given: Any
    ) -> Any:
        known = (
            self.clusters[cluster_name].nodegroups.get(nodegroup_name)
            if cluster_name in self.clusters
            else None
        )
        if known is not None:
            _fits({**known.scaling_config, **(given.get("scaling_config") or {})})
        answer = original(self, cluster_name, nodegroup_name, *args, **given)
        nodes = self.clusters[cluster_name].nodegroups[nodegroup_name]
        group, sizes = _group(self, nodes), nodes.scaling_config
        if given.get("scaling_config") and group is not None:
            group.min_size, group.max_size = sizes["minSize"], sizes["maxSize"]
            group.set_desired_capacity(sizes["desiredSize"])
        return answer

    return update_nodegroup_config


def _fits(sizes: dict[str, int]) -> None:
    low, wanted, high = (int(sizes[f"{each}Size"]) for each in ("min", "desired", "max"))
    if low > high:
        raise InvalidParameterException(
            message=f"Minimum capacity {low} can't be greater than maximum size {high}"
        )
    if not low <= wanted <= high:
        raise InvalidParameterException(
            message=f"desired capacity {wanted} can't be outside of minimum size {low} and maximum size {high}"
        )


def _group(backend: EKSBackend, nodes: Nodegroup) -> Any | None:
    name = nodes.resources["autoScalingGroups"][0]["name"]
    return _scaling(backend).autoscaling_groups.get(name)


def _delete_nodegroup(original: Any) -> Any:
    @functools.wraps(original)
    def delete_nodegroup(self: EKSBackend, cluster_name: str, nodegroup_name: str) -> Nodegroup:
        gone: Nodegroup = original(self, cluster_name, nodegroup_name)
        group = _group(self, gone)
        if group is not None:
            group.min_size = 0
            group.set_desired_capacity(0)
            _scaling(self).delete_auto_scaling_group(group.name)
            ec2_of(self).delete_launch_template(name=group.name, tid=None)
        return gone

    return delete_nodegroup


def update_nodegroup_version(self: EKSResponse) -> ActionResult:
    """New nodes of another version of Kubernetes, or of what they launch from, in place of the old ones."""
    backend = self.eks_backend
    nodes = backend.describe_nodegroup(self._get_param("name"), self._get_param("nodegroupName"))
    nodes.version = self._get_param("version") or backend.clusters[nodes.cluster_name].version
    if release := self._get_param("releaseVersion"):
        nodes.release_version = release
    if template := self._get_param("launchTemplate"):
        nodes.launch_template = {**(nodes.launch_template or {}), **template}
    group = _group(backend, nodes)
    if group is not None:
        own = ec2_of(backend).get_launch_template_by_name(group.name)
        own.create_version(_template(backend, nodes), "")
        policy = _policy(backend, nodes, group.name)
        group.mixed_instances_policy = policy
        group.launch_template_version = policy["LaunchTemplate"]["LaunchTemplateSpecification"]["Version"]
        for state in list(group.instance_states):
            if state in group.instance_states:  # keeping zones even may have taken it
                terminate(group, [state])
                reconcile(group)
    return ActionResult(
        {"update": {"id": str(uuid.uuid4()), "status": "Successful", "type": "VersionUpdate"}}
    )


WRAPS = {
    "create_nodegroup": _create_nodegroup,
    "update_nodegroup_config": _update_nodegroup_config,
    "delete_nodegroup": _delete_nodegroup,
}
"""By method of moto's: what is done around it."""

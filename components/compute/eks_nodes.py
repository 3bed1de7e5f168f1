"""A managed node group: nodes of a cluster in every zone, which a load balancer reaches on one port."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi
import pulumi_aws as aws
from pulumi_aws.eks.outputs import NodeGroupResource

from components.checks import at_least, between, need
from components.compute import architectures
from components.compute.eks_roles import managed_role
from components.facts import Fact, fact
from components.options import handed_down
from components.outputs import once, register
from components.tags import Tags

AL2023, BOTTLEROCKET = "al2023", "bottlerocket"
AMI_TYPES = {
    (AL2023, architectures.ARM): "AL2023_ARM_64_STANDARD",
    (AL2023, architectures.X86): "AL2023_x86_64_STANDARD",
    (BOTTLEROCKET, architectures.ARM): "BOTTLEROCKET_ARM_64",
    (BOTTLEROCKET, architectures.X86): "BOTTLEROCKET_x86_64",
}
"""By image and architecture: EKS's own, which join the cluster without user data."""
DISKS = {AL2023: "/dev/xvda", BOTTLEROCKET: "/dev/xvdb"}
"""The volume of images and logs of containers. Bottlerocket's system has one of its own, of 2 GiB."""
SYSTEM_GIB = 2
POLICIES = ("AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonSSMManagedInstanceCore")
"""What a node may do. The network's policy belongs to its add-on's own role.
https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html"""
MOST = 450
"""Nodes of a managed node group: https://docs.aws.amazon.com/eks/latest/userguide/service-quotas.html"""


@dataclass(frozen=True, kw_only=True)
class EksNodesArgs:
    """What a node group needs. Sizes come from `statically_stable_size` and `standby_size`."""

    tags: Tags
    cluster_name: pulumi.Input[str]
    """Known when nodes may join: the add-ons that every node needs are there."""
    version: pulumi.Input[str]
    """Of Kubernetes: the cluster's, when that has it. Nodes follow it a third at a time."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Zone id to private subnet, three zones or as many as the network has; at least two."""
    security_group_ids: Sequence[pulumi.Input[str]]
    """The cluster's own, and the one that lets the load balancer in."""
    key_arn: pulumi.Input[str]
    """Customer key of the volumes. Its policy must let the service-linked role `AWSServiceRoleForAutoScaling` use it."""
    instance_types: Sequence[str]
    """In order of preference, of one architecture."""
    required: int
    """Nodes that carry the load, told by the tag `dr:required-capacity`."""
    running: int
    """Nodes that run at least, at least one a zone; or 0: the group is defined and nothing of it runs."""
    most: int
    """The most that scaling may reach, 1 to 450."""
    target_group_arn: pulumi.Input[str] | None = None
    """Target group of the load balancer, by the node port. None: nothing outside reaches the nodes."""
    check: Mapping[str, int] | None = None
    """How that target group watches its targets."""
    image: str = AL2023
    release: str | None = None
    """Of the image, as in 1.35.0-20260812. None: the newest when the group is made, or brought to another version."""
    disk_gib: int = 50
    """For images, logs and what pods write; 20 to 16,384."""
    labels: Mapping[str, str] = field(default_factory=dict)

    def validate(self) -> None:
        """Raise ArgumentError for the first argument that can't be, naming argument, value and what is allowed."""
        zones = len(self.subnet_ids)
        at_least("subnet_ids", list(self.subnet_ids), 2, "nodes of one zone are lost with it")
        types = list(self.instance_types)
        need(bool(types), "instance_types", "none", "one or more")
        need(len(set(types)) == len(types), "instance_types", repr(types), "each type once")
        architectures.check(types, None)
        between("most", self.most, 1, MOST, "nodes")
        spread = self.running == 0 or self.running >= zones
        need(spread, "running", self.running, f"at least one a zone, {zones} or more; or 0, none at all")
        need(self.running <= self.most, "most", self.most, f"running ({self.running}) or more")
        between("disk_gib", self.disk_gib, 20, 16_384, "GiB")


class EksNodes(pulumi.ComponentResource):
    """A managed node group over all zones, of instances that require IMDSv2 and whose volumes are encrypted.

    Pods can't take the nodes' role: tokens don't leave the host. EKS repairs nodes that have failed, and rolls out a new version a
    third at a time. Another image, type or zone is a new group: the new one stands before the old one is drained.

    The load balancer reaches nodes and no pods: what runs in the cluster decides by a service's node port which pods answer there.
    So the target group belongs to the program, and clients are sent nowhere before it has healthy nodes.

    Creates: role, launch template, node group, the Auto Scaling group's tag and its attachment to the target group.
    Survives: a node (replaced), a zone (what is left carries the load, when sized by `statically_stable_size`). Costs: the instances.
    Source: https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html,
    https://docs.aws.amazon.com/eks/latest/userguide/node-health.html
    """

    group: aws.eks.NodeGroup
    """What others wait for."""
    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    scaling_name: pulumi.Output[str]
    """The Auto Scaling group that EKS makes."""
    serving: pulumi.Output[str]
    """The node group's id, known when the load balancer has its nodes."""
    recovery_fact: Fact

    def __init__(self, name: str, args: EksNodesArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.validate()
        super().__init__("holdfast:compute:EksNodes", name, {}, handed_down(opts))
        role = managed_role(
            f"{name}-role", f"Nodes {name}", "ec2.amazonaws.com", POLICIES, tags=args.tags, parent=self
        )
        template = _template(name, args, self)
        kind = architectures.of_type(args.instance_types[0])
        self.group = aws.eks.NodeGroup(
            f"{name}-nodes",
            cluster_name=args.cluster_name,
            node_role_arn=role,
            subnet_ids=[args.subnet_ids[zone] for zone in sorted(args.subnet_ids)],
            version=args.version,
            release_version=args.release,
            ami_type=AMI_TYPES[args.image, kind],
            capacity_type="ON_DEMAND",
            instance_types=list(args.instance_types),
            launch_template={"id": template.id, "version": template.latest_version.apply(str)},
            scaling_config={
                "min_size": args.running,
                "max_size": args.most,
                "desired_size": args.running,
            },
            update_config={"max_unavailable_percentage": 33},
            node_repair_config={"enabled": True},
            labels=dict(args.labels) or None,
            tags=_tags(f"{name}-nodes", args),
            opts=pulumi.ResourceOptions(
                parent=self,
                # What scales the cluster, and a takeover, change it.
                ignore_changes=["scalingConfig.desiredSize"],
            ),
        )
        self.name, self.arn = self.group.node_group_name, self.group.arn
        self.scaling_name = self.group.resources.apply(_scaling_name)
        self.serving = once(self.group.id, *self._attached(name, args))
        self.recovery_fact = fact(
            "compute",
            f"{name}-nodes",
            _tags(f"{name}-nodes", args),
            desired=args.running,
            required=args.required,
            max=args.most,
            launch="ec2",
            tracked=False,
            check=dict(args.check) if args.check else None,
        )
        register(self, "name", "arn", "scaling_name")

    def _attached(self, name: str, args: EksNodesArgs) -> list[pulumi.Output[str]]:
        """EKS puts neither its group's tags nor a target group on the Auto Scaling group."""
        own = pulumi.ResourceOptions(parent=self)
        needed = aws.autoscaling.Tag(
            f"{name}-needed",
            autoscaling_group_name=self.scaling_name,
            tag={
                "key": "dr:required-capacity",
                "value": str(args.required),
                "propagate_at_launch": False,
            },
            opts=own,
        )
        if args.target_group_arn is None:
            return [needed.id]
        attached = aws.autoscaling.Attachment(
            f"{name}-targets",
            autoscaling_group_name=self.scaling_name,
            lb_target_group_arn=args.target_group_arn,
            opts=own,
        )
        return [needed.id, attached.id]


def _scaling_name(made: Sequence[NodeGroupResource]) -> str:
    [found] = [each.name for one in made for each in one.autoscaling_groups or ()]
    return str(found)


def _tags(name: str, args: EksNodesArgs) -> dict[str, str]:
    off = {"dr:switched-off": "true"} if args.running == 0 else {}
    return {**args.tags.resource(name), "dr:required-capacity": str(args.required), **off}


def _template(name: str, args: EksNodesArgs, parent: pulumi.Resource) -> aws.ec2.LaunchTemplate:
    """Without image, profile or user data: those are EKS's.

    https://docs.aws.amazon.com/eks/latest/userguide/launch-templates.html
    """
    sizes = {DISKS[args.image]: args.disk_gib}
    if args.image == BOTTLEROCKET:
        sizes["/dev/xvda"] = SYSTEM_GIB
    return aws.ec2.LaunchTemplate(
        f"{name}-template",
        description=f"Nodes of {name}",
        update_default_version=True,
        vpc_security_group_ids=list(args.security_group_ids),
        ebs_optimized="true",
        monitoring={"enabled": True},
        metadata_options={
            "http_endpoint": "enabled",
            "http_tokens": "required",
            "http_put_response_hop_limit": 1,
            "instance_metadata_tags": "disabled",
        },
        block_device_mappings=[
            {
                "device_name": device,
                "ebs": {
                    "volume_type": "gp3",
                    "volume_size": size,
                    "encrypted": "true",
                    "kms_key_id": args.key_arn,
                    "delete_on_termination": "true",
                },
            }
            for device, size in sorted(sizes.items())
        ],
        tag_specifications=[
            {"resource_type": kind, "tags": args.tags.resource(name)}
            for kind in ("instance", "volume", "network-interface")
        ],
        tags=args.tags.resource(f"{name}-template"),
        opts=pulumi.ResourceOptions(parent=parent),
    )

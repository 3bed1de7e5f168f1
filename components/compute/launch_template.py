"""What an instance is: image, IMDSv2, role, encrypted volume, monitoring, tags. No key pair."""

from __future__ import annotations

import base64
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import need
from components.compute.args import ServerArgs
from components.compute.options import Image, Resolution, Spot
from components.compute.role import InstanceRole
from components.compute.validation import USER_DATA_BYTES

TAGGED_AT_LAUNCH = ("instance", "volume", "network-interface")


def _image_id(name: str, image: Image, parent: pulumi.Resource) -> pulumi.Input[str] | None:
    """The image: given, left to EC2, or what the parameter held when the release was first deployed."""
    if image.parameter is None:
        return image.ami_id
    if image.resolution is Resolution.LAUNCH:
        return f"resolve:ssm:{image.parameter}"
    asked = pulumi.InvokeOutputOptions(parent=parent)
    latest = aws.ssm.get_parameter_output(name=image.parameter, opts=asked).value
    # Kept in the stack's state: a parameter that somebody else changes must not replace a fleet in whichever deployment comes next.
    kept = pulumi.Stash(
        f"{name}-image-{image.release}",
        input=latest,
        opts=pulumi.ResourceOptions(parent=parent, ignore_changes=["input"]),
    )
    return kept.output.apply(str)


def _encode(script: str) -> str:
    raw = script.encode()
    fits = len(raw) <= USER_DATA_BYTES
    need(fits, "user_data", f"{len(raw)} bytes", f"at most {USER_DATA_BYTES} bytes")
    return base64.b64encode(raw).decode()


def launch_template(
    name: str, args: ServerArgs, role: InstanceRole, parent: pulumi.Resource
) -> aws.ec2.LaunchTemplate:
    """Declare the launch template of instances."""
    tags, further = args.tags.resource(name), {"instance": args.instance_tags}
    script = args.user_data
    return aws.ec2.LaunchTemplate(
        f"{name}-template",
        description=f"Instances of {name}",
        update_default_version=True,
        image_id=_image_id(name, args.image, parent),
        instance_type=args.instance_types[0],
        user_data=None if script is None else pulumi.Output.from_input(script).apply(_encode),
        iam_instance_profile={"arn": role.profile.arn},
        vpc_security_group_ids=list(args.security_group_ids),
        ebs_optimized="true",
        monitoring={"enabled": True},
        metadata_options={
            "http_endpoint": "enabled",
            "http_tokens": "required",
            "http_put_response_hop_limit": args.hop_limit,
            "instance_metadata_tags": "enabled",
        },
        block_device_mappings=[
            {
                "device_name": args.root_device,
                "ebs": {
                    "volume_type": "gp3",
                    "volume_size": args.root_volume_gib,
                    "encrypted": "true",
                    "kms_key_id": args.key_arn,
                    "delete_on_termination": "true",
                },
            }
        ],
        tag_specifications=[
            {"resource_type": kind, "tags": {**tags, **further.get(kind, {})}} for kind in TAGGED_AT_LAUNCH
        ],
        tags=args.tags.resource(f"{name}-template"),
        opts=pulumi.ResourceOptions(parent=parent),
    )


def of_groups(
    args: ServerArgs, template: aws.ec2.LaunchTemplate, *, spot: Spot | None = None, base: int | None = None
) -> dict[str, Any]:
    """What instances a group launches: of the first type, or of several, in order of preference. `base` are on demand below Spot."""
    # A number, never $Latest: only a number that changes starts a refresh, and only to one can it roll back.
    version = template.latest_version.apply(str)
    if spot is None and len(args.instance_types) == 1:
        return {"launch_template": {"id": template.id, "version": version}}
    distribution = aws.autoscaling.GroupMixedInstancesPolicyInstancesDistributionArgs(
        on_demand_allocation_strategy="prioritized",
        on_demand_base_capacity=base if spot else None,
        on_demand_percentage_above_base_capacity=spot.on_demand_percentage_above_base if spot else 100,
        spot_allocation_strategy="price-capacity-optimized" if spot else None,
    )
    return {
        "mixed_instances_policy": {
            "launch_template": {
                "launch_template_specification": {"launch_template_id": template.id, "version": version},
                "overrides": [{"instance_type": kind} for kind in args.instance_types],
            },
            "instances_distribution": distribution,
        }
    }

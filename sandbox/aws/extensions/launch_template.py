"""Launch templates: what a template says of its instances reaches them, as in EC2.

moto keeps a template whole but launches with little of it. IMDSv2, the instance profile, monitoring, the root
volume and the tags of volumes and interfaces are lost; interfaces outlive their instances; a group can't launch
from later versions with user data; an image given as a Systems Manager parameter isn't resolved; later changes of the
template's own tags are not shown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

RESOLVED = "resolve:ssm:"


def install() -> None:
    """Patch moto's launch templates and `RunInstances`."""
    from moto.ec2.models.instances import InstanceBackend
    from moto.ec2.models.launch_templates import LaunchTemplate, LaunchTemplateVersion

    InstanceBackend.run_instances = _run_instances(InstanceBackend.run_instances)
    LaunchTemplate.create_version = _create_version(LaunchTemplate.create_version)
    LaunchTemplate.tags = property(lambda template: template.get_tags(), lambda _template, _tags: None)
    LaunchTemplateVersion.image_id = property(_image_id)


def _image_id(version: Any) -> str:
    """The AMI of a version, read from Systems Manager at each launch where the version says so."""
    from moto.ec2.exceptions import InvalidParameterValue
    from moto.ssm.models import ssm_backends

    image = str(version.data.get("ImageId", ""))
    if not image.startswith(RESOLVED):
        return image
    ec2 = version.template.ec2_backend
    parameter = ssm_backends[ec2.account_id][ec2.region_name].get_parameter(image.removeprefix(RESOLVED))
    if parameter is None:
        raise InvalidParameterValue(f"The parameter of {image} does not exist in {ec2.region_name}.")
    return str(parameter.value)


def _create_version(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_version(self: Any, data: dict[str, Any], description: str) -> Any:
        from moto.ec2.utils import parse_user_data

        # moto decodes the user data of a template's first version only and fails to launch from any other.
        if isinstance(data.get("UserData"), str):
            data["UserData"] = parse_user_data(data["UserData"])
        return original(self, data, description)

    return create_version


def _run_instances(original: Callable[..., Any]) -> Callable[..., Any]:
    def run_instances(
        self: Any, image_id: str, count: int, user_data: Any, security_group_names: list[str], **given: Any
    ) -> Any:
        named = given.get("launch_template")
        if not named:
            return original(self, image_id, count, user_data, security_group_names, **given)
        version = self._get_template_from_args(named)
        mappings = version.data.get("BlockDeviceMappings")
        if (
            mappings
            and "block_device_mappings" not in given
            and _covers_root(self, image_id or version.image_id, mappings)
        ):
            # Without this moto adds a second root volume, unencrypted, beside the template's.
            given["block_device_mappings"] = mappings
        reservation = original(self, image_id, count, user_data, security_group_names, **given)
        for instance in reservation.instances:
            _apply(self, instance, version.data, given)
        return reservation

    return run_instances


def _covers_root(ec2: Any, image_id: str, mappings: list[dict[str, Any]]) -> bool:
    image = ec2.amis.get(image_id)
    return image is not None and any(
        mapping.get("DeviceName") == image.root_device_name for mapping in mappings
    )


def _apply(ec2: Any, instance: Any, data: dict[str, Any], given: dict[str, Any]) -> None:
    from moto.ec2.models.instances import MetadataOptions
    from moto.ec2.utils import convert_tag_spec

    if data.get("MetadataOptions"):
        asked = {**data["MetadataOptions"], **(given.get("metadata_options") or {})}
        instance.metadata_options = MetadataOptions(asked)
    if _true(data.get("Monitoring", {}).get("Enabled")):
        instance.monitoring_state = "enabled"
    if _true(data.get("EbsOptimized")):
        instance.ebs_optimized = True
    profile = data.get("IamInstanceProfile")
    if profile and not given.get("iam_instance_profile_arn") and not given.get("iam_instance_profile_name"):
        ec2.associate_iam_instance_profile(
            instance.id,
            iam_instance_profile_name=profile.get("Name"),
            iam_instance_profile_arn=profile.get("Arn"),
        )
    tags = convert_tag_spec(data.get("TagSpecifications", []))
    for _, device in instance.get_block_device_mapping:
        ec2.get_volume(device.volume_id).add_tags(tags.get("volume", {}))
    for interface in instance.nics.values():
        interface.add_tags(tags.get("network-interface", {}))
        # EC2's default for what it makes at launch; moto would leave it behind, in use.
        interface.delete_on_termination = not data.get("NetworkInterfaces")


def _true(value: Any) -> bool:
    return str(value).lower() == "true"

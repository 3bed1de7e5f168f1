"""Elastic Beanstalk: what an environment has in EC2 and Elastic Load Balancing.

An environment of several instances behind an application load balancer, whose options name subnets, has a launch template, an Auto
Scaling group, a target group and that load balancer with its listeners, sized and placed as its options say. Any other has none of them
here. Of later changes sizes, health checks, versions and what instances are launched from are followed; a listener stays as it was made.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/concepts.concepts.architecture.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from moto.elasticbeanstalk.models import EBBackend
from moto.moto_api._internal import mock_random

from sandbox.aws.extensions._beanstalk_balancer import NETWORK, balancer_of, checks, listed, owned, targets_of
from sandbox.aws.extensions._beanstalk_bundle import found_in, judged
from sandbox.aws.extensions._beanstalk_options import GROUP, Options
from sandbox.aws.extensions._group_instances import reconcile, terminate
from sandbox.aws.extensions.launch_template import RESOLVED

IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-"
"""Stands for Elastic Beanstalk's own images, of which moto has no parameters."""
KIND = "aws:elasticbeanstalk:environment"
LAUNCH, TYPES = "aws:autoscaling:launchconfiguration", "aws:ec2:instances"
_NEW = (LAUNCH, TYPES)
"""Namespaces whose change launches every instance anew."""


@dataclass
class Parts:
    """What belongs to an environment."""

    group: str
    balancer: str
    dns_name: str
    targets: str


def _backends(backend: EBBackend) -> tuple[Any, Any, Any]:
    from moto.autoscaling.models import autoscaling_backends
    from moto.ec2.models import ec2_backends
    from moto.elbv2.models import elbv2_backends

    here = backend.account_id, backend.region_name
    return tuple(each[here[0]][here[1]] for each in (ec2_backends, autoscaling_backends, elbv2_backends))


def begin(backend: EBBackend, made: Any) -> None:
    """Make them."""
    options: Options = made.options
    balanced = options.get((KIND, "EnvironmentType"), "LoadBalanced") == "LoadBalanced"
    application = options.get((KIND, "LoadBalancerType")) == "application"
    if not (balanced and application and options.get((NETWORK, "Subnets"))):
        return
    ec2, scaling, elb = _backends(backend)
    mark = mock_random.get_random_string(length=12).upper()
    stack = f"aw{made.environment_id.replace('-', '')}-stack"
    targets = targets_of(elb, made, mark)
    balancer = balancer_of(elb, made, mark, targets)
    name = f"awseb-{made.environment_id}-{stack}-AWSEBAutoScalingGroup-{mark}"
    ec2.create_launch_template(name, "", _template(options), {})
    made.parts = Parts(group=name, balancer=balancer.arn, dns_name=balancer.dns_name, targets=targets)
    _group(ec2, scaling, made)
    _judge(backend, made)


def _template(options: Options) -> dict[str, Any]:
    """What instances are launched from."""
    types = listed(options.get((TYPES, "InstanceTypes")))
    processor = options.get((TYPES, "SupportedArchitectures"), "x86_64")
    tokens = "required" if options.get((LAUNCH, "DisableIMDSv1")) == "true" else "optional"
    found: dict[str, Any] = {
        "ImageId": f"{RESOLVED}{IMAGE}{processor}",
        "InstanceType": types[0] if types else "t3.micro",
        "MetadataOptions": {"HttpEndpoint": "enabled", "HttpTokens": tokens},
    }
    if groups := listed(options.get((LAUNCH, "SecurityGroups"))):
        found["SecurityGroupIds"] = groups
    if profile := options.get((LAUNCH, "IamInstanceProfile")):
        found["IamInstanceProfile"] = {"Name": profile}
    return found


def _group(ec2: Any, scaling: Any, made: Any) -> None:
    options, parts = made.options, made.parts
    least = int(options[GROUP, "MinSize"])
    template = ec2.get_launch_template_by_name(parts.group)
    scaling.create_auto_scaling_group(
        name=parts.group,
        availability_zones=None,
        desired_capacity=least,
        max_size=int(options[GROUP, "MaxSize"]),
        min_size=least,
        launch_config_name=None,
        launch_template={"LaunchTemplateId": template.id, "Version": str(template.latest_version_number)},
        mixed_instances_policy=None,
        vpc_zone_identifier=options[NETWORK, "Subnets"],
        default_cooldown=int(options.get((GROUP, "Cooldown"), "360")),
        health_check_period=0,
        health_check_type="EC2",
        load_balancers=[],
        target_group_arns=[parts.targets],
        placement_group=None,
        termination_policies=["Default"],
        tags=[
            {
                "ResourceId": parts.group,
                "ResourceType": "auto-scaling-group",
                "PropagateAtLaunch": "true",
                **each,
            }
            for each in owned(made)
        ],
    )


def _judge(backend: EBBackend, made: Any) -> None:
    """Have the group judge its instances as the version's configuration files say."""
    bundle = made.application.versions.get(made.version_label, {}).get("SourceBundle")
    said = judged(found_in(backend.account_id, bundle["S3Bucket"], bundle["S3Key"])) if bundle else {}
    group = _backends(backend)[1].autoscaling_groups[made.parts.group]
    group.health_check_type = said.get("HealthCheckType", "EC2")
    group.health_check_grace_period = int(said.get("HealthCheckGracePeriod", 0))


def change(backend: EBBackend, made: Any, before: Mapping[tuple[str, str], str], *, deployed: bool) -> None:
    """Bring them to what the options say now; `deployed`: another version came."""
    if made.parts is None:
        return
    ec2, scaling, elb = _backends(backend)
    options, group = made.options, scaling.autoscaling_groups[made.parts.group]
    least, most = int(options[GROUP, "MinSize"]), int(options[GROUP, "MaxSize"])
    group.min_size, group.max_size = least, most
    group.set_desired_capacity(min(max(group.desired_capacity, least), most))
    asked = checks(options)
    elb.modify_target_group(
        made.parts.targets,
        health_check_path=asked["healthcheck_path"],
        health_check_interval=asked["healthcheck_interval_seconds"],
        health_check_timeout=asked["healthcheck_timeout_seconds"],
        healthy_threshold_count=asked["healthy_threshold_count"],
        unhealthy_threshold_count=asked["unhealthy_threshold_count"],
    )
    if deployed:
        _judge(backend, made)
    immutable = options.get(("aws:elasticbeanstalk:command", "DeploymentPolicy")) == "Immutable"
    if _said(options, _NEW) != _said(before, _NEW) or (deployed and immutable):
        _renew(ec2, group, made)


def _said(options: Mapping[tuple[str, str], str], namespaces: tuple[str, ...]) -> dict[Any, str]:
    return {key: value for key, value in options.items() if key[0] in namespaces}


def _renew(ec2: Any, group: Any, made: Any) -> None:
    """New instances in place of the old ones, of what the options say now."""
    template = ec2.get_launch_template_by_name(made.parts.group)
    template.create_version(_template(made.options), "")
    group.launch_template_version = str(template.latest_version_number)
    for state in list(group.instance_states):
        if state in group.instance_states:  # keeping zones even may have taken it
            terminate(group, [state])
            reconcile(group)


def end(backend: EBBackend, made: Any) -> None:
    """Remove them."""
    if made.parts is None:
        return
    ec2, scaling, elb = _backends(backend)
    parts, made.parts = made.parts, None
    group = scaling.autoscaling_groups.get(parts.group)
    if group is not None:
        group.min_size = 0
        group.set_desired_capacity(0)
        scaling.delete_auto_scaling_group(parts.group)
    ec2.delete_launch_template(name=parts.group, tid=None)
    elb.delete_load_balancer(parts.balancer)
    elb.delete_target_group(parts.targets)


def told(backend: EBBackend, made: Any) -> dict[str, Any]:
    """What DescribeEnvironmentResources tells of them."""
    found: dict[str, Any] = {
        name: []
        for name in (
            *("AutoScalingGroups", "Instances", "LaunchConfigurations", "LaunchTemplates"),
            *("LoadBalancers", "Triggers", "Queues"),
        )
    }
    if made.parts is None:
        return found
    ec2, scaling, _ = _backends(backend)
    group = scaling.autoscaling_groups[made.parts.group]
    return {
        **found,
        "AutoScalingGroups": [{"Name": made.parts.group}],
        "Instances": [{"Id": state.instance.id} for state in group.instance_states],
        "LaunchTemplates": [{"Id": ec2.get_launch_template_by_name(made.parts.group).id}],
        "LoadBalancers": [{"Name": made.parts.balancer}],
    }

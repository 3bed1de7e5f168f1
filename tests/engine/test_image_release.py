"""A fleet keeps its image until another release is asked for, whatever its parameter holds, on the Pulumi CLI."""

from __future__ import annotations

from sandbox.aws import server

STACK = {"aws:region": "us-east-1"}
PROGRAM = f"""
import sys
sys.path.insert(0, {str(server.REPOSITORY)!r})
from components.compute import AutoScaledTier, AutoScaledTierArgs, Image, InstanceRefresh
from components.tags import Tags
tags = Tags(environment="dev", system="s", owner="o", cost_center="1", dr_tier=3, rto_hours=1, rpo_minutes=1)
vpc = aws.ec2.Vpc("v", cidr_block="10.0.0.0/16")
subnets = {{
    zone: aws.ec2.Subnet(zone, vpc_id=vpc.id, cidr_block=f"10.0.{{i}}.0/24", availability_zone=zone).id
    for i, zone in enumerate(("us-east-1a", "us-east-1b"))
}}
if release := config.get("release"):
    AutoScaledTier(
        "web",
        AutoScaledTierArgs(
            tags=tags,
            subnet_ids=subnets,
            security_group_ids=[vpc.default_security_group_id],
            key_arn=aws.kms.Key("k").arn,
            min_size=2,
            max_size=4,
            image=Image(parameter="/golden/web", release=release),
        ),
    )
"""


def test_another_image_waits_for_another_release(sandbox):
    small = sandbox(PROGRAM, stacks={"prod": STACK})
    small("up").ok()

    def publish(image):
        small.boto("ssm").put_parameter(Name="/golden/web", Value=image, Type="String", Overwrite=True)

    def image():
        (found,) = small.boto("ec2").describe_launch_templates()["LaunchTemplates"]
        versions = small.boto("ec2").describe_launch_template_versions(
            LaunchTemplateId=found["LaunchTemplateId"], Versions=["$Latest"]
        )
        return versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]["ImageId"]

    first, second = (
        found["ImageId"] for found in small.boto("ec2").describe_images(Owners=["amazon"])["Images"][:2]
    )
    publish(first)
    with small.changed("prod", lambda config: config.update(release="1")):
        small("up").ok()
    assert image() == first

    publish(second)
    with small.changed("prod", lambda config: config.update(release="1")):
        assert small("preview").ok().changes("prod") == {}
        assert small("up").ok().changes("prod") == {}
    assert image() == first

    with small.changed("prod", lambda config: config.update(release="2")):
        planned = small("up").ok()
    assert planned.changes("prod") == {"create": 1, "delete": 1, "update": 2}  # stashes; template and group
    assert image() == second

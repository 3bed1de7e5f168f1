"""Launch templates: the row, and that what a template says reaches the instances."""

from __future__ import annotations

import base64
import itertools
import json
from typing import Any

import pytest

from sandbox.provider import Provider, ProviderError
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401

TEMPLATE = "aws:ec2/launchTemplate:LaunchTemplate"
NUMBERS = itertools.count()


def urn() -> str:
    return f"urn:pulumi:prod::holdfast::{TEMPLATE}::web{next(NUMBERS)}"


TAGS = {"Name": "web", "owner": "platform"}
IMAGE = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


def encoded(script: str) -> str:
    return base64.b64encode(script.encode()).decode()


def declared(**changes: Any) -> dict[str, Any]:
    inputs = {
        "description": "Instances of web",
        "updateDefaultVersion": True,
        "imageId": "ami-12c6146b",
        "instanceType": "m7i.large",
        "userData": encoded("#!/bin/sh\n"),
        "ebsOptimized": "true",
        "monitoring": {"enabled": True},
        "metadataOptions": {
            "httpEndpoint": "enabled",
            "httpTokens": "required",
            "httpPutResponseHopLimit": 2,
            "instanceMetadataTags": "enabled",
        },
        "blockDeviceMappings": [
            {
                "deviceName": "/dev/xvda",
                "ebs": {
                    "volumeType": "gp3",
                    "volumeSize": 20,
                    "encrypted": "true",
                    "kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/k",
                    "deleteOnTermination": "true",
                },
            }
        ],
        "tagSpecifications": [
            {"resourceType": kind, "tags": TAGS} for kind in ("instance", "volume", "network-interface")
        ],
        "tags": TAGS,
    }
    return {name: value for name, value in {**inputs, **changes}.items() if value is not None}


@pytest.fixture
def make(provider: Provider):
    def made(**changes: Any) -> tuple[str, dict, dict]:
        checked, failures = provider.check(TEMPLATE, urn(), {}, declared(**changes))
        assert failures == []
        id_, outputs = provider.create(TEMPLATE, checked)
        return id_, checked, outputs

    return made


def change(provider: Provider, made: tuple[str, dict, dict], **changes: Any) -> dict:
    id_, olds, outputs = made
    checked, failures = provider.check(TEMPLATE, urn(), olds, declared(**changes))
    assert failures == []
    assert provider.diff(TEMPLATE, olds, checked).replaces == []
    return provider.update(TEMPLATE, id_, olds, outputs, checked)


def latest(boto, id_: str) -> dict:
    versions = boto("ec2").describe_launch_template_versions(LaunchTemplateId=id_, Versions=["$Latest"])
    return versions["LaunchTemplateVersions"][0]


def run(boto, id_: str, **more: Any) -> dict:
    given = {"LaunchTemplate": {"LaunchTemplateId": id_}, "MinCount": 1, "MaxCount": 1, **more}
    return boto("ec2").describe_instances(
        InstanceIds=[boto("ec2").run_instances(**given)["Instances"][0]["InstanceId"]]
    )["Reservations"][0]["Instances"][0]


def volumes_of(boto, instance: dict) -> list[dict]:
    ids = {mapping["Ebs"]["VolumeId"] for mapping in instance["BlockDeviceMappings"]}
    return [volume for volume in boto("ec2").describe_volumes()["Volumes"] if volume["VolumeId"] in ids]


# The row


def test_create(provider: Provider, boto, make) -> None:
    id_, inputs, outputs = make()
    [template] = boto("ec2").describe_launch_templates(LaunchTemplateIds=[id_])["LaunchTemplates"]
    assert template["LaunchTemplateName"] == outputs["name"] == inputs["name"]
    assert {tag["Key"]: tag["Value"] for tag in template["Tags"]} == TAGS
    assert outputs["arn"] == f"arn:aws:ec2:us-east-1:123456789012:launch-template/{id_}"
    assert (outputs["latestVersion"], outputs["defaultVersion"]) == (1, 1)
    data = latest(boto, id_)["LaunchTemplateData"]
    assert data["MetadataOptions"]["HttpTokens"] == "required"
    assert data["BlockDeviceMappings"][0]["Ebs"]["Encrypted"] is True
    assert data["UserData"] == encoded("#!/bin/sh\n")
    assert provider.read(TEMPLATE, id_, inputs)["latestVersion"] == 1


def test_a_change_is_a_version_that_becomes_the_default(provider: Provider, boto, make) -> None:
    made = make()
    outputs = change(provider, made, instanceType="m7i.xlarge")
    assert (outputs["latestVersion"], outputs["defaultVersion"]) == (2, 2)
    data = latest(boto, made[0])["LaunchTemplateData"]
    assert data["InstanceType"] == "m7i.xlarge"
    assert data["MetadataOptions"]["HttpTokens"] == "required"


def test_the_default_stays_where_the_program_does_not_move_it(provider: Provider, make) -> None:
    made = make(updateDefaultVersion=None)
    outputs = change(provider, made, instanceType="m7i.xlarge", updateDefaultVersion=None)
    assert (outputs["latestVersion"], outputs["defaultVersion"]) == (2, 1)


def test_tags_change_without_a_version_and_are_shown(provider: Provider, boto, make) -> None:
    made = make()
    outputs = change(provider, made, tags={"Name": "other"})
    assert outputs["latestVersion"] == 1
    [template] = boto("ec2").describe_launch_templates(LaunchTemplateIds=[made[0]])["LaunchTemplates"]
    assert template["Tags"] == [{"Key": "Name", "Value": "other"}]


def test_another_name_is_another_template(provider: Provider, make) -> None:
    _, inputs, _ = make()
    assert provider.diff(TEMPLATE, inputs, {**inputs, "name": "other"}).replaces == ["name"]


def test_delete(provider: Provider, make) -> None:
    id_, inputs, outputs = make()
    provider.delete(TEMPLATE, id_, inputs, outputs)
    assert provider.read(TEMPLATE, id_, inputs) is None


def test_data_that_does_not_fit_is_refused_at_check(provider: Provider) -> None:
    wrong = declared(metadataOptions={"httpTokens": "perhaps"})
    _, [(_, reason)] = provider.check(TEMPLATE, urn(), {}, wrong)
    assert "'perhaps' is not allowed" in reason


# What reaches the instances


def test_tokens_monitoring_and_tags_reach_the_instance(boto, make) -> None:
    instance = run(boto, make()[0])
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    assert instance["MetadataOptions"]["HttpPutResponseHopLimit"] == 2
    assert instance["MetadataOptions"]["InstanceMetadataTags"] == "enabled"
    assert instance["Monitoring"]["State"] == "enabled"
    assert instance["EbsOptimized"] is True
    assert {tag["Key"]: tag["Value"] for tag in instance["Tags"]}.items() >= TAGS.items()
    [interface] = instance["NetworkInterfaces"]
    found = boto("ec2").describe_network_interfaces(NetworkInterfaceIds=[interface["NetworkInterfaceId"]])
    assert {tag["Key"]: tag["Value"] for tag in found["NetworkInterfaces"][0]["TagSet"]} == TAGS


def test_the_request_wins_over_the_template(boto, make) -> None:
    instance = run(boto, make()[0], MetadataOptions={"HttpPutResponseHopLimit": 1})
    assert instance["MetadataOptions"]["HttpPutResponseHopLimit"] == 1
    assert instance["MetadataOptions"]["HttpTokens"] == "required"


def test_the_root_volume_is_the_templates_alone(boto, make) -> None:
    image = boto("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    instance = run(boto, make(imageId=image)[0])
    [volume] = volumes_of(boto, instance)
    assert (volume["Encrypted"], volume["Size"], volume["VolumeType"]) == (True, 20, "gp3")
    assert {tag["Key"]: tag["Value"] for tag in volume["Tags"]} == TAGS


def test_the_instance_has_the_templates_profile(boto, make) -> None:
    trust = {"Version": "2012-10-17", "Statement": []}
    iam = boto("iam")
    iam.create_role(RoleName="web", AssumeRolePolicyDocument=json.dumps(trust))
    arn = iam.create_instance_profile(InstanceProfileName="web")["InstanceProfile"]["Arn"]
    iam.add_role_to_instance_profile(InstanceProfileName="web", RoleName="web")
    instance = run(boto, make(iamInstanceProfile={"arn": arn})[0])
    assert instance["IamInstanceProfile"]["Arn"] == arn


def test_nothing_of_a_terminated_instance_is_left(boto, make) -> None:
    image = boto("ssm").get_parameter(Name=IMAGE)["Parameter"]["Value"]
    instance = run(boto, make(imageId=image)[0])
    assert volumes_of(boto, instance)
    boto("ec2").terminate_instances(InstanceIds=[instance["InstanceId"]])
    interface = instance["NetworkInterfaces"][0]["NetworkInterfaceId"]
    filters = [{"Name": "network-interface-id", "Values": [interface]}]
    assert boto("ec2").describe_network_interfaces(Filters=filters)["NetworkInterfaces"] == []
    assert volumes_of(boto, instance) == []


def test_a_later_version_can_be_launched_with_its_user_data(provider: Provider, boto, make) -> None:
    made = make()
    change(provider, made, userData=encoded("#!/bin/sh\necho two\n"))
    instance = run(boto, made[0])
    data = boto("ec2").describe_instance_attribute(InstanceId=instance["InstanceId"], Attribute="userData")
    assert data["UserData"]["Value"] == encoded("#!/bin/sh\necho two\n")


def test_an_image_parameter_is_read_at_each_launch(boto, make) -> None:
    ssm, (id_, _, _) = boto("ssm"), make(imageId="resolve:ssm:/golden/web")
    for image in ("ami-11111111", "ami-22222222"):
        ssm.put_parameter(Name="/golden/web", Value=image, Type="String", Overwrite=True)
        assert run(boto, id_)["ImageId"] == image


def test_an_image_parameter_that_is_missing_fails_the_launch(boto, make) -> None:
    id_, _, _ = make(imageId="resolve:ssm:/golden/none")
    with pytest.raises(
        boto("ec2").exceptions.ClientError, match="resolve:ssm:/golden/none does not exist in us-east-1"
    ):
        run(boto, id_)


def test_a_template_name_is_taken_once(provider: Provider, make) -> None:
    make(name="web")
    with pytest.raises(ProviderError, match="AlreadyExists"):
        provider.create(TEMPLATE, declared(name="web"))

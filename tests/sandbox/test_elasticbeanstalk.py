"""Elastic Beanstalk in the sandbox: what an environment has in EC2, what follows a change of it, and what AWS refuses."""

from __future__ import annotations

import io
import zipfile
from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.provider import ProviderError
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401
from tests.sandbox.test_public_rows import Made, World

APPLICATION = "aws:elasticbeanstalk/application:Application"
VERSION = "aws:elasticbeanstalk/applicationVersion:ApplicationVersion"
ENVIRONMENT = "aws:elasticbeanstalk/environment:Environment"
GROUP, NETWORK = "aws:autoscaling:asg", "aws:ec2:vpc"
KIND, PROCESS = "aws:elasticbeanstalk:environment", "aws:elasticbeanstalk:environment:process:default"
CHECKED = """
Resources:
  AWSEBAutoScalingGroup:
    Properties: {HealthCheckType: ELB, HealthCheckGracePeriod: 240}
"""
Said = dict[tuple[str, str], str]


def packed(**files: str) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as bundle:
        for name, text in files.items():
            bundle.writestr(name.replace("__", "/"), text)
    return content.getvalue()


def rows(said: Said) -> list[dict[str, str]]:
    return [{"namespace": space, "name": name, "value": value} for (space, name), value in said.items()]


@pytest.fixture(scope="module")
def world(provider: Any) -> World:
    return World(provider)


@pytest.fixture(scope="module")
def network(world: World) -> Said:
    vpc = world.make("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}).id
    made = [
        world.make(
            "aws:ec2/subnet:Subnet",
            {"vpcId": vpc, "cidrBlock": f"10.0.{n}.0/24", "availabilityZone": f"us-east-1{zone}"},
            f"s{n}",
        ).id
        for n, zone in enumerate("abc")
    ]
    return {
        (NETWORK, "VPCId"): vpc,
        (NETWORK, "Subnets"): ",".join(made),
        (NETWORK, "ELBSubnets"): ",".join(made),
    }


@pytest.fixture(scope="module")
def application(world: World, boto: Any) -> Made:
    s3 = boto("s3")
    s3.create_bucket(Bucket="bundles")
    s3.put_object(Bucket="bundles", Key="one.zip", Body=packed(**{"application.py": "1"}))
    s3.put_object(Bucket="bundles", Key="two.zip", Body=packed(**{".ebextensions__a.config": CHECKED}))
    lifecycle = {"serviceRole": "arn:aws:iam::123456789012:role/eb", "maxCount": 5}
    return world.make(
        APPLICATION, {"name": "shop", "appversionLifecycle": lifecycle, "tags": {"a": "b"}}, "shop"
    )


@pytest.fixture(scope="module")
def versions(world: World, application: Made) -> list[str]:
    return [
        world.make(
            VERSION,
            {
                "name": name,
                "application": application.id,
                "bucket": "bundles",
                "key": f"{name}.zip",
                "tags": {"v": name},
            },
            name,
        ).id
        for name in ("one", "two")
    ]


@pytest.fixture(scope="module")
def said(network: Said) -> Said:
    return {
        **network,
        (GROUP, "MinSize"): "3",
        (GROUP, "MaxSize"): "9",
        (KIND, "EnvironmentType"): "LoadBalanced",
        (KIND, "LoadBalancerType"): "application",
        (PROCESS, "HealthCheckPath"): "/up",
        (PROCESS, "HealthCheckInterval"): "10",
        ("aws:autoscaling:launchconfiguration", "DisableIMDSv1"): "true",
        ("aws:ec2:instances", "InstanceTypes"): "m7g.large,m6g.large",
        ("aws:elasticbeanstalk:command", "DeploymentPolicy"): "Immutable",
    }


@pytest.fixture(scope="module")
def inputs(said: Said, versions: list[str]) -> dict[str, Any]:
    return {
        "name": "shop-live",
        "application": "shop",
        "version": versions[0],
        "solutionStackName": "64bit Amazon Linux 2023 v4.6.0 running Python 3.13",
        "settings": rows(said),
        "tags": {"team": "shop"},
    }


@pytest.fixture(scope="module")
def environment(world: World, inputs: dict[str, Any]) -> Made:
    return world.make(ENVIRONMENT, inputs, "shop-live")


def group(boto: Any, made: Made) -> dict[str, Any]:
    [name] = made.outputs["autoscalingGroups"]
    asked = boto("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    return dict(asked["AutoScalingGroups"][0])


def targets(boto: Any, made: Made) -> dict[str, Any]:
    [arn] = made.outputs["loadBalancers"]
    [found] = boto("elbv2").describe_target_groups(LoadBalancerArn=arn)["TargetGroups"]
    return dict(found)


def test_its_instances_are_in_every_zone_and_serve(environment: Made, boto: Any) -> None:
    found, asked = group(boto, environment), targets(boto, environment)
    assert Counter(each["AvailabilityZone"][-1] for each in found["Instances"]) == {"a": 1, "b": 1, "c": 1}
    assert (found["MinSize"], found["MaxSize"], found["HealthCheckType"]) == (3, 9, "EC2")
    tags = {tag["Key"]: tag["Value"] for tag in found["Tags"]}
    assert tags["elasticbeanstalk:environment-name"] == "shop-live"
    assert tags["team"] == "shop"
    assert found["TargetGroupARNs"] == [asked["TargetGroupArn"]]
    assert (asked["HealthCheckPath"], asked["HealthCheckIntervalSeconds"]) == ("/up", 10)
    health = boto("elbv2").describe_target_health(TargetGroupArn=asked["TargetGroupArn"])
    assert [each["TargetHealth"]["State"] for each in health["TargetHealthDescriptions"]] == ["healthy"] * 3


def test_what_instances_launch_from(environment: Made, boto: Any) -> None:
    [name] = environment.outputs["autoscalingGroups"]
    versions = boto("ec2").describe_launch_template_versions(LaunchTemplateName=name)
    data = versions["LaunchTemplateVersions"][0]["LaunchTemplateData"]
    assert data["InstanceType"] == "m7g.large"
    assert data["MetadataOptions"]["HttpTokens"] == "required"


def test_it_is_told_what_it_has(environment: Made, boto: Any, said: Said) -> None:
    told = boto("elasticbeanstalk").describe_environment_resources(EnvironmentName="shop-live")[
        "EnvironmentResources"
    ]
    assert [each["Name"] for each in told["LoadBalancers"]] == environment.outputs["loadBalancers"]
    assert sorted(each["Id"] for each in told["Instances"]) == sorted(environment.outputs["instances"])
    assert environment.outputs["endpointUrl"].endswith(".us-east-1.elb.amazonaws.com")
    options = {
        (each["namespace"], each["name"]): each["value"] for each in environment.outputs["allSettings"]
    }
    assert options == said
    [shown] = boto("elasticbeanstalk").describe_environments(EnvironmentNames=["shop-live"])["Environments"]
    assert (shown["VersionLabel"], shown["Health"]) == ("one", "Green")


def test_the_first_listener_is_plain_http_unless_it_is_switched_off(environment: Made, boto: Any) -> None:
    [arn] = environment.outputs["loadBalancers"]
    found = boto("elbv2").describe_listeners(LoadBalancerArn=arn)["Listeners"]
    assert [(each["Port"], each["Protocol"]) for each in found] == [(80, "HTTP")]


def test_sizes_follow_and_what_runs_serves_on(boto: Any, environment: Made) -> None:
    eb, before = boto("elasticbeanstalk"), {i["InstanceId"] for i in group(boto, environment)["Instances"]}
    told = [{"Namespace": GROUP, "OptionName": "MinSize", "Value": "6"}]
    eb.update_environment(EnvironmentName="shop-live", OptionSettings=told)
    found = group(boto, environment)
    assert (found["MinSize"], found["DesiredCapacity"], len(found["Instances"])) == (6, 6, 6)
    assert before < {each["InstanceId"] for each in found["Instances"]}
    back = [{"Namespace": GROUP, "OptionName": "MinSize", "Value": "3"}]
    eb.update_environment(EnvironmentName="shop-live", OptionSettings=back)
    assert group(boto, environment)["DesiredCapacity"] == 6, "what scaling has launched stays"


def test_another_version_is_deployed_on_new_instances(environment: Made, boto: Any) -> None:
    before = {i["InstanceId"] for i in group(boto, environment)["Instances"]}
    environment.change(version="two")
    found = group(boto, environment)
    assert not before & {i["InstanceId"] for i in found["Instances"]}
    assert (found["HealthCheckType"], found["HealthCheckGracePeriod"]) == ("ELB", 240), "as its bundle says"


WRONG: dict[str, tuple[Said, str]] = {
    "nobody": (
        {(GROUP, "MinSize"): "0"},
        "'0' .*OptionName: 'MinSize'.: Value is less than minimum allowed value: 1",
    ),
    "everybody": ({(GROUP, "MaxSize"): "10001"}, "Value is greater than maximum allowed value: 10000"),
    "no-number": ({(GROUP, "MinSize"): "few"}, "Value is not a number"),
    "more-than-most": (
        {(GROUP, "MinSize"): "5"},
        "minimum instance count .5. is greater than its maximum .4.",
    ),
}


@pytest.mark.parametrize("name", WRONG)
def test_sizes_that_can_not_be(name: str, world: World, inputs: dict[str, Any], boto: Any) -> None:
    settings, message = WRONG[name]
    given = {**inputs, "name": f"shop-{name}"[:40], "settings": rows(settings)}
    with pytest.raises(ProviderError, match=message):
        world.make(ENVIRONMENT, given, name)
    known = boto("elasticbeanstalk").describe_environments()["Environments"]
    assert given["name"] not in {each["EnvironmentName"] for each in known}


def test_a_version_needs_its_bundle(application: Made, world: World) -> None:
    given = {"name": "three", "application": application.id, "bucket": "bundles", "key": "three.zip"}
    with pytest.raises(
        ProviderError, match=r"Unable to download from S3 location .Bucket: bundles  Key: three.zip"
    ):
        world.make(VERSION, given, "three")


def test_what_is_in_use_stays(environment: Made, boto: Any) -> None:
    eb = boto("elasticbeanstalk")
    with pytest.raises(ClientError, match="deployed to a running environment"):
        eb.delete_application(ApplicationName="shop")
    with pytest.raises(ClientError, match="No Application Version named 'none' found"):
        eb.update_environment(EnvironmentName="shop-live", VersionLabel="none")
    with pytest.raises(ClientError, match="Environment shop-live already exists"):
        eb.create_environment(ApplicationName="shop", EnvironmentName="shop-live")


def test_tags_of_each(application: Made, environment: Made, boto: Any) -> None:
    eb = boto("elasticbeanstalk")
    for arn, tags in (
        (application.outputs["arn"], {"a": "b"}),
        (environment.outputs["arn"], {"team": "shop"}),
    ):
        found = eb.list_tags_for_resource(ResourceArn=arn)["ResourceTags"]
        assert {each["Key"]: each["Value"] for each in found} == tags
    arn = eb.describe_application_versions(VersionLabels=["two"])["ApplicationVersions"][0][
        "ApplicationVersionArn"
    ]
    eb.update_tags_for_resource(ResourceArn=arn, TagsToAdd=[{"Key": "n", "Value": "1"}], TagsToRemove=["v"])
    assert eb.list_tags_for_resource(ResourceArn=arn)["ResourceTags"] == [{"Key": "n", "Value": "1"}]


def test_a_single_instance_has_no_data_plane_here(world: World, inputs: dict[str, Any]) -> None:
    single = rows({(KIND, "EnvironmentType"): "SingleInstance"})
    made = world.make(ENVIRONMENT, {**inputs, "name": "shop-one", "settings": single}, "shop-one")
    assert (made.outputs["autoscalingGroups"], made.outputs["loadBalancers"]) == ([], [])


def test_the_newest_solution_stack(provider: Any) -> None:
    token = "aws:elasticbeanstalk/getSolutionStack:getSolutionStack"
    found = provider.invoke(
        token, {"mostRecent": True, "nameRegex": r"^64bit Amazon Linux 2023 v[0-9.]+ running Python 3\.13$"}
    )
    assert found["name"] == "64bit Amazon Linux 2023 v4.6.0 running Python 3.13"
    with pytest.raises(ProviderError, match="returned no results"):
        provider.invoke(token, {"nameRegex": "running COBOL"})
    with pytest.raises(ProviderError, match=r"returned \d+ solution stacks"):
        provider.invoke(token, {"nameRegex": "Python"})
    zone = provider.invoke("aws:lb/getHostedZoneId:getHostedZoneId", {"loadBalancerType": "application"})
    assert zone["id"] == "Z35SXDOTRQ7X7K"
    with pytest.raises(ProviderError, match="no hosted zone of network load balancers"):
        provider.invoke("aws:lb/getHostedZoneId:getHostedZoneId", {"loadBalancerType": "network"})


def test_when_it_ends_everything_of_it_goes(environment: Made, boto: Any) -> None:
    [name] = environment.outputs["autoscalingGroups"]
    environment.gone()
    scaling = boto("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
    assert scaling["AutoScalingGroups"] == []
    assert boto("elbv2").describe_load_balancers()["LoadBalancers"] == []
    assert boto("elbv2").describe_target_groups()["TargetGroups"] == []

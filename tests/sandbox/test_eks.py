"""EKS in the sandbox: nodes that there are, what they launch from, and what AWS refuses."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.provider import ProviderError
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401
from tests.sandbox.test_public_rows import Made, World

CLUSTER, NODES = "aws:eks/cluster:Cluster", "aws:eks/nodeGroup:NodeGroup"
ROLE = "arn:aws:iam::123456789012:role/eks"
SIZES = {"minSize": 3, "maxSize": 6, "desiredSize": 3}


@pytest.fixture(scope="module")
def world(provider: Any) -> World:
    return World(provider)


@pytest.fixture(scope="module")
def subnets(world: World) -> list[str]:
    vpc = world.make("aws:ec2/vpc:Vpc", {"cidrBlock": "10.0.0.0/16"}).id
    return [
        world.make(
            "aws:ec2/subnet:Subnet",
            {"vpcId": vpc, "cidrBlock": f"10.0.{n}.0/24", "availabilityZone": f"us-east-1{zone}"},
            f"s{n}",
        ).id
        for n, zone in enumerate("abc")
    ]


@pytest.fixture(scope="module")
def cluster(world: World, subnets: list[str]) -> Made:
    given = {"name": "apps", "roleArn": ROLE, "version": "1.34", "vpcConfig": {"subnetIds": subnets}}
    return world.make(CLUSTER, {**given, "zonalShiftConfig": {"enabled": True}}, "apps")


@pytest.fixture(scope="module")
def template(world: World) -> Made:
    return world.make(
        "aws:ec2/launchTemplate:LaunchTemplate",
        {"name": "nodes", "metadataOptions": {"httpTokens": "required", "httpEndpoint": "enabled"}},
        "nodes",
    )


@pytest.fixture(scope="module")
def nodes(world: World, cluster: Made, template: Made, subnets: list[str]) -> Made:
    return world.make(
        NODES,
        {
            "clusterName": cluster.id,
            "nodeRoleArn": ROLE,
            "subnetIds": subnets,
            "scalingConfig": SIZES,
            "instanceTypes": ["m7g.large", "m6g.large"],
            "amiType": "AL2023_ARM_64_STANDARD",
            "launchTemplate": {"id": template.id, "version": "1"},
            "nodeRepairConfig": {"enabled": True},
        },
        "nodes",
    )


def scaling(nodes: Made) -> str:
    return str(nodes.outputs["resources"][0]["autoscalingGroups"][0]["name"])


def group(boto: Any, nodes: Made) -> dict[str, Any]:
    asked = boto("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[scaling(nodes)])
    return dict(asked["AutoScalingGroups"][0])


def test_a_cluster_has_its_security_group(cluster: Made, boto: Any) -> None:
    network = cluster.outputs["vpcConfig"]
    [found] = boto("ec2").describe_security_groups(GroupIds=[network["clusterSecurityGroupId"]])[
        "SecurityGroups"
    ]
    assert found["GroupName"] == "eks-cluster-sg-apps"
    assert found["VpcId"] == network["vpcId"]
    assert boto("eks").describe_cluster(name="apps")["cluster"]["zonalShiftConfig"] == {"enabled": True}


def test_nodes_are_instances_in_every_zone(nodes: Made, boto: Any) -> None:
    found = group(boto, nodes)
    zones = Counter(each["AvailabilityZone"] for each in found["Instances"])
    assert zones == {"us-east-1a": 1, "us-east-1b": 1, "us-east-1c": 1}
    ids = [each["InstanceId"] for each in found["Instances"]]
    [instance, *_] = boto("ec2").describe_instances(InstanceIds=ids)["Reservations"][0]["Instances"]
    assert instance["InstanceType"] == "m7g.large"
    assert instance["MetadataOptions"]["HttpTokens"] == "required"
    tags = {each["Key"]: each["Value"] for each in instance["Tags"]}
    assert (tags["eks:cluster-name"], tags["eks:nodegroup-name"]) == ("apps", nodes.inputs["nodeGroupName"])
    said = boto("eks").describe_nodegroup(clusterName="apps", nodegroupName=tags["eks:nodegroup-name"])
    assert "remoteAccess" not in said["nodegroup"]
    assert said["nodegroup"]["version"] == "1.34"
    assert said["nodegroup"]["nodeRepairConfig"] == {"enabled": True}


def test_a_node_that_is_terminated_is_replaced(nodes: Made, boto: Any) -> None:
    lost = group(boto, nodes)["Instances"][0]
    boto("ec2").terminate_instances(InstanceIds=[lost["InstanceId"]])
    found = group(boto, nodes)["Instances"]
    assert lost["InstanceId"] not in {each["InstanceId"] for each in found}
    assert Counter(each["AvailabilityZone"] for each in found)[lost["AvailabilityZone"]] == 1


def test_a_target_group_that_is_attached_has_the_nodes_and_the_group_its_tag(
    world: World, nodes: Made, cluster: Made, boto: Any
) -> None:
    elb = boto("elbv2")
    vpc = cluster.outputs["vpcConfig"]["vpcId"]
    arn = elb.create_target_group(Name="nodes", Protocol="HTTP", Port=30080, VpcId=vpc)["TargetGroups"][0][
        "TargetGroupArn"
    ]
    of_group = {"autoscalingGroupName": scaling(nodes)}
    joined = world.make(
        "aws:autoscaling/attachment:Attachment", {**of_group, "lbTargetGroupArn": arn}, "join"
    )
    targets = elb.describe_target_health(TargetGroupArn=arn)["TargetHealthDescriptions"]
    assert {each["Target"]["Id"] for each in targets} == {
        each["InstanceId"] for each in group(boto, nodes)["Instances"]
    }
    need = {"key": "dr:required-capacity", "value": "2", "propagateAtLaunch": False}
    tag = world.make("aws:autoscaling/tag:Tag", {**of_group, "tag": need}, "need")
    told = {each["Key"]: each["Value"] for each in group(boto, nodes)["Tags"]}
    assert told["dr:required-capacity"] == "2"
    tag.change(tag={**need, "value": "3"})
    assert {"3"} == {each["Value"] for each in group(boto, nodes)["Tags"] if each["Key"] == need["key"]}
    for each in (tag, joined):
        each.gone()
    assert group(boto, nodes)["TargetGroupARNs"] == []
    assert need["key"] not in {each["Key"] for each in group(boto, nodes)["Tags"]}


def test_sizes_reach_the_instances_and_only_what_fits_is_taken(nodes: Made, boto: Any) -> None:
    nodes.change(scalingConfig={**SIZES, "desiredSize": 5})
    assert len(group(boto, nodes)["Instances"]) == 5
    eks, named = boto("eks"), {"clusterName": "apps", "nodegroupName": nodes.inputs["nodeGroupName"]}
    with pytest.raises(ClientError, match=r"InvalidParameterException.* desired capacity 7 can't be outside"):
        eks.update_nodegroup_config(**named, scalingConfig={"minSize": 3, "desiredSize": 7})
    with pytest.raises(ClientError, match=r"Minimum capacity 7 can't be greater than maximum size 6"):
        eks.update_nodegroup_config(**named, scalingConfig={"minSize": 7, "desiredSize": 7})
    with pytest.raises(ClientError, match="ResourceNotFoundException"):
        eks.update_nodegroup_config(clusterName="apps", nodegroupName="none", scalingConfig=SIZES)


def test_a_version_is_one_step_up_and_nodes_follow_when_they_are_told(
    cluster: Made, nodes: Made, template: Made, boto: Any
) -> None:
    with pytest.raises(
        ProviderError, match=r"Unsupported Kubernetes minor version update from 1\.34 to 1\.36"
    ):
        cluster.change(version="1.36")
    cluster.change(version="1.35")
    before = {each["InstanceId"] for each in group(boto, nodes)["Instances"]}
    template.change(ebsOptimized="true")
    nodes.change(launchTemplate={"id": template.id, "version": "2"})
    after = group(boto, nodes)["Instances"]
    assert not before & {each["InstanceId"] for each in after}
    assert len(after) == len(before)
    said = boto("eks").describe_nodegroup(clusterName="apps", nodegroupName=nodes.inputs["nodeGroupName"])
    assert said["nodegroup"]["version"] == "1.35"


def test_what_is_gone_leaves_nothing(world: World, cluster: Made, subnets: list[str], boto: Any) -> None:
    given = {"clusterName": cluster.id, "nodeRoleArn": ROLE, "subnetIds": subnets, "scalingConfig": SIZES}
    made = world.make(NODES, given, "short")
    name = scaling(made)
    made.gone()
    assert name not in {
        each["AutoScalingGroupName"]
        for each in boto("autoscaling").describe_auto_scaling_groups()["AutoScalingGroups"]
    }
    assert name not in {
        each["LaunchTemplateName"] for each in boto("ec2").describe_launch_templates()["LaunchTemplates"]
    }
    other = world.make(
        CLUSTER, {"name": "other", "roleArn": ROLE, "vpcConfig": {"subnetIds": subnets}}, "other"
    )
    group_id = other.outputs["vpcConfig"]["clusterSecurityGroupId"]
    other.gone()
    with pytest.raises(ClientError, match=r"InvalidGroup.NotFound"):
        boto("ec2").describe_security_groups(GroupIds=[group_id])

"""The auto-scaled tier, declared by the component and made by the provider: what AWS then has."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from components.compute import (
    AutoScaledTier,
    Metric,
    Spot,
    Target,
    Tracking,
    ZoneAlarms,
    statically_stable_size,
)
from sandbox.provider import Provider
from sandbox.provider.values import plain
from tests import pulumi_mocks
from tests.components.test_compute_tier import TYPES, arguments, everything
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401
from tests.sandbox.test_autoscaling import ZONES

ZONE_IDS = ("use1-az1", "use1-az2", "use1-az4")
KEY = "arn:aws:kms:us-east-1:123456789012:key/k"


@pytest.fixture
def on_sandbox(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    """Lets the provider answer what the mocks would."""

    def new_resource(_self: Any, args: Any) -> tuple[str | None, dict]:
        if args.typ == pulumi_mocks.STASH:
            return pulumi_mocks.stashed(args)
        if not args.typ.startswith("aws:"):
            return None, {}
        urn = f"urn:pulumi:prod::holdfast::{args.typ}::{args.name}"
        checked, failures = provider.check(args.typ, urn, {}, plain(args.inputs))
        assert failures == []
        return provider.create(args.typ, checked)

    monkeypatch.setattr(pulumi_mocks._Answers, "new_resource", new_resource)
    monkeypatch.setattr(
        pulumi_mocks._Answers, "call", lambda _self, args: provider.invoke(args.token, args.args)
    )


@pytest.fixture(scope="module")
def ground(boto: Any) -> dict[str, Any]:
    """Three subnets, a security group and a load balancer that forwards to a target group."""
    ec2, elb = boto("ec2"), boto("elbv2")
    vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
    subnets = [
        ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=zone)["Subnet"]["SubnetId"]
        for i, zone in enumerate(ZONES)
    ]
    group = ec2.create_security_group(GroupName="web", Description="web", VpcId=vpc)["GroupId"]
    balancer = elb.create_load_balancer(
        Name="web", Subnets=subnets, SecurityGroups=[group], Scheme="internal"
    )
    arn = balancer["LoadBalancers"][0]["LoadBalancerArn"]
    served = elb.create_target_group(Name="web", Protocol="HTTP", Port=80, VpcId=vpc)["TargetGroups"][0]
    listener = elb.create_listener(
        LoadBalancerArn=arn,
        Protocol="HTTP",
        Port=80,
        DefaultActions=[{"Type": "forward", "TargetGroupArn": served["TargetGroupArn"]}],
    )["Listeners"][0]
    target = Target(
        arn=served["TargetGroupArn"],
        arn_suffix=served["TargetGroupArn"].rsplit(":", 1)[-1],
        load_balancer_arn_suffix=arn.split(":loadbalancer/")[-1],
        listener_arn=listener["ListenerArn"],
    )
    return {
        "subnet_ids": dict(zip(ZONE_IDS, subnets, strict=True)),
        "security_group_ids": [group],
        "key_arn": KEY,
        "target": target,
    }


def only(found: list[dict]) -> dict:
    assert len(found) == 1
    return found[0]


@pytest.mark.usefixtures("on_sandbox")
def test_what_is_declared_runs(boto: Any, ground: dict[str, Any]) -> None:
    size = statically_stable_size(4, 3)
    topic = boto("sns").create_topic(Name="operations")["TopicArn"]
    changes = {
        **everything(),
        **ground,
        "min_size": size.total,
        "max_size": 18,
        "instance_types": TYPES,
        "spot": Spot(),
        "tracking": (Tracking(), Tracking(metric=Metric.REQUESTS, target=900)),
        "zone_alarms": ZoneAlarms(zone_names=dict(zip(ZONE_IDS, ZONES, strict=True)), topic_arn=topic),
    }
    made = pulumi_mocks.deploy(lambda: AutoScaledTier("web", arguments(**changes)) and None)
    name = made.outputs[made.one("AutoScaledTier").urn]["group_name"]

    scaling = boto("autoscaling")
    group = only(scaling.describe_auto_scaling_groups(AutoScalingGroupNames=[name])["AutoScalingGroups"])
    ids = [instance["InstanceId"] for instance in group["Instances"]]
    assert Counter(i["AvailabilityZone"] for i in group["Instances"]) == dict.fromkeys(ZONES, 2)
    health = boto("elbv2").describe_target_health(TargetGroupArn=ground["target"].arn)
    assert {each["Target"]["Id"] for each in health["TargetHealthDescriptions"]} == set(ids)

    reservations = boto("ec2").describe_instances(InstanceIds=ids)["Reservations"]
    for instance in (instance for reservation in reservations for instance in reservation["Instances"]):
        assert instance["MetadataOptions"]["HttpTokens"] == "required"
        assert instance["IamInstanceProfile"]["Arn"].startswith(
            "arn:aws:iam::123456789012:instance-profile/web-profile"
        )
        assert "KeyName" not in instance
        tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
        assert {"environment", "system", "owner", "cost-center", "dr-tier", "rto-hours"} <= set(tags)
        volumes = [mapping["Ebs"]["VolumeId"] for mapping in instance["BlockDeviceMappings"]]
        volume = only(boto("ec2").describe_volumes(VolumeIds=volumes)["Volumes"])
        assert (volume["Encrypted"], volume["KmsKeyId"], volume["VolumeType"]) == (True, KEY, "gp3")
        assert {tag["Key"]: tag["Value"] for tag in volume["Tags"]}.items() <= tags.items()

    policies = scaling.describe_policies(AutoScalingGroupName=name)["ScalingPolicies"]
    assert {policy["PolicyType"] for policy in policies} == {"TargetTrackingScaling"}
    assert len(policies) == 2
    alarms = boto("cloudwatch").describe_alarms(AlarmNamePrefix="web-healthy")["MetricAlarms"]
    assert {d["Value"] for a in alarms for d in a["Dimensions"] if d["Name"] == "AvailabilityZone"} == set(
        ZONES
    )
    assert {alarm["TreatMissingData"] for alarm in alarms} == {"breaching"}


def test_an_unknown_preview_passes_the_provider(monkeypatch: pytest.MonkeyPatch, provider: Provider) -> None:
    failures: list[Any] = []

    def new_resource(_self: Any, args: Any) -> tuple[str | None, dict]:
        if args.typ.startswith("aws:"):
            urn = f"urn:pulumi:prod::holdfast::{args.typ}::{args.name}"
            failures.extend(provider.check(args.typ, urn, {}, plain(args.inputs))[1])
        return None, dict(args.inputs)

    monkeypatch.setattr(pulumi_mocks._Answers, "new_resource", new_resource)
    pulumi_mocks.deploy(lambda: AutoScaledTier("web", arguments(**everything())) and None, preview=True)
    assert failures == []

"""Auto Scaling: the rows, and groups that keep their instances in all zones that live."""

from __future__ import annotations

import itertools
import json
import time
import urllib.request
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from botocore.exceptions import ClientError

from sandbox.aws.extensions import _lifecycle_hooks
from sandbox.provider import Provider, ProviderError
from tests.sandbox.module_aws import module_aws_endpoint, module_boto, module_provider  # noqa: F401
from tests.sandbox.test_launch_template import TEMPLATE, declared

GROUP = "aws:autoscaling/group:Group"
POLICY = "aws:autoscaling/policy:Policy"
SCHEDULE = "aws:autoscaling/schedule:Schedule"
HOOK = "aws:autoscaling/lifecycleHook:LifecycleHook"
NUMBERS = itertools.count()
ZONES = ("us-east-1a", "us-east-1b", "us-east-1c")
REFRESH = {
    "strategy": "Rolling",
    "preferences": {
        "minHealthyPercentage": 100,
        "maxHealthyPercentage": 110,
        "instanceWarmup": "120",
        "autoRollback": True,
        "skipMatching": True,
        "alarmSpecification": {"alarms": ["web-healthy"]},
    },
}


def urn(token: str) -> str:
    return f"urn:pulumi:prod::holdfast::{token}::web{next(NUMBERS)}"


class World:
    """A network, a load balancer with a target group, a template, and what makes and changes groups on them."""

    def __init__(self, provider: Provider, boto: Any, endpoint: str) -> None:
        self.provider, self.boto, self.endpoint = provider, boto, endpoint
        ec2, elb = boto("ec2"), boto("elbv2")
        vpc = ec2.create_vpc(CidrBlock="10.0.0.0/16")["Vpc"]["VpcId"]
        self.subnets = [
            ec2.create_subnet(VpcId=vpc, CidrBlock=f"10.0.{i}.0/24", AvailabilityZone=zone)["Subnet"][
                "SubnetId"
            ]
            for i, zone in enumerate(ZONES)
        ]
        self.target_group = elb.create_target_group(
            Name=f"web{next(NUMBERS)}", Protocol="HTTP", Port=80, VpcId=vpc
        )["TargetGroups"][0]["TargetGroupArn"]
        self.template = self.make(TEMPLATE, declared())

    def make(self, token: str, inputs: dict[str, Any]) -> tuple[str, dict, dict]:
        checked, failures = self.provider.check(token, urn(token), {}, inputs)
        assert failures == []
        id_, outputs = self.provider.create(token, checked)
        return id_, checked, outputs

    def declared(self, **changes: Any) -> dict[str, Any]:
        inputs = {
            "vpcZoneIdentifiers": self.subnets,
            "availabilityZoneDistribution": {"capacityDistributionStrategy": "balanced-best-effort"},
            "minSize": 6,
            "maxSize": 12,
            "desiredCapacity": 6,
            "targetGroupArns": [self.target_group],
            "healthCheckType": "ELB",
            "healthCheckGracePeriod": 120,
            "defaultInstanceWarmup": 90,
            "instanceMaintenancePolicy": {"minHealthyPercentage": 100, "maxHealthyPercentage": 110},
            "instanceRefresh": REFRESH,
            "terminationPolicies": ["OldestLaunchTemplate", "Default"],
            "capacityRebalance": False,
            "enabledMetrics": ["GroupMinSize", "GroupMaxSize"],
            "metricsGranularity": "1Minute",
            "tags": [
                {"key": "Name", "value": "web", "propagateAtLaunch": True},
                {"key": "internal", "value": "yes", "propagateAtLaunch": False},
            ],
            "launchTemplate": {"id": self.template[0], "version": "1"},
        }
        return {name: value for name, value in {**inputs, **changes}.items() if value is not None}

    def mixed(self, **distribution: Any) -> dict[str, Any]:
        """A group's inputs with a mixed instances policy instead of a launch template."""
        specification = {"launchTemplateId": self.template[0], "version": "1"}
        overrides = [{"instanceType": kind} for kind in ("m7i.large", "m6i.large", "m7a.large")]
        policy = {
            "launchTemplate": {"launchTemplateSpecification": specification, "overrides": overrides},
            "instancesDistribution": distribution,
        }
        return self.declared(launchTemplate=None, mixedInstancesPolicy=policy)

    def group(self, **changes: Any) -> tuple[str, dict, dict]:
        return self.make(GROUP, self.declared(**changes))

    def change(self, made: tuple[str, dict, dict], inputs: dict[str, Any]) -> dict:
        id_, olds, outputs = made
        checked, failures = self.provider.check(GROUP, urn(GROUP), olds, inputs)
        assert failures == []
        assert self.provider.diff(GROUP, olds, checked).replaces == []
        return self.provider.update(GROUP, id_, olds, outputs, checked)

    def new_version(self) -> str:
        id_, olds, outputs = self.template
        checked, _ = self.provider.check(TEMPLATE, urn(TEMPLATE), olds, declared(instanceType="m7i.xlarge"))
        return str(self.provider.update(TEMPLATE, id_, olds, outputs, checked)["latestVersion"])

    def describe(self, name: str) -> dict:
        groups = self.boto("autoscaling").describe_auto_scaling_groups(AutoScalingGroupNames=[name])
        return groups["AutoScalingGroups"][0]

    def spread(self, name: str) -> dict[str, int]:
        return dict(Counter(instance["AvailabilityZone"] for instance in self.describe(name)["Instances"]))

    def ids(self, name: str) -> set[str]:
        return {instance["InstanceId"] for instance in self.describe(name)["Instances"]}

    def targets(self) -> set[str]:
        health = self.boto("elbv2").describe_target_health(TargetGroupArn=self.target_group)
        return {each["Target"]["Id"] for each in health["TargetHealthDescriptions"]}

    def instances(self, name: str) -> list[dict]:
        found = self.boto("ec2").describe_instances(InstanceIds=sorted(self.ids(name)))
        return [instance for reservation in found["Reservations"] for instance in reservation["Instances"]]

    def fault(self, change: dict[str, Any]) -> None:
        request = urllib.request.Request(
            f"{self.endpoint}/sandbox/faults", data=json.dumps(change).encode(), method="POST"
        )
        urllib.request.urlopen(request, timeout=10).close()


@pytest.fixture
def world(provider: Provider, boto: Any, aws_endpoint: str) -> Iterator[World]:
    world = World(provider, boto, aws_endpoint)
    yield world
    world.fault({"clear": True})


# The group's row


def test_create_spreads_instances_over_the_zones(world: World) -> None:
    name, _, outputs = world.group()
    found = world.describe(name)
    assert (found["MinSize"], found["MaxSize"], found["DesiredCapacity"]) == (6, 12, 6)
    assert outputs["arn"] == found["AutoScalingGroupARN"]
    assert outputs["availabilityZones"] == list(ZONES)
    assert world.spread(name) == dict.fromkeys(ZONES, 2)
    assert world.targets() == world.ids(name)
    for instance in world.instances(name):
        assert instance["MetadataOptions"]["HttpTokens"] == "required"
        tags = {tag["Key"]: tag["Value"] for tag in instance["Tags"]}
        assert tags["Name"] == "web"
        assert tags["aws:autoscaling:groupName"] == name
        assert "internal" not in tags


def test_what_is_declared_is_described(world: World) -> None:
    found = world.describe(world.group()[0])
    assert found["DefaultInstanceWarmup"] == 90
    assert found["InstanceMaintenancePolicy"] == {"MinHealthyPercentage": 100, "MaxHealthyPercentage": 110}
    assert found["AvailabilityZoneDistribution"] == {"CapacityDistributionStrategy": "balanced-best-effort"}
    assert found["TerminationPolicies"] == ["OldestLaunchTemplate", "Default"]
    assert (found["HealthCheckType"], found["HealthCheckGracePeriod"]) == ("ELB", 120)
    assert {metric["Metric"] for metric in found["EnabledMetrics"]} == {"GroupMinSize", "GroupMaxSize"}
    assert found["CapacityRebalance"] is False


def test_an_update_changes_what_changed(world: World) -> None:
    made = world.group()
    tags = [{"key": "Name", "value": "shop", "propagateAtLaunch": True}]
    world.change(
        made,
        world.declared(
            minSize=9,
            terminationPolicies=["Default"],
            defaultInstanceWarmup=60,
            capacityRebalance=True,
            tags=tags,
            targetGroupArns=[],
            instanceMaintenancePolicy={"minHealthyPercentage": 90, "maxHealthyPercentage": 120},
            desiredCapacity=9,
        ),
    )
    found = world.describe(made[0])
    assert (found["MinSize"], found["DesiredCapacity"], found["DefaultInstanceWarmup"]) == (9, 9, 60)
    assert found["TerminationPolicies"] == ["Default"]
    assert found["CapacityRebalance"] is True
    assert found["InstanceMaintenancePolicy"]["MaxHealthyPercentage"] == 120
    assert {tag["Key"]: tag["Value"] for tag in found["Tags"]} == {"Name": "shop"}
    assert found["TargetGroupARNs"] == []
    assert world.spread(made[0]) == dict.fromkeys(ZONES, 3)


def test_another_name_replaces_and_sizes_do_not(world: World) -> None:
    _, inputs, _ = world.group()
    assert world.provider.diff(GROUP, inputs, {**inputs, "name": "other"}).replaces == ["name"]
    assert world.provider.diff(GROUP, inputs, {**inputs, "maxSize": 20}).replaces == []
    assert not world.provider.diff(GROUP, inputs, dict(inputs)).changes


def test_delete_leaves_nothing(world: World) -> None:
    name, inputs, outputs = world.group()
    before = world.ids(name)
    world.provider.delete(GROUP, name, inputs, outputs)
    found = world.boto("ec2").describe_instances(InstanceIds=sorted(before))["Reservations"]
    assert {i["State"]["Name"] for reservation in found for i in reservation["Instances"]} == {"terminated"}
    assert world.targets() == set()
    filters = [{"Name": "subnet-id", "Values": world.subnets}]
    assert world.boto("ec2").describe_network_interfaces(Filters=filters)["NetworkInterfaces"] == []
    assert world.provider.read(GROUP, name, inputs) is None
    world.provider.delete(GROUP, name, inputs, outputs)


def test_a_warm_pool_is_put_changed_and_taken_away(world: World) -> None:
    pool = {"minSize": 2, "poolState": "Stopped", "instanceReusePolicy": {"reuseOnScaleIn": True}}
    made = world.group(warmPool=pool)
    kept = world.boto("autoscaling").describe_warm_pool(AutoScalingGroupName=made[0])["WarmPoolConfiguration"]
    assert (kept["MinSize"], kept["PoolState"]) == (2, "Stopped")
    assert kept["InstanceReusePolicy"] == {"ReuseOnScaleIn": True}
    world.change(made, world.declared())
    assert "WarmPoolConfiguration" not in world.boto("autoscaling").describe_warm_pool(
        AutoScalingGroupName=made[0]
    )


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        (
            {"desiredCapacity": 13},
            "ValidationError: Desired capacity:13 must be between min size:6 and max size:12",
        ),
        ({"launchTemplate": None}, "ValidationError: exactly one of launch template and mixed"),
        (
            {"instanceRefresh": {"strategy": "Rolling", "preferences": {"sometimes": True}}},
            "instanceRefresh.preferences.sometimes",
        ),
    ],
)
def test_what_aws_refuses_is_refused_at_check(world: World, changes: dict, reason: str) -> None:
    _, failures = world.provider.check(GROUP, urn(GROUP), {}, world.declared(**changes))
    assert reason in failures[0][1]


def test_a_property_outside_the_table_is_named(world: World) -> None:
    _, failures = world.provider.check(GROUP, urn(GROUP), {}, world.declared(loadBalancers=["classic"]))
    assert failures[0][0] == "loadBalancers"


# Instances


def test_scaling_out_and_in_keeps_the_zones_even(world: World) -> None:
    name, _, _ = world.group()
    scaling = world.boto("autoscaling")
    scaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=11)
    assert sorted(world.spread(name).values()) == [3, 4, 4]
    assert world.targets() == world.ids(name)
    scaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=6)
    assert world.spread(name) == dict.fromkeys(ZONES, 2)
    assert world.targets() == world.ids(name)


@pytest.mark.parametrize("wanted", [5, 13])
def test_a_capacity_outside_the_limits_is_refused(world: World, wanted: int) -> None:
    name, _, _ = world.group()
    with pytest.raises(ClientError, match=r"ValidationError.*SetDesiredCapacity value"):
        world.boto("autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=wanted)


def test_a_terminated_instance_is_replaced_in_its_zone_and_registered(world: World) -> None:
    name, _, _ = world.group()
    lost = world.describe(name)["Instances"][0]["InstanceId"]
    world.boto("ec2").terminate_instances(InstanceIds=[lost])
    assert lost not in world.targets()
    assert len(world.targets()) == 6
    assert world.spread(name) == dict.fromkeys(ZONES, 2)


def test_a_stopped_instance_is_replaced(world: World) -> None:
    name, _, _ = world.group()
    stopped = world.describe(name)["Instances"][0]["InstanceId"]
    world.boto("ec2").stop_instances(InstanceIds=[stopped])
    assert stopped not in world.ids(name)
    assert world.spread(name) == dict.fromkeys(ZONES, 2)
    assert world.targets() == world.ids(name)


def test_an_instance_marked_unhealthy_is_replaced(world: World) -> None:
    name, _, _ = world.group()
    bad = world.describe(name)["Instances"][0]["InstanceId"]
    world.boto("autoscaling").set_instance_health(InstanceId=bad, HealthStatus="Unhealthy")
    assert bad not in world.targets()
    assert bad not in world.ids(name)
    assert world.spread(name) == dict.fromkeys(ZONES, 2)


def test_a_suspended_group_keeps_a_stopped_instance_and_still_scales(world: World) -> None:
    name, _, _ = world.group()
    stopped = world.describe(name)["Instances"][0]["InstanceId"]
    scaling = world.boto("autoscaling")
    scaling.suspend_processes(AutoScalingGroupName=name, ScalingProcesses=["ReplaceUnhealthy"])
    world.boto("ec2").stop_instances(InstanceIds=[stopped])
    scaling.set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=8)
    assert stopped in world.ids(name)
    assert len(world.ids(name)) == 8
    scaling.resume_processes(AutoScalingGroupName=name, ScalingProcesses=["ReplaceUnhealthy"])
    assert stopped not in world.ids(name)


@pytest.mark.parametrize("zone", ["us-east-1b", "id"])
def test_a_lost_zone_is_avoided_and_comes_back(world: World, zone: str) -> None:
    name, _, _ = world.group()
    if zone == "id":
        zones = world.boto("ec2").describe_availability_zones(ZoneNames=["us-east-1b"])["AvailabilityZones"]
        zone = zones[0]["ZoneId"]
    world.fault({"zones": {zone: True}})
    assert world.spread(name) == {"us-east-1a": 3, "us-east-1c": 3}
    assert world.targets() == world.ids(name)
    world.boto("autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=8)
    assert world.spread(name) == {"us-east-1a": 4, "us-east-1c": 4}
    world.fault({"clear": True})
    assert sorted(world.spread(name).values()) == [2, 3, 3]


def test_with_every_zone_lost_nothing_is_launched_and_nothing_given_up(world: World) -> None:
    name, _, _ = world.group()
    before = world.ids(name)
    world.fault({"zones": dict.fromkeys(ZONES, True)})
    assert world.ids(name) == before
    world.boto("autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=9)
    assert world.ids(name) == before


def test_spot_comes_above_the_on_demand_base(world: World) -> None:
    inputs = world.mixed(onDemandBaseCapacity=4, onDemandPercentageAboveBaseCapacity=25)
    name, _, _ = world.make(GROUP, {**inputs, "desiredCapacity": 8})
    lives = Counter(instance.get("InstanceLifecycle", "on-demand") for instance in world.instances(name))
    assert lives == {"on-demand": 5, "spot": 3}
    assert world.describe(name)["MixedInstancesPolicy"]["InstancesDistribution"]["OnDemandBaseCapacity"] == 4


def test_an_update_of_something_else_keeps_the_mixed_instances_policy(world: World) -> None:
    made = world.make(GROUP, world.mixed(onDemandBaseCapacity=6))
    world.change(made, {**world.mixed(onDemandBaseCapacity=6), "maxSize": 18})
    overrides = world.describe(made[0])["MixedInstancesPolicy"]["LaunchTemplate"]["Overrides"]
    assert [override["InstanceType"] for override in overrides] == ["m7i.large", "m6i.large", "m7a.large"]


# Instance refresh


def refreshes(world: World, name: str) -> list[dict]:
    found = world.boto("autoscaling").describe_instance_refreshes(AutoScalingGroupName=name)
    return found["InstanceRefreshes"]


def test_a_new_version_refreshes_the_instances(world: World) -> None:
    made = world.group()
    before = world.ids(made[0])
    version = world.new_version()
    world.change(made, world.declared(launchTemplate={"id": world.template[0], "version": version}))
    [refresh] = refreshes(world, made[0])
    assert refresh["Status"] == "Successful"
    assert refresh["Preferences"]["AutoRollback"] is True
    assert refresh["Preferences"]["AlarmSpecification"] == {"Alarms": ["web-healthy"]}
    assert refresh["DesiredConfiguration"]["LaunchTemplate"]["Version"] == version
    found = world.describe(made[0])
    assert {i["LaunchTemplate"]["Version"] for i in found["Instances"]} == {version}
    assert {i["InstanceType"] for i in found["Instances"]} == {"m7i.xlarge"}
    assert not before & world.ids(made[0])
    assert world.spread(made[0]) == dict.fromkeys(ZONES, 2)
    assert world.targets() == world.ids(made[0])


def test_a_version_that_the_group_does_not_name_changes_nothing(world: World) -> None:
    name, _, _ = world.group()
    assert world.new_version() == "2"
    world.boto("autoscaling").set_desired_capacity(AutoScalingGroupName=name, DesiredCapacity=8)
    found = world.describe(name)["Instances"]
    assert {(i["LaunchTemplate"]["Version"], i["InstanceType"]) for i in found} == {("1", "m7i.large")}
    for instance in world.instances(name):
        assert {"Key": "aws:ec2launchtemplate:version", "Value": "1"} in instance["Tags"]


def test_a_change_of_sizes_refreshes_nothing(world: World) -> None:
    made = world.group()
    world.change(made, world.declared(maxSize=18))
    assert refreshes(world, made[0]) == []


def test_an_alarm_that_rings_stops_the_refresh(world: World) -> None:
    made = world.group()
    before = world.ids(made[0])
    watch = world.boto("cloudwatch")
    watch.put_metric_alarm(
        AlarmName="web-healthy",
        Namespace="AWS/ApplicationELB",
        MetricName="HealthyHostCount",
        Statistic="Minimum",
        Period=60,
        EvaluationPeriods=3,
        Threshold=2,
        ComparisonOperator="LessThanThreshold",
    )
    watch.set_alarm_state(AlarmName="web-healthy", StateValue="ALARM", StateReason="a zone fails")
    version = world.new_version()
    world.change(made, world.declared(launchTemplate={"id": world.template[0], "version": version}))
    [refresh] = refreshes(world, made[0])
    assert refresh["Status"] == "RollbackSuccessful"
    assert "web-healthy" in refresh["StatusReason"]
    assert world.ids(made[0]) == before


@pytest.mark.parametrize(
    ("image", "version", "message"),
    [
        ("resolve:ssm:/golden/web", "1", "Systems Manager parameter"),
        ("ami-12c6146b", "$Latest", "launch template version"),
    ],
)
def test_rollback_needs_a_number_and_an_ami(world: World, image: str, version: str, message: str) -> None:
    world.boto("ssm").put_parameter(Name="/golden/web", Value="ami-12c6146b", Type="String", Overwrite=True)
    template = world.make(TEMPLATE, declared(imageId=image))
    launched = {"id": template[0], "version": version}
    name, _, _ = world.group(launchTemplate=launched)
    with pytest.raises(ClientError, match=rf"AutoRollback.*{message}"):
        world.boto("autoscaling").start_instance_refresh(
            AutoScalingGroupName=name,
            Preferences={"AutoRollback": True},
            DesiredConfiguration={"LaunchTemplate": {"LaunchTemplateId": template[0], "Version": version}},
        )


def test_rollback_needs_a_desired_configuration(world: World) -> None:
    name, _, _ = world.group()
    with pytest.raises(ClientError, match="DesiredConfiguration parameter is empty"):
        world.boto("autoscaling").start_instance_refresh(
            AutoScalingGroupName=name, Preferences={"AutoRollback": True}
        )


def test_no_refresh_is_ever_in_progress(world: World) -> None:
    name, _, _ = world.group()
    for call in ("cancel_instance_refresh", "rollback_instance_refresh"):
        with pytest.raises(ClientError, match="ActiveInstanceRefreshNotFound"):
            getattr(world.boto("autoscaling"), call)(AutoScalingGroupName=name)


# Policies, schedules, hooks


def test_a_target_tracking_policy(world: World) -> None:
    group, _, _ = world.group()
    inputs = {
        "autoscalingGroupName": group,
        "policyType": "TargetTrackingScaling",
        "targetTrackingConfiguration": {
            "predefinedMetricSpecification": {"predefinedMetricType": "ASGAverageCPUUtilization"},
            "targetValue": 50,
            "disableScaleIn": False,
        },
    }
    name, checked, outputs = world.make(POLICY, inputs)
    [policy] = world.boto("autoscaling").describe_policies(AutoScalingGroupName=group)["ScalingPolicies"]
    assert policy["PolicyName"] == name
    assert policy["PolicyARN"] == outputs["arn"]
    assert policy["TargetTrackingConfiguration"]["TargetValue"] == 50
    changed = {
        **checked,
        "targetTrackingConfiguration": {**inputs["targetTrackingConfiguration"], "targetValue": 40},
    }
    assert world.provider.diff(POLICY, checked, changed).replaces == []
    world.provider.update(POLICY, name, checked, outputs, changed)
    [policy] = world.boto("autoscaling").describe_policies(AutoScalingGroupName=group)["ScalingPolicies"]
    assert policy["TargetTrackingConfiguration"]["TargetValue"] == 40
    assert world.provider.diff(POLICY, checked, {**checked, "autoscalingGroupName": "b"}).replaces == [
        "autoscalingGroupName"
    ]
    world.provider.delete(POLICY, name, changed, outputs)
    assert world.provider.read(POLICY, name, changed) is None


def test_putting_a_policy_answers_its_arn(world: World) -> None:
    group, _, _ = world.group()
    answer = world.boto("autoscaling").put_scaling_policy(
        AutoScalingGroupName=group, PolicyName="out", AdjustmentType="ChangeInCapacity", ScalingAdjustment=1
    )
    assert answer["PolicyARN"].endswith(":policyName/out")


def schedule(group: str, **changes: Any) -> dict[str, Any]:
    inputs = {
        "scheduledActionName": "morning",
        "autoscalingGroupName": group,
        "recurrence": "0 7 * * MON-FRI",
        "timeZone": "Europe/Zurich",
        "minSize": 9,
        "maxSize": -1,
        "desiredCapacity": -1,
    }
    return {**inputs, **changes}


def test_a_schedule(world: World) -> None:
    group, _, _ = world.group()
    name, checked, outputs = world.make(SCHEDULE, schedule(group))
    listed = world.boto("autoscaling").describe_scheduled_actions(AutoScalingGroupName=group)
    [action] = listed["ScheduledUpdateGroupActions"]
    assert (action["MinSize"], action["Recurrence"], action["TimeZone"]) == (
        9,
        "0 7 * * MON-FRI",
        "Europe/Zurich",
    )
    assert "MaxSize" not in action
    assert "DesiredCapacity" not in action
    assert outputs["arn"] == action["ScheduledActionARN"]
    changed = schedule(group, minSize=8)
    world.provider.update(SCHEDULE, name, checked, outputs, changed)
    assert world.provider.read(SCHEDULE, name, changed)["arn"] == outputs["arn"]
    world.provider.delete(SCHEDULE, name, changed, outputs)
    assert world.provider.read(SCHEDULE, name, changed) is None


def test_two_groups_may_have_actions_of_one_name(world: World) -> None:
    groups = [world.make(GROUP, world.declared(name=name))[0] for name in ("day", "night")]
    for size, group in enumerate(groups, start=6):
        world.make(SCHEDULE, schedule(group, minSize=size))
    for size, group in enumerate(groups, start=6):
        found = world.boto("autoscaling").describe_scheduled_actions(AutoScalingGroupName=group)
        assert [action["MinSize"] for action in found["ScheduledUpdateGroupActions"]] == [size]


def test_a_lifecycle_hook_has_what_was_declared_and_nothing_invented(world: World) -> None:
    group, _, _ = world.group()
    inputs = {
        "name": "drain",
        "autoscalingGroupName": group,
        "lifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
        "heartbeatTimeout": 60,
        "defaultResult": "CONTINUE",
        "notificationMetadata": "{}",
    }
    name, checked, outputs = world.make(HOOK, inputs)
    [hook] = world.boto("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName=group)["LifecycleHooks"]
    assert (hook["HeartbeatTimeout"], hook["DefaultResult"], hook["NotificationMetadata"]) == (
        60,
        "CONTINUE",
        "{}",
    )
    assert "RoleARN" not in hook
    assert "NotificationTargetARN" not in hook
    world.provider.update(HOOK, name, checked, outputs, {**checked, "heartbeatTimeout": 90})
    [hook] = world.boto("autoscaling").describe_lifecycle_hooks(AutoScalingGroupName=group)["LifecycleHooks"]
    assert hook["HeartbeatTimeout"] == 90
    world.provider.delete(HOOK, name, checked, outputs)
    assert world.provider.read(HOOK, name, checked) is None


def leaving(world: World, lasts: int = 60) -> tuple[str, set[str]]:
    """A group with a hook on termination that scales in: its name, and who is held."""
    group, _, _ = world.group()
    world.make(
        HOOK,
        {
            "name": "leaving",
            "autoscalingGroupName": group,
            "lifecycleTransition": "autoscaling:EC2_INSTANCE_TERMINATING",
            "heartbeatTimeout": lasts,
        },
    )
    world.boto("autoscaling").update_auto_scaling_group(AutoScalingGroupName=group, MinSize=3)
    world.boto("autoscaling").set_desired_capacity(AutoScalingGroupName=group, DesiredCapacity=5)
    return group, held(world, group)


def held(world: World, group: str) -> set[str]:
    members = world.describe(group)["Instances"]
    return {each["InstanceId"] for each in members if each["LifecycleState"] == "Terminating:Wait"}


def complete(world: World, group: str, instance: str, hook: str = "leaving") -> None:
    world.boto("autoscaling").complete_lifecycle_action(
        AutoScalingGroupName=group,
        LifecycleHookName=hook,
        InstanceId=instance,
        LifecycleActionResult="CONTINUE",
    )


def test_a_hook_holds_an_instance_that_is_to_go_until_it_is_told(world: World) -> None:
    group, [gone] = leaving(world)
    assert len(world.ids(group)) == 6
    assert world.targets() == world.ids(group) - {gone}, "nothing more is sent to it"
    assert world.boto("ec2").describe_instances(InstanceIds=[gone])["Reservations"][0]["Instances"][0][
        "State"
    ] == {"Code": 16, "Name": "running"}
    with pytest.raises(ClientError, match="No Lifecycle Hook found with name: other"):
        complete(world, group, gone, "other")
    complete(world, group, gone)
    assert len(world.ids(group)) == 5
    assert held(world, group) == set()
    with pytest.raises(ClientError, match="No active Lifecycle Action found with instance ID"):
        complete(world, group, gone)


def test_a_hook_lets_an_instance_go_when_its_time_is_over(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    began = time.monotonic()
    group, [gone] = leaving(world)
    monkeypatch.setattr(_lifecycle_hooks, "_now", lambda: began + 50)
    assert held(world, group) == {gone}
    monkeypatch.setattr(_lifecycle_hooks, "_now", lambda: began + 90)
    assert gone not in world.ids(group)


def test_an_instance_that_runs_no_more_is_not_held(world: World) -> None:
    group, _ = leaving(world)
    [one, *_] = world.ids(group) - held(world, group)
    world.boto("ec2").stop_instances(InstanceIds=[one])
    assert one not in world.ids(group)


def test_an_alarm_takes_the_step_that_begins_at_its_threshold(world: World) -> None:
    group, _, _ = world.group()
    inputs = {
        "autoscalingGroupName": group,
        "policyType": "StepScaling",
        "adjustmentType": "ExactCapacity",
        "stepAdjustments": [
            {"metricIntervalLowerBound": "5", "scalingAdjustment": 11},
            {"metricIntervalLowerBound": "0", "metricIntervalUpperBound": "5", "scalingAdjustment": 9},
        ],
    }
    _, _, outputs = world.make(POLICY, inputs)
    cloudwatch = world.boto("cloudwatch")
    cloudwatch.put_metric_alarm(
        AlarmName=f"{group}-first",
        Namespace="AWS/SQS",
        MetricName="ApproximateNumberOfMessagesVisible",
        Statistic="Maximum",
        Period=60,
        EvaluationPeriods=1,
        Threshold=1,
        ComparisonOperator="GreaterThanOrEqualToThreshold",
        AlarmActions=[outputs["arn"]],
    )
    cloudwatch.set_alarm_state(AlarmName=f"{group}-first", StateValue="ALARM", StateReason="waits")
    assert len(world.ids(group)) == 9


def test_parts_of_a_group_that_does_not_exist_are_refused(world: World) -> None:
    with pytest.raises(ProviderError, match="ValidationError: AutoScalingGroup name not found"):
        world.make(SCHEDULE, schedule("nobody"))

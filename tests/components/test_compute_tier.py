from __future__ import annotations

import base64
import json
import re
from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.compute import (
    AutoScaledTier,
    AutoScaledTierArgs,
    Backlog,
    Image,
    InstanceRefresh,
    LifecycleHook,
    Metric,
    PoolState,
    Resolution,
    Schedule,
    Spot,
    Target,
    Tracking,
    Transition,
    WarmPool,
    ZoneAlarms,
)
from components.tags import Tags
from policies.recovery import facts
from tests.policies.recovery.test_program import resources
from tests.pulumi_mocks import Deployment, Registered, deploy

TAGS = Tags(
    environment="prod",
    system="shop",
    owner="web",
    cost_center="cc-1",
    dr_tier=1,
    rto_hours=0.25,
    rpo_minutes=1,
)
ZONES = ("use1-az1", "use1-az2", "use1-az4")
TYPES = ("m7i.large", "m6i.large", "m7a.large")
LABEL = "app/web/50dc6c495c0c9188/targetgroup/web/73e2d6bc24d8a067"


def target() -> Target:
    return Target(
        arn="arn:aws:elasticloadbalancing:us-east-1:123456789012:targetgroup/web/73e2d6bc24d8a067",
        arn_suffix="targetgroup/web/73e2d6bc24d8a067",
        load_balancer_arn_suffix="app/web/50dc6c495c0c9188",
        listener_arn="arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/web/50dc6c495c0c9188/1",
    )


def alarms() -> ZoneAlarms:
    names = {zone: f"us-east-1{letter}" for zone, letter in zip(ZONES, "abc", strict=True)}
    return ZoneAlarms(zone_names=names, topic_arn="arn:aws:sns:us-east-1:123456789012:operations")


def arguments(**changes: Any) -> AutoScaledTierArgs:
    given: dict[str, Any] = {
        "tags": TAGS,
        "subnet_ids": {zone: f"subnet-{zone}" for zone in ZONES},
        "security_group_ids": ["sg-web"],
        "key_arn": "arn:aws:kms:us-east-1:123456789012:key/k",
        "min_size": 6,
        "max_size": 18,
        "target": target(),
    }
    return AutoScaledTierArgs(**{**given, **changes})


def tier(**changes: Any) -> Deployment:
    return deploy(lambda: AutoScaledTier("web", arguments(**changes)) and None)


def group(**changes: Any) -> Registered:
    return tier(**changes).one("aws:autoscaling/group:Group")


def template(**changes: Any) -> dict[str, Any]:
    return tier(**changes).one("aws:ec2/launchTemplate:LaunchTemplate").inputs


def everything() -> dict[str, Any]:
    return {
        "statements": [{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "arn:aws:s3:::b/*"}],
        "user_data": "#!/bin/sh\n",
        "instance_types": TYPES,
        "spot": Spot(),
        "tracking": (Tracking(), Tracking(metric=Metric.REQUESTS, target=1000)),
        "schedules": (Schedule(name="morning", recurrence="0 7 * * MON-FRI", min_size=9),),
        "lifecycle_hooks": (LifecycleHook(name="drain", transition=Transition.TERMINATING),),
        "zone_alarms": alarms(),
    }


# What is registered


def test_the_types_and_their_parent() -> None:
    made = tier(**everything())
    component = made.one("holdfast:compute:AutoScaledTier", "web")
    children = [r for r in made.resources if r is not component]
    assert sorted((r.type.rsplit(":", 1)[-1], r.name) for r in children) == [
        ("Group", "web-group"),
        ("InstanceProfile", "web-profile"),
        ("LaunchTemplate", "web-template"),
        ("LifecycleHook", "web-drain"),
        ("MetricAlarm", "web-healthy-use1-az1"),
        ("MetricAlarm", "web-healthy-use1-az2"),
        ("MetricAlarm", "web-healthy-use1-az4"),
        ("Policy", "web-cpu"),
        ("Policy", "web-requests"),
        ("Role", "web-role"),
        ("RolePolicy", "web-policy"),
        ("RolePolicyAttachment", "web-session-manager"),
        ("Schedule", "web-morning"),
        ("Stash", "web-image-1"),
    ]
    assert {r.parent for r in children} == {component.urn}
    assert not any(r.protect for r in children)


def test_the_outputs() -> None:
    made = tier(zone_alarms=alarms())
    outputs = made.outputs[made.one("AutoScaledTier").urn]
    assert outputs["group_name"] == "web-group-1234567"
    assert outputs["role_name"] == "web-role-1234567"
    assert outputs["launch_template_id"] == "web-template-id"
    assert outputs["role_arn"].endswith(":web-role")
    assert outputs["group_arn"].endswith(":web-group")
    assert set(outputs["zone_alarm_arns"]) == set(ZONES)


def test_everything_that_takes_tags_has_them_and_nothing_names_a_region() -> None:
    made = tier(**everything())
    assert made.taggable()
    for resource in made.taggable():
        assert resource.tags == TAGS.resource(resource.name)
    assert not any("region" in r.inputs for r in made.resources)


def test_a_preview_with_every_output_unknown_registers_the_same() -> None:
    def program() -> None:
        # Every input that may be an output is one, and unknown.
        unknown = pulumi.CustomResource("aws:sqs/queue:Queue", "unknown", {"url": None}).id
        changes = everything() | {
            "subnet_ids": dict.fromkeys(ZONES, unknown),
            "security_group_ids": [unknown],
            "key_arn": unknown,
            "user_data": unknown,
            "image": Image(ami_id=unknown),
            "target": Target(
                arn=unknown, arn_suffix=unknown, load_balancer_arn_suffix=unknown, listener_arn=unknown
            ),
            "zone_alarms": ZoneAlarms(zone_names=dict.fromkeys(ZONES, unknown), topic_arn=unknown),
            "statements": [{"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": unknown}],
        }
        AutoScaledTier("web", arguments(**changes))

    previewed = deploy(program, preview=True)
    names = {(r.type, r.name) for r in previewed.resources if r.name != "unknown"}
    known = tier(**everything(), image=Image(ami_id="ami-1"))
    assert names == {(r.type, r.name) for r in known.resources}
    assert previewed.one("Group").inputs["minSize"] == 6


# The instance


def test_metadata_is_reached_with_tokens_only() -> None:
    assert template()["metadataOptions"] == {
        "httpEndpoint": "enabled",
        "httpTokens": "required",
        "httpPutResponseHopLimit": 1,
        "instanceMetadataTags": "enabled",
    }
    assert template(hop_limit=2)["metadataOptions"]["httpPutResponseHopLimit"] == 2


def test_the_instance_is_monitored_private_and_without_a_key_pair() -> None:
    made = template()
    assert made["monitoring"] == {"enabled": True}
    assert made["ebsOptimized"] == "true"
    assert made["vpcSecurityGroupIds"] == ["sg-web"]
    assert made["instanceType"] == "m7i.large"
    assert made["updateDefaultVersion"] is True
    assert "keyName" not in made
    assert "networkInterfaces" not in made


def test_the_root_volume_is_gp3_under_the_customer_key() -> None:
    (device,) = template(root_volume_gib=40, root_device="/dev/sda1")["blockDeviceMappings"]
    assert device["deviceName"] == "/dev/sda1"
    assert device["ebs"] == {
        "volumeType": "gp3",
        "volumeSize": 40,
        "encrypted": "true",
        "kmsKeyId": "arn:aws:kms:us-east-1:123456789012:key/k",
        "deleteOnTermination": "true",
    }


def test_what_is_made_at_launch_is_tagged() -> None:
    specifications = {spec["resourceType"]: spec["tags"] for spec in template()["tagSpecifications"]}
    assert specifications == dict.fromkeys(("instance", "volume", "network-interface"), TAGS.resource("web"))


def test_further_tags_are_the_instances_alone() -> None:
    made = tier(instance_tags={"fis-ready": "true"})
    specifications = {
        spec["resourceType"]: spec["tags"] for spec in made.one("LaunchTemplate").inputs["tagSpecifications"]
    }
    assert specifications == {
        "instance": {**TAGS.resource("web"), "fis-ready": "true"},
        **dict.fromkeys(("volume", "network-interface"), TAGS.resource("web")),
    }
    assert "fis-ready" not in {tag["key"] for tag in made.one("aws:autoscaling/group:Group").inputs["tags"]}


def test_the_image_parameter_is_read_by_the_deployment() -> None:
    made = tier(image=Image(parameter="/golden/web:7"))
    assert made.invokes == [("aws:ssm/getParameter:getParameter", {"name": "/golden/web:7"})]
    assert made.one("LaunchTemplate").inputs["imageId"] == "ami-0123456789abcdef0"


def test_the_image_stays_until_another_release_is_asked_for() -> None:
    """A stash answers with what it was first given; another release is another stash."""
    made = tier(image=Image(parameter="/golden/web", release="2026-12"))
    kept = made.one("pulumi:index:Stash", "web-image-2026-12")
    assert kept.ignore_changes == ("input",)
    assert kept.parent == made.one("AutoScaledTier").urn
    template = made.one("LaunchTemplate")
    assert template.property_dependencies["imageId"] == {kept.urn}
    assert tier(image=Image(parameter="/golden/web")).one("pulumi:index:Stash").name == "web-image-1"
    for without in (Image(ami_id="ami-1"), Image(parameter="/golden/web", resolution=Resolution.LAUNCH)):
        refresh = InstanceRefresh(auto_rollback=without.fixed)
        assert not tier(image=without, refresh=refresh).all("pulumi:index:Stash")


@pytest.mark.parametrize("release", ["", "a b", "a/b", "ä", "x" * 33])
def test_a_release_that_names_no_resource_is_refused(release: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(f"image.release: got {release!r}, allowed is 1 to 32")):
        Image(parameter="/golden/web", release=release)


def test_the_default_image_is_amazon_linux() -> None:
    ((_, asked),) = tier().invokes
    assert asked["name"] == "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-x86_64"


def test_the_image_parameter_may_be_left_to_ec2() -> None:
    image = Image(parameter="/golden/web", resolution=Resolution.LAUNCH)
    made = tier(image=image, refresh=InstanceRefresh(auto_rollback=False))
    assert made.invokes == []
    assert made.one("LaunchTemplate").inputs["imageId"] == "resolve:ssm:/golden/web"


def test_an_ami_may_be_given() -> None:
    made = tier(image=Image(ami_id="ami-1"))
    assert made.invokes == []
    assert made.one("LaunchTemplate").inputs["imageId"] == "ami-1"


@pytest.mark.parametrize("wrap", [str, pulumi.Output.from_input])
def test_user_data_is_encoded(wrap: Any) -> None:
    def program() -> None:
        AutoScaledTier("web", arguments(user_data=wrap("#!/bin/sh\necho grüezi\n")))

    made = deploy(program).one("LaunchTemplate").inputs["userData"]
    assert base64.b64decode(made).decode() == "#!/bin/sh\necho grüezi\n"
    assert "userData" not in template()


def test_user_data_that_is_too_long_is_refused_when_it_becomes_known() -> None:
    with pytest.raises(ValueError, match="user_data: got 16385 bytes, allowed is at most 16384 bytes"):
        deploy(
            lambda: (
                AutoScaledTier("web", arguments(user_data=pulumi.Output.from_input("x" * 16_385))) and None
            )
        )


def test_the_role_is_session_managers_and_the_statements() -> None:
    made = tier(statements=[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}])
    role = made.one("Role")
    trust = json.loads(role.inputs["assumeRolePolicy"])["Statement"]
    assert trust == [
        {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
    attached = made.one("RolePolicyAttachment").inputs
    assert attached == {
        "role": "web-role-1234567",
        "policyArn": "arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
    }
    inline = made.one("RolePolicy").inputs
    assert inline["role"] == "web-role-1234567"
    assert json.loads(inline["policy"])["Statement"] == [
        {"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}
    ]
    assert made.one("InstanceProfile").inputs["role"] == "web-role-1234567"
    assert template()["iamInstanceProfile"] == {"arn": "arn:aws:mock:us-east-1:123456789012:web-profile"}


def test_without_statements_there_is_no_inline_policy() -> None:
    assert tier().all("RolePolicy") == []


# The group


def test_the_group_covers_every_zone_evenly() -> None:
    made = group().inputs
    assert made["vpcZoneIdentifiers"] == [f"subnet-{zone}" for zone in ZONES]
    assert made["availabilityZoneDistribution"] == {"capacityDistributionStrategy": "balanced-best-effort"}
    assert (made["minSize"], made["maxSize"], made["desiredCapacity"]) == (6, 18, 6)
    assert group(desired_capacity=9).inputs["desiredCapacity"] == 9


def test_scaling_may_change_the_desired_capacity() -> None:
    assert group().ignore_changes == ("desiredCapacity",)


def test_the_load_balancer_judges_health_after_the_grace_period() -> None:
    made = group().inputs
    assert made["targetGroupArns"] == [target().arn]
    assert (made["healthCheckType"], made["healthCheckGracePeriod"], made["defaultInstanceWarmup"]) == (
        "ELB",
        330,
        120,
    )


def test_a_new_group_is_there_when_its_targets_are_healthy() -> None:
    assert group().inputs["minElbCapacity"] == group().inputs["minSize"] == 6
    assert "minElbCapacity" not in group(min_size=0, desired_capacity=0, zone_alarms=None).inputs
    assert "minElbCapacity" not in group(target=None).inputs
    assert (
        "waitForElbCapacity" not in group().inputs
    )  # the provider would want exactly that many at each update


def test_without_a_target_group_ec2_judges_health() -> None:
    made = group(target=None).inputs
    assert made["healthCheckType"] == "EC2"
    assert "targetGroupArns" not in made


def test_instances_wait_for_the_policies_of_their_role() -> None:
    made = tier(statements=[{"Effect": "Allow", "Action": "s3:GetObject", "Resource": "*"}])
    needed = {made.one("RolePolicyAttachment").urn, made.one("RolePolicy").urn}
    assert needed <= made.one("Group").dependencies


def test_the_launch_template_has_a_number() -> None:
    assert group().inputs["launchTemplate"] == {"id": "web-template-id", "version": "4711"}


def test_every_tag_is_propagated_at_launch() -> None:
    tags = {tag["key"]: (tag["value"], tag["propagateAtLaunch"]) for tag in group().inputs["tags"]}
    assert tags == {key: (value, True) for key, value in TAGS.resource("web").items()}


def test_a_group_that_may_run_nothing_says_that_it_waits() -> None:
    """Also while a failover has made it run: the tag, not what runs, tells the policies."""
    off = {tag["key"]: tag["value"] for tag in group(min_size=0, zone_alarms=None).inputs["tags"]}
    assert off["dr:switched-off"] == "true"
    assert "dr:switched-off" not in {tag["key"] for tag in group().inputs["tags"]}


def test_refresh_keeps_capacity_and_stops_at_the_alarms_of_the_zones() -> None:
    refresh = InstanceRefresh(alarm_names=["errors"])
    made = group(zone_alarms=alarms(), refresh=refresh).inputs
    assert made["instanceRefresh"] == {
        "strategy": "Rolling",
        "preferences": {
            "minHealthyPercentage": 100,
            "maxHealthyPercentage": 110,
            "instanceWarmup": "120",
            "autoRollback": True,
            "skipMatching": True,
            "alarmSpecification": {"alarms": [*(f"web-healthy-{zone}-1234567" for zone in ZONES), "errors"]},
        },
    }
    assert made["instanceMaintenancePolicy"] == {"minHealthyPercentage": 100, "maxHealthyPercentage": 110}
    assert "alarmSpecification" not in group().inputs["instanceRefresh"]["preferences"]


def test_refresh_may_pause_at_checkpoints() -> None:
    refresh = InstanceRefresh(checkpoint_percentages=(20, 100), checkpoint_delay=600)
    preferences = group(refresh=refresh).inputs["instanceRefresh"]["preferences"]
    assert preferences["checkpointPercentages"] == [20, 100]
    assert preferences["checkpointDelay"] == "600"
    assert "checkpointDelay" not in group().inputs["instanceRefresh"]["preferences"]


def test_the_oldest_template_goes_first() -> None:
    assert group().inputs["terminationPolicies"] == ["OldestLaunchTemplate", "Default"]
    mixed = group(instance_types=TYPES).inputs["terminationPolicies"]
    assert mixed == ["OldestLaunchTemplate", "AllocationStrategy", "Default"]


def test_several_types_without_spot_are_a_fallback_for_on_demand() -> None:
    made = group(instance_types=TYPES).inputs
    assert "launchTemplate" not in made
    policy = made["mixedInstancesPolicy"]
    assert policy["launchTemplate"]["launchTemplateSpecification"] == {
        "launchTemplateId": "web-template-id",
        "version": "4711",
    }
    assert policy["launchTemplate"]["overrides"] == [{"instanceType": kind} for kind in TYPES]
    assert policy["instancesDistribution"] == {
        "onDemandAllocationStrategy": "prioritized",
        "onDemandPercentageAboveBaseCapacity": 100,
    }
    assert made["capacityRebalance"] is False


@pytest.mark.parametrize(("given", "base"), [(None, 6), (4, 4)])
def test_spot_comes_above_the_on_demand_base(given: int | None, base: int) -> None:
    made = group(
        instance_types=TYPES, spot=Spot(on_demand_base=given, on_demand_percentage_above_base=25)
    ).inputs
    assert made["mixedInstancesPolicy"]["instancesDistribution"] == {
        "onDemandAllocationStrategy": "prioritized",
        "onDemandBaseCapacity": base,
        "onDemandPercentageAboveBaseCapacity": 25,
        "spotAllocationStrategy": "price-capacity-optimized",
    }
    assert made["capacityRebalance"] is True


def test_the_warm_pool() -> None:
    pool = WarmPool(min_size=3, state=PoolState.HIBERNATED, max_group_prepared_capacity=12)
    assert group(warm_pool=pool).inputs["warmPool"] == {
        "minSize": 3,
        "poolState": "Hibernated",
        "maxGroupPreparedCapacity": 12,
        "instanceReusePolicy": {"reuseOnScaleIn": True},
    }
    assert "warmPool" not in group().inputs


# Scaling and alarms


def test_target_tracking() -> None:
    made = tier(
        tracking=(Tracking(target=45), Tracking(metric=Metric.REQUESTS, target=900, disable_scale_in=True))
    )
    cpu, requests = (
        made.one("aws:autoscaling/policy:Policy", f"web-{name}").inputs for name in ("cpu", "requests")
    )
    assert cpu == {
        "autoscalingGroupName": "web-group-1234567",
        "policyType": "TargetTrackingScaling",
        "targetTrackingConfiguration": {
            "predefinedMetricSpecification": {"predefinedMetricType": "ASGAverageCPUUtilization"},
            "targetValue": 45,
            "disableScaleIn": False,
        },
    }
    assert requests["targetTrackingConfiguration"] == {
        "predefinedMetricSpecification": {
            "predefinedMetricType": "ALBRequestCountPerTarget",
            "resourceLabel": LABEL,
        },
        "targetValue": 900,
        "disableScaleIn": True,
    }


@pytest.mark.parametrize("tracking", [(), (Tracking(),)])
def test_whether_it_grows_by_itself_is_told_and_read(tracking: tuple[Tracking, ...]) -> None:
    made: list[AutoScaledTier] = []
    found = deploy(lambda: made.append(AutoScaledTier("web", arguments(tracking=tracking))))
    (read,) = facts(resources(found, "us-east-1"), stack="prod", region="us-east-1")["members"]
    assert made[0].recovery_fact["tracked"] is read["tracked"] is bool(tracking)


def test_request_tracking_waits_for_the_listener() -> None:
    def program() -> None:
        listener = pulumi.CustomResource("aws:lb/listener:Listener", "https", {})
        served = Target(**{**vars(target()), "listener_arn": listener.id})
        AutoScaledTier(
            "web", arguments(target=served, tracking=(Tracking(metric=Metric.REQUESTS, target=900),))
        )

    made = deploy(program)
    policy = made.one("aws:autoscaling/policy:Policy")
    assert made.one("Listener").urn in policy.property_dependencies["targetTrackingConfiguration"]


def test_a_schedule_leaves_what_it_does_not_name() -> None:
    made = tier(
        schedules=(Schedule(name="sale", recurrence="0 7 * * *", min_size=9, time_zone="Europe/Zurich"),)
    )
    assert made.one("aws:autoscaling/schedule:Schedule", "web-sale").inputs == {
        "scheduledActionName": "sale",
        "autoscalingGroupName": "web-group-1234567",
        "recurrence": "0 7 * * *",
        "timeZone": "Europe/Zurich",
        "minSize": 9,
        "maxSize": -1,
        "desiredCapacity": -1,
    }


@pytest.mark.parametrize(
    ("transition", "result"), [(Transition.LAUNCHING, "ABANDON"), (Transition.TERMINATING, "CONTINUE")]
)
def test_a_lifecycle_hook(transition: Transition, result: str) -> None:
    hook = LifecycleHook(name="hold", transition=transition, heartbeat_timeout=60, metadata="{}")
    assert tier(lifecycle_hooks=(hook,)).one("LifecycleHook", "web-hold").inputs == {
        "name": "hold",
        "autoscalingGroupName": "web-group-1234567",
        "lifecycleTransition": transition.value,
        "heartbeatTimeout": 60,
        "defaultResult": result,
        "notificationMetadata": "{}",
    }


def test_each_zone_has_an_alarm_on_its_share_of_the_minimum() -> None:
    made = tier(zone_alarms=alarms(), min_size=7)
    for zone, letter in zip(ZONES, "abc", strict=True):
        alarm = made.one("MetricAlarm", f"web-healthy-{zone}").inputs
        assert alarm["dimensions"] == {
            "TargetGroup": "targetgroup/web/73e2d6bc24d8a067",
            "LoadBalancer": "app/web/50dc6c495c0c9188",
            "AvailabilityZone": f"us-east-1{letter}",
        }
        assert (alarm["namespace"], alarm["metricName"]) == ("AWS/ApplicationELB", "HealthyHostCount")
        assert (alarm["comparisonOperator"], alarm["threshold"]) == ("LessThanThreshold", 2)
        assert alarm["treatMissingData"] == "breaching"
        assert (
            alarm["alarmActions"] == alarm["okActions"] == ["arn:aws:sns:us-east-1:123456789012:operations"]
        )
        assert (alarm["period"], alarm["evaluationPeriods"], alarm["datapointsToAlarm"]) == (60, 3, 3)
        assert alarm["statistic"] == "Minimum"


# What is refused

TWICE = Tracking()
REFUSED: list[tuple[dict[str, Any], str]] = [
    ({"subnet_ids": {"use1-az1": "s"}}, "subnet_ids: got 1 zones, allowed is two zones or more"),
    ({"min_size": 2}, "min_size: got 2, allowed is at least one a zone, 3 or more"),
    ({"max_size": 5}, r"max_size: got 5, allowed is min_size \(6\) or more"),
    ({"desired_capacity": 5}, "desired_capacity: got 5, allowed is 6 to 18"),
    ({"desired_capacity": 19}, "desired_capacity: got 19, allowed is 6 to 18"),
    ({"grace_period": -1}, "grace_period: got -1, allowed is 0 s or more"),
    ({"instance_warmup": -1}, "instance_warmup: got -1, allowed is 0 s or more"),
    ({"security_group_ids": []}, "security_group_ids: got none, allowed is one or more"),
    ({"instance_types": ()}, "instance_types: got none, allowed is one or more"),
    ({"instance_types": ("a.b", "a.b")}, "instance_types: got .*, allowed is each type once"),
    ({"root_volume_gib": 7}, "root_volume_gib: got 7, allowed is 8 to 16384"),
    ({"hop_limit": 0}, "hop_limit: got 0, allowed is 1 to 64"),
    ({"hop_limit": 65}, "hop_limit: got 65, allowed is 1 to 64"),
    ({"user_data": "ü" * 8193}, "user_data: got 16386 bytes, allowed is at most 16384 bytes"),
    ({"tracking": (TWICE, TWICE)}, r"tracking: got \['CPU', 'CPU'\], allowed is each metric once"),
    (
        {"tracking": (Tracking(metric=Metric.REQUESTS),), "target": None},
        "tracking: got REQUESTS without a target, allowed is REQUESTS with a target group",
    ),
    (
        {
            "tracking": (Tracking(metric=Metric.REQUESTS),),
            "target": Target(**{**vars(target()), "namespace": "AWS/NetworkELB"}),
        },
        "tracking: got REQUESTS of AWS/NetworkELB, allowed is REQUESTS of AWS/ApplicationELB",
    ),
    (
        {"tracking": (Tracking(metric=Metric.REQUESTS, target=0),)},
        "tracking.target: got 0, allowed is above 0 requests",
    ),
    (
        {"tracking": (Tracking(target=67),)},
        "tracking.target: got 67, allowed is above 0 and at most 66 % CPU",
    ),
    ({"tracking": (Tracking(target=0),)}, "tracking.target: got 0, allowed is above 0"),
    ({"backlog": Backlog(queue_name="q", target=0)}, "backlog.target: got 0, allowed is above 0"),
    ({"backlog": Backlog(queue_name="q", first=19)}, "backlog.first: got 19, allowed is 1 to 18"),
    (
        {"schedules": (Schedule(name="a", recurrence="@daily", min_size=3),)},
        "schedules.a.recurrence: got '@daily', allowed is cron with five fields",
    ),
    (
        {"schedules": (Schedule(name="a", recurrence="0 7 * * *"),)},
        "schedules.a: got no size, allowed is min_size",
    ),
    (
        {"schedules": (Schedule(name="a", recurrence="0 7 * * *", min_size=2),)},
        "schedules.a.min_size: got 2, allowed is at least one a zone, 3 or more",
    ),
    (
        {"schedules": (Schedule(name="a", recurrence="0 7 * * *", min_size=9, max_size=8),)},
        r"schedules.a: got \[9, 8\], allowed is min_size <= desired_capacity <= max_size",
    ),
    (
        {"schedules": (Schedule(name="a", recurrence="0 7 * * *", min_size=9),) * 2},
        r"schedules: got \['a', 'a'\], allowed is each name once",
    ),
    ({"spot": Spot()}, "instance_types: got 1 with Spot, allowed is 3 or more with Spot"),
    (
        {"spot": Spot(on_demand_base=2), "instance_types": TYPES},
        "spot.on_demand_base: got 2, allowed is 3 to 18",
    ),
    (
        {"spot": Spot(on_demand_percentage_above_base=101), "instance_types": TYPES},
        "spot.on_demand_percentage_above_base: got 101, allowed is 0 to 100",
    ),
    (
        {"spot": Spot(), "instance_types": TYPES, "warm_pool": WarmPool()},
        "warm_pool: got a warm pool with Spot, allowed is a warm pool without Spot",
    ),
    (
        {"refresh": InstanceRefresh(min_healthy_percentage=101)},
        "refresh.min_healthy_percentage: got 101, allowed is 0 to 100",
    ),
    (
        {"refresh": InstanceRefresh(max_healthy_percentage=99)},
        "refresh.max_healthy_percentage: got 99, allowed is 100 to 200",
    ),
    (
        {"refresh": InstanceRefresh(min_healthy_percentage=50, max_healthy_percentage=151)},
        "refresh.max_healthy_percentage: got 151, allowed is at most 150, 100 above the minimum",
    ),
    (
        {"image": Image(parameter="/golden/web", resolution=Resolution.LAUNCH)},
        "refresh.auto_rollback: got true with an image resolved at launch, allowed is false there",
    ),
    (
        {"refresh": InstanceRefresh(checkpoint_percentages=(50, 20, 100))},
        r"refresh.checkpoint_percentages: got \[50, 20, 100\], allowed is ascending from 1, ending in 100",
    ),
    (
        {"refresh": InstanceRefresh(checkpoint_percentages=(20, 50))},
        r"refresh.checkpoint_percentages: got \[20, 50\]",
    ),
    (
        {"refresh": InstanceRefresh(checkpoint_delay=172_801)},
        "refresh.checkpoint_delay: got 172801, allowed is 0 to 172800",
    ),
    (
        {"refresh": InstanceRefresh(alarm_names=("a",) * 8), "zone_alarms": alarms()},
        "refresh.alarm_names: got 11 with the alarms per zone, allowed is at most 10",
    ),
    (
        {
            "lifecycle_hooks": (
                LifecycleHook(name="h", transition=Transition.LAUNCHING, heartbeat_timeout=29),
            )
        },
        "lifecycle_hooks.h.heartbeat_timeout: got 29, allowed is 30 to 7200",
    ),
    (
        {"lifecycle_hooks": (LifecycleHook(name="h", transition=Transition.LAUNCHING),) * 2},
        r"lifecycle_hooks: got \['h', 'h'\], allowed is each name once",
    ),
    ({"warm_pool": WarmPool(min_size=19)}, "warm_pool.min_size: got 19, allowed is 0 to 18"),
    (
        {"warm_pool": WarmPool(min_size=3, max_group_prepared_capacity=2)},
        r"warm_pool.max_group_prepared_capacity: got 2, allowed is warm_pool.min_size \(3\) or more",
    ),
    ({"zone_alarms": alarms(), "target": None}, "zone_alarms: got no target, allowed is a target group"),
    (
        {"zone_alarms": ZoneAlarms(zone_names={"use1-az1": "us-east-1a"}, topic_arn="t")},
        r"zone_alarms.zone_names: got \['use1-az1'\], allowed is the zones of subnet_ids",
    ),
]


@pytest.mark.parametrize(("changes", "message"), REFUSED, ids=[message[:40] for _, message in REFUSED])
def test_what_is_refused_is_refused_before_anything_is_registered(
    changes: dict[str, Any], message: str
) -> None:
    def program() -> None:
        with pytest.raises(ValueError, match=message):
            AutoScaledTier("web", arguments(**changes))

    assert deploy(program).resources == []


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({}, "image: got neither of ami_id and parameter, allowed is exactly one"),
        (
            {"ami_id": "ami-1", "parameter": "/p"},
            "image: got both of ami_id and parameter, allowed is exactly one",
        ),
        ({"parameter": ""}, r"image\.parameter: got '', allowed is the name of a Systems Manager"),
    ],
)
def test_an_image_is_one_of_two(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Image(**given)


def test_a_tier_may_be_defined_and_stand_at_zero() -> None:
    group = tier(min_size=0, zone_alarms=None).one("Group").inputs
    assert (group["minSize"], group["desiredCapacity"]) == (0, 0)
    with pytest.raises(ValueError, match="zone_alarms: got min_size of 0, allowed is none where no instance"):
        tier(min_size=0, zone_alarms=alarms())


def queued(**changes: Any) -> Deployment:
    backlog = Backlog(queue_name="jobs-queue", target=5, first=9, topic_arn="arn:aws:sns:us-east-1:1:told")
    return tier(**{"tracking": (), "target": None, "required": 4, "backlog": backlog, **changes})


def test_the_size_follows_what_waits_for_each_instance() -> None:
    policy = queued().one("aws:autoscaling/policy:Policy", "web-backlog").inputs
    tracking = policy["targetTrackingConfiguration"]
    assert (policy["policyType"], tracking["targetValue"]) == ("TargetTrackingScaling", 5)
    metrics = {each["id"]: each for each in tracking["customizedMetricSpecification"]["metrics"]}
    found = {
        key: (each["metricStat"]["metric"]["metricName"], each["metricStat"]["metric"]["dimensions"])
        for key, each in metrics.items()
        if "metricStat" in each
    }
    assert found == {
        "waiting": ("ApproximateNumberOfMessagesVisible", [{"name": "QueueName", "value": "jobs-queue"}]),
        "working": (
            "GroupInServiceInstances",
            [{"name": "AutoScalingGroupName", "value": "web-group-1234567"}],
        ),
    }
    assert metrics["backlog"]["expression"] == "waiting / IF(FILL(working, 0) > 0, working, 1)"
    assert [key for key, each in metrics.items() if each["returnData"]] == ["backlog"]


def test_too_few_at_work_is_told_and_a_group_that_runs_is_started_by_nobody() -> None:
    made = queued()
    told = made.one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert (told["metricName"], told["threshold"], told["comparisonOperator"], told["evaluationPeriods"]) == (
        "GroupInServiceInstances",
        4,
        "LessThanThreshold",
        3,
    )
    assert told["treatMissingData"] == "breaching"
    assert told["alarmActions"] == told["okActions"] == ["arn:aws:sns:us-east-1:1:told"]
    assert [each.name for each in made.all("aws:autoscaling/policy:Policy")] == ["web-backlog"]


def test_where_nothing_runs_the_first_message_starts_as_many_as_carry_the_load() -> None:
    made = queued(min_size=0)
    policy = made.one("aws:autoscaling/policy:Policy", "web-first")
    assert policy.inputs["policyType"] == "StepScaling"
    assert policy.inputs["adjustmentType"] == "ExactCapacity"
    assert policy.inputs["stepAdjustments"] == [{"metricIntervalLowerBound": "0", "scalingAdjustment": 9}]
    alarm = made.one("aws:cloudwatch/metricAlarm:MetricAlarm").inputs
    assert alarm["metricQueries"][0]["expression"] == "IF(waiting > 0 AND FILL(wanted, 0) == 0, 1, 0)"
    assert (alarm["comparisonOperator"], alarm["threshold"]) == ("GreaterThanOrEqualToThreshold", 1)
    assert alarm["alarmActions"] == [made.made[policy.urn]["arn"]]
    assert "okActions" not in alarm


def test_a_backlog_is_tracking_as_the_estimator_reads_it() -> None:
    made: list[AutoScaledTier] = []
    backlog = Backlog(queue_name="jobs-queue")
    found = deploy(lambda: made.append(AutoScaledTier("web", arguments(tracking=(), backlog=backlog))))
    (read,) = facts(resources(found, "us-east-1"), stack="prod", region="us-east-1")["members"]
    assert made[0].recovery_fact["tracked"] is read["tracked"] is True

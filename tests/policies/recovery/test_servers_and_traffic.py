"""Servers, load balancers, DNS, edge: worked by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from policies.recovery import Resource
from policies.recovery.model import Failure, Verdict
from tests.policies.recovery.build import TIER1, UNKNOWN, home, node, res, times, zones
from tests.policies.recovery.systems import front, linked, servers


def behind(desired: int, need: int | None, subnets: list[Resource]) -> list[Resource]:
    edge = front("prod", "us-east-1", "PRIMARY", subnets)
    return [*subnets, *edge, servers("web", desired, need, subnets, "prod", targetGroupArns=[edge[1]])]


def test_enough_is_left_with_a_zone_gone() -> None:
    report = home(*behind(6, 4, zones()))
    for failure in ("instance", "zone"):
        found = node(report, failure, "web")
        # health check 10 x 2 + 5; 6 - 2 = 4 left, 4 needed: nothing to launch
        assert times(found) == (25, 25)
        assert found.verdict is Verdict.MET


def test_what_is_lost_is_launched_when_too_little_is_left() -> None:
    report = home(*behind(6, 5, zones()))
    # an instance: 5 left, 5 needed
    assert times(node(report, "instance", "web")) == (25, 25)
    found = node(report, "zone", "web")
    # health check 25 + launch 60..120 + bootstrap 60..300 + one more check 0..10
    assert times(found) == (25 + 60 + 60, 25 + 120 + 300 + 10)
    assert "4 are left of 5 needed" in report.failures["zone"].findings[0]


def test_a_warm_pool_is_quicker() -> None:
    subnets = zones()
    edge = front("prod", "us-east-1", "PRIMARY", subnets)
    props = {"desiredCapacity": 3, "warmPool": {"minSize": 1}, "tags": []}
    group = res("asg", "web", props, vpcZoneIdentifiers=subnets, targetGroupArns=[edge[1]])
    # health check 25 + warm pool 30..60 + one more check 0..10
    assert times(node(home(*subnets, *edge, group), "instance", "web")) == (25 + 30, 25 + 60 + 10)


def test_a_group_in_one_zone_is_deployed_again() -> None:
    found = node(home(*behind(6, 4, zones(1))), "zone", "web")
    # detect 300..900 + decide 600..1800 + infrastructure 600..1800 + launch 120..420 + a check 0..10
    assert times(found) == (300 + 600 + 600 + 120, 900 + 1800 + 1800 + 420 + 10)


def test_an_attachment_joins_servers_and_load_balancer() -> None:
    subnets = zones()
    lb, tg, listener, *_ = front("prod", "us-east-1", "PRIMARY", subnets)
    group = res(
        "asg",
        "web",
        {"desiredCapacity": 3, "tags": [{"key": "dr:required-capacity", "value": "2"}]},
        vpcZoneIdentifiers=subnets,
    )
    joined = res(
        "aws:autoscaling/attachment:Attachment", "join", autoscalingGroupName=group, lbTargetGroupArn=tg
    )
    report = home(*subnets, lb, tg, listener, group, joined)
    assert times(node(report, "zone", "web")) == (25, 25)
    path = next(t.path for t in report.failures["zone"].tiers if t.tier == "1")
    assert [n.unit.name for n in path] == ["web-lb", "web"]


NODES, JOIN = "aws:eks/nodeGroup:NodeGroup", "aws:autoscaling/attachment:Attachment"


def nodes(desired: int) -> list[Resource]:
    """Nodes of a cluster behind a load balancer, by the Auto Scaling group that EKS makes."""
    subnets = zones()
    lb, tg, listener, *_ = front("prod", "us-east-1", "PRIMARY", subnets)
    sizes = {"desiredSize": desired, "maxSize": 9}
    props = {"scalingConfig": sizes, "tags": {**TIER1, "dr:required-capacity": "4"}}
    group = res(NODES, "web", props, subnetIds=subnets)
    joined = res(JOIN, "join", autoscalingGroupName=group, lbTargetGroupArn=tg)
    return [*subnets, lb, tg, listener, group, joined]


def test_nodes_of_a_cluster_are_checked_by_what_they_are_attached_to() -> None:
    report = home(*nodes(6))
    # health check 10 x 2 + 5; 6 - 2 = 4 left, 4 needed
    assert times(node(report, "zone", "web")) == (25, 25)
    path = next(t.path for t in report.failures["zone"].tiers if t.tier == "1")
    assert [n.unit.name for n in path] == ["web-lb", "web"]
    # 5 - 2 = 3 left: health check 25 + launch 60..120 + bootstrap 60..300 + one more check 0..10
    assert times(node(home(*nodes(5)), "zone", "web")) == (25 + 60 + 60, 25 + 120 + 300 + 10)


def test_a_single_server() -> None:
    report = home(res("ec2", "box", {"tags": TIER1}))
    # status checks 60..120 + recovery on another host 120..900
    assert times(node(report, "instance", "box")) == (60 + 120, 120 + 900)
    # detect 300..900 + decide 600..1800 + infrastructure 600..1800 + launch 60..120 + bootstrap 60..300
    assert times(node(report, "zone", "box")) == (300 + 600 + 600 + 120, 900 + 1800 + 1800 + 420)
    assert node(report, "region", "box").verdict is Verdict.UNATTAINABLE


def test_tasks_on_fargate() -> None:
    subnets = zones()
    props = {
        "desiredCount": 3,
        "launchType": "FARGATE",
        "networkConfiguration": {"subnets": [UNKNOWN] * 3},
        "tags": TIER1,
    }
    service = res("ecs", "api", props, networkConfiguration=subnets)
    # ECS finds a stopped task in 0..60 (no load balancer, no check of the container) + a task 53..62
    assert times(node(home(*subnets, service), "zone", "api")) == (0 + 53, 60 + 62)


def test_a_container_that_hangs_is_found_by_its_own_check() -> None:
    subnets = zones()
    check = {"command": ["CMD", "true"], "interval": 10, "retries": 3, "timeout": 5}
    tasks = res(
        "task", "api-task", {"containerDefinitions": json.dumps([{"name": "app", "healthCheck": check}])}
    )
    props = {
        "desiredCount": 6,
        "launchType": "FARGATE",
        "networkConfiguration": {"subnets": [UNKNOWN] * 3},
        "taskDefinition": UNKNOWN,
        "tags": TIER1 | {"dr:required-capacity": "4"},
    }
    service = res("ecs", "api", props, networkConfiguration=subnets, taskDefinition=[tasks])
    # three checks 10 s apart, the last waits 5 s; four of six are enough
    assert times(node(home(*subnets, tasks, service), "zone", "api")) == (35, 35)
    ranged = res("range", "api-tasks", {"resourceId": UNKNOWN, "maxCapacity": 3}, resourceId=[service])
    found = node(home(*subnets, tasks, service, ranged), "zone", "api")
    assert found.unit.fact("max") == 3
    assert found.unit.fact("tracked") is False


def test_what_target_tracking_of_a_service_is_found_by() -> None:
    subnets = zones()
    service = res("ecs", "api", {"desiredCount": 3, "tags": TIER1}, networkConfiguration=subnets)
    ranged = res("range", "api-tasks", {"maxCapacity": 3}, resourceId=[service])
    props = {
        "policyType": "TargetTrackingScaling",
        "targetTrackingScalingPolicyConfiguration": {"targetValue": 60},
    }
    for scaled in (ranged, service):
        policy = res("task-tracking", "api-cpu", props, resourceId=[scaled])
        of_api = node(home(*subnets, service, ranged, policy), "zone", "api")
        assert of_api.unit.fact("tracked") is True, scaled.name


def test_a_service_without_a_count_starts_no_task() -> None:
    subnets = zones()
    props = {"launchType": "FARGATE", "networkConfiguration": {"subnets": [UNKNOWN] * 3}, "tags": TIER1}
    tags = TIER1 | {"dr:required-capacity": "1"}
    service = res("ecs", "api", props | {"tags": tags}, networkConfiguration=subnets)
    found = node(home(*subnets, service), "zone", "api")
    # found in 0..60 + a task 53..62: nothing is left of the one needed
    assert times(found) == (0 + 53, 60 + 62)
    assert any("0 are left of 1 needed" in said for said in found.findings)


def test_how_many_tasks_a_daemon_has_is_not_its_own_to_say() -> None:
    props = {"schedulingStrategy": "DAEMON", "desiredCount": 3, "tags": TIER1}
    found = node(home(res("ecs", "agent", props)), "instance", "agent")
    assert found.verdict is Verdict.MET_IF
    assert found.unknown == ("agent: its tasks, one on each container instance",)


@pytest.mark.parametrize(
    ("balancer", "target", "keeps"),
    [
        ({"loadBalancerType": "network"}, {}, True),
        ({"loadBalancerType": "network", "enableCrossZoneLoadBalancing": True}, {}, False),
        ({"loadBalancerType": "network"}, {"loadBalancingCrossZoneEnabled": "true"}, False),
        ({"loadBalancerType": "application"}, {"loadBalancingCrossZoneEnabled": "false"}, True),
        ({}, {"loadBalancingCrossZoneEnabled": "use_load_balancer_configuration"}, False),
    ],
)
def test_a_zone_that_is_left_is_asked_for_a_while(
    balancer: dict[str, Any], target: dict[str, Any], keeps: bool
) -> None:
    subnets = zones()
    lb = res("lb", "in", {"tags": TIER1, **balancer}, subnets=subnets)
    tg = res("tg", "in-tg", {"healthCheck": {"interval": 10, "timeout": 5}, **target})
    listener = res("listener", "in-tcp", loadBalancerArn=lb, defaultActions=tg)
    for desired, instance in ((6, 0), (3, 60)):
        group = servers("app", desired, 2, subnets, "prod", targetGroupArns=[tg])
        report = home(*subnets, lb, tg, listener, group)
        # Clients keep an address for 60 s; with two servers a zone the loss of one leaves its zone's address as it is.
        assert times(node(report, "zone", "in")) == ((60, 60) if keeps else (0, 0))
        assert times(node(report, "instance", "in")) == ((instance, instance) if keeps else (0, 0))


def test_functions() -> None:
    report = home(res("lambda", "f", {"tags": TIER1}))
    assert times(node(report, "zone", "f")) == (0, 1)
    subnets = zones(1)
    alone = res("lambda", "f", {"tags": TIER1, "vpcConfig": {"subnetIds": ["?"]}}, vpcConfig=subnets)
    assert node(home(*subnets, alone), "zone", "f").option == "deployed again in another zone"


def test_nobody_waits_for_a_function_that_only_rotates_secrets() -> None:
    function = res("lambda", "f", {"tags": TIER1})
    rotation = res("aws:secretsmanager/secretRotation:SecretRotation", "r", rotationLambdaArn=function)

    def units(*principals: str) -> list[str]:
        allowed = [
            res("aws:lambda/permission:Permission", f"p{i}", {"principal": each}, function=function)
            for i, each in enumerate(principals)
        ]
        found = home(function, rotation, *allowed).failures[Failure.REGION].nodes
        return [each.unit.name for each in found]

    assert units("secretsmanager.amazonaws.com") == units() == []
    assert units("secretsmanager.amazonaws.com", "apigateway.amazonaws.com") == ["f"]


def test_a_load_balancer_in_one_zone() -> None:
    subnets = zones(1)
    found = node(home(*subnets, res("lb", "lb", {"tags": TIER1}, subnets=subnets)), "zone", "lb")
    # detect 300..900 + decide 600..1800 + infrastructure 600..1800
    assert times(found) == (1500, 4500)


def sides(check: dict[str, object] | None, alias: bool = False, **record: object) -> list[Resource]:
    """Both sides of a failover in one stack."""
    found: list[Resource] = []
    for region, side in (("us-east-1", "PRIMARY"), ("us-west-2", "SECONDARY")):
        lb = res("lb", f"lb-{side}", {"region": region, "tags": TIER1})
        props = {
            "name": "www.example.com",
            "failoverRoutingPolicies": [{"type": side}],
            "aliases": [{"name": UNKNOWN, "evaluateTargetHealth": alias}],
            **record,
        }
        links: dict[str, Resource] = {}
        if check is not None:
            links["healthCheckId"] = res("check", f"check-{side}", check)
            found.append(links["healthCheckId"])
        found += [lb, linked(res("record", f"www-{side}", props, **links), aliases=lb)]
    return found


def test_dns_failover() -> None:
    found = node(
        home(*sides({"type": "HTTPS", "requestInterval": 30, "failureThreshold": 3})), "region", "www-PRIMARY"
    )
    # 30 x 3 + 0..6 to connect and answer, then 60 for the alias
    assert times(found) == (90 + 60, 96 + 60)
    quick = node(
        home(*sides({"type": "HTTPS", "requestInterval": 10, "failureThreshold": 1})), "region", "www-PRIMARY"
    )
    assert times(quick) == (10 + 60, 16 + 60)


def test_a_record_with_a_ttl() -> None:
    lb_less = sides({"type": "HTTPS"}, ttl=300, aliases=None)
    found = node(home(*lb_less), "region", "www-PRIMARY")
    assert times(found) == (90 + 300, 96 + 300)


def test_without_a_check_somebody_changes_the_record() -> None:
    report = home(*sides(None))
    found = node(report, "region", "www-PRIMARY")
    # detect 300..900 + decide 600..1800 + alias 60 + change 0..60
    assert times(found) == (300 + 600 + 60, 900 + 1800 + 120)
    assert any("never fails over by itself" in f for f in report.failures["region"].findings)


@pytest.mark.parametrize(
    ("threshold", "seconds"), [(1, 300), (2, 150), (3, 20)], ids=["any-serves", "two-serve", "all-serve"]
)
def test_a_calculated_check_turns_with_the_last_child_that_it_takes(threshold: int, seconds: int) -> None:
    slow = res("check", "slow", {"type": "HTTPS", "requestInterval": 30, "failureThreshold": 5})
    fast = res("check", "fast", {"type": "HTTPS", "requestInterval": 10, "failureThreshold": 2})
    # An alarm may be about something else than the endpoint: it counts last, however fast it is.
    decision = res("check", "decision", {"type": "CLOUDWATCH_METRIC"})
    alarm = res("alarm", "taken", {"period": 60, "evaluationPeriods": 5})
    decision = linked(decision, cloudwatchAlarmName=alarm)
    both = res(
        "check",
        "both",
        {"type": "CALCULATED", "childHealthThreshold": threshold},
        childHealthchecks=[slow, fast, decision],
    )
    everything = sides(None)
    record = next(r for r in everything if r.name == "www-PRIMARY")
    watched = linked(record, healthCheckId=both)
    watched.props["healthCheckId"] = UNKNOWN  # type: ignore[index]
    everything[everything.index(record)] = watched
    late = 60 if threshold == 1 else 6  # of a metric, else of Route 53
    found = node(home(*everything, slow, fast, decision, alarm, both), "region", "www-PRIMARY")
    assert times(found) == (seconds + 60, seconds + late + 60)


def test_an_alarm_as_a_check() -> None:
    alarm = res("alarm", "health", {"period": 60, "evaluationPeriods": 3})
    everything = sides({"type": "CLOUDWATCH_METRIC"})
    everything = [
        linked(r, cloudwatchAlarmName=alarm) if r.name.startswith("check") else r for r in everything
    ]
    # 60 x 3 + 0..60 until the metric is there + alias 60
    assert times(node(home(alarm, *everything), "region", "www-PRIMARY")) == (180 + 60, 240 + 60)


def test_an_origin_group() -> None:
    here = res("bucket", "here", {"tags": TIER1})
    away = res("bucket", "away", {"region": "us-west-2"})
    origins = [
        {"connectionAttempts": 3, "connectionTimeout": 10},
        {"connectionAttempts": 2, "connectionTimeout": 5},
    ]
    props = {"origins": origins, "originGroups": [{"originId": "both"}], "tags": TIER1}
    cdn = res("cdn", "site", props, origins=[here, away])
    # 3 attempts x 10 s
    assert times(node(home(here, away, cdn), "region", "site")) == (30, 30)
    alone = res("cdn", "site", {**props, "originGroups": []}, origins=[here, away])
    # detect 300..900 + decide 600..1800 + change 0..60 + 0..300
    assert times(node(home(here, away, alone), "region", "site")) == (900, 900 + 1800 + 360)


def test_an_accelerator() -> None:
    accelerator = res("accelerator", "front", {"tags": TIER1})
    listener = res("ga-listener", "listener", acceleratorArn=accelerator)
    groups = [
        res(
            "endpoints",
            f"to-{region}",
            {"endpointGroupRegion": region, "healthCheckIntervalSeconds": 10, "thresholdCount": 3},
            listenerArn=listener,
        )
        for region in ("us-east-1", "us-west-2")
    ]
    # 10 x 3 + 0..30
    assert times(node(home(accelerator, listener, *groups), "region", "front")) == (30, 60)
    assert node(home(accelerator, listener, groups[0]), "region", "front").option == "changed by hand"


@pytest.mark.parametrize("kind", ["asg", "lb", "ec2", "lambda", "ecs"])
def test_what_keeps_no_data_cant_be_corrupted(kind: str) -> None:
    assert home(res(kind, "it", {"tags": {} if kind != "asg" else []})).failures["corruption"].nodes == ()

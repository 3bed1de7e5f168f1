from __future__ import annotations

import json
from dataclasses import replace

import pulumi
import pulumi_aws as aws
import pytest
from pulumi.output import Unknown

from components.operations import AuroraLimits, RegionHealth, RegionHealthArgs
from components.tags import Tags
from tests.pulumi_mocks import Deployment, deploy

TAGS = Tags(
    environment="production",
    system="shop",
    owner="platform",
    cost_center="cc-1",
    dr_tier=1,
    rto_hours=1,
    rpo_minutes=5,
)
TOPIC = "arn:aws:sns:us-east-1:123456789012:ops"
AURORA = AuroraLimits(cluster_identifier="shop-db", connections=800, global_lag_seconds=5)
ARGS = RegionHealthArgs(
    region="us-east-1",
    load_balancer_arn_suffix="app/shop/1",
    target_group_arn_suffix="targetgroup/shop/2",
    tags=TAGS,
    actions=[TOPIC],
    aurora=AURORA,
)


def run(args: RegionHealthArgs = ARGS, *, preview: bool = False) -> Deployment:
    def program() -> None:
        health = RegionHealth("shop", args)
        pulumi.export("name", health.name)
        pulumi.export("check", health.health_check_alarm_name)

    return deploy(program, preview=preview)


def test_alarms_and_their_parents() -> None:
    deployment = run()
    alarms = {a.name: a for a in deployment.all("MetricAlarm")}
    assert set(alarms) == {f"shop-{x}" for x in ("hosts", "errors", "latency", "cpu", "connections", "lag")}
    component = deployment.one("holdfast:operations:RegionHealth").urn
    for found in [*alarms.values(), deployment.one("CompositeAlarm")]:
        assert found.parent == component
        assert found.tags == TAGS.resource(found.name)
        assert found.inputs["alarmActions"] == found.inputs["okActions"] == [TOPIC]
        assert "region" not in found.inputs
    assert {r.name for r in deployment.taggable()} == {*alarms, "shop-unhealthy"}


def test_a_group_at_zero_misses_no_host_and_misses_them_once_any_is_wanted() -> None:
    hosts = run(replace(ARGS, idle_group="shop-app")).one("MetricAlarm", "shop-hosts").inputs
    queries = {query["id"]: query for query in hosts["metricQueries"]}
    assert queries["result"]["expression"] == "IF(FILL(wanted, 0) > 0, FILL(healthy, 0), 1)"
    wanted, healthy = queries["wanted"]["metric"], queries["healthy"]["metric"]
    assert (wanted["namespace"], wanted["metricName"]) == ("AWS/AutoScaling", "GroupDesiredCapacity")
    assert wanted["dimensions"] == {"AutoScalingGroupName": "shop-app"}
    assert (healthy["metricName"], healthy["stat"]) == ("HealthyHostCount", "Maximum")
    assert (hosts["comparisonOperator"], hosts["threshold"]) == ("LessThanThreshold", 1)


def test_hosts_alarm_fits_a_route_53_health_check() -> None:
    """Route 53 takes one metric of standard resolution with a basic statistic: no math, no percentile, no M of N."""
    hosts = run().one("MetricAlarm", "shop-hosts").inputs
    assert (hosts["namespace"], hosts["metricName"]) == ("AWS/ApplicationELB", "HealthyHostCount")
    assert hosts["dimensions"] == {"LoadBalancer": "app/shop/1", "TargetGroup": "targetgroup/shop/2"}
    assert hosts["statistic"] == "Maximum"
    assert (hosts["comparisonOperator"], hosts["threshold"]) == ("LessThanThreshold", 1)
    assert hosts["period"] == 60
    assert hosts["evaluationPeriods"] == 2
    assert hosts["treatMissingData"] == "breaching"
    assert not {"metricQueries", "extendedStatistic", "datapointsToAlarm"} & set(hosts)


def test_error_rate_counts_requests_without_a_target() -> None:
    errors = run(replace(ARGS, error_percent=2.5)).one("MetricAlarm", "shop-errors").inputs
    result, *metrics = errors["metricQueries"]
    assert (
        result["expression"] == "100 * (FILL(target, 0) + FILL(elb, 0)) / (FILL(requests, 0) + FILL(elb, 0))"
    )
    assert {m["id"]: m["metric"]["metricName"] for m in metrics} == {
        "target": "HTTPCode_Target_5XX_Count",
        "elb": "HTTPCode_ELB_5XX_Count",
        "requests": "RequestCount",
    }
    assert {m["metric"]["stat"] for m in metrics} == {"Sum"}
    assert errors["threshold"] == 2.5
    assert errors["treatMissingData"] == "notBreaching"


def test_latency_is_the_99th_percentile() -> None:
    latency = run(replace(ARGS, latency_seconds=0.5, periods=5)).one("MetricAlarm", "shop-latency").inputs
    assert latency["extendedStatistic"] == "p99"
    assert latency["threshold"] == 0.5
    assert latency["evaluationPeriods"] == 5


def test_aurora_alarms_fit_either_role() -> None:
    deployment = run()
    for name, metric, threshold in (
        ("cpu", "CPUUtilization", 90),
        ("connections", "DatabaseConnections", 800),
        ("lag", "AuroraGlobalDBReplicationLag", 5000),
    ):
        found = deployment.one("MetricAlarm", f"shop-{name}").inputs
        assert (found["metricName"], found["threshold"]) == (metric, threshold)
        assert found["treatMissingData"] == "missing"
        assert found["insufficientDataActions"] == [TOPIC]
        role = {} if name == "lag" else {"Role": "WRITER"}
        assert found["dimensions"] == {"DBClusterIdentifier": "shop-db", **role}


def test_aurora_alarms_are_optional() -> None:
    assert len(run(replace(ARGS, aurora=None)).all("MetricAlarm")) == 3
    without_lag = run(replace(ARGS, aurora=replace(AURORA, global_lag_seconds=None)))
    assert "shop-lag" not in {a.name for a in without_lag.all("MetricAlarm")}


def test_the_verdict_is_over_the_symptoms() -> None:
    composite = run().one("CompositeAlarm").inputs
    assert composite["alarmName"] == "shop-unhealthy-us-east-1"
    assert composite["alarmRule"] == (
        'ALARM("shop-hosts-1234567") OR ALARM("shop-errors-1234567") OR ALARM("shop-latency-1234567")'
    )


def test_automation_hangs_on_the_verdict() -> None:
    deployment = run(
        replace(ARGS, automation={"runbook": "arn:aws:lambda:us-east-1:123456789012:function:f"})
    )
    rule = deployment.one("EventRule")
    assert json.loads(rule.inputs["eventPattern"]) == {
        "source": ["aws.cloudwatch"],
        "detail-type": ["CloudWatch Alarm State Change"],
        "resources": ["arn:aws:mock:us-east-1:123456789012:shop-unhealthy"],
    }
    target = deployment.one("EventTarget", "shop-runbook")
    assert target.inputs == {
        "rule": "shop-verdict-1234567",
        "arn": "arn:aws:lambda:us-east-1:123456789012:function:f",
    }
    assert not run().all("EventRule")


def test_outputs() -> None:
    deployment = run()
    component = deployment.one("holdfast:operations:RegionHealth")
    assert deployment.outputs[component.urn] == {
        "name": "shop-unhealthy-us-east-1",
        "arn": "arn:aws:mock:us-east-1:123456789012:shop-unhealthy",
        "symptom_arns": {
            each: f"arn:aws:mock:us-east-1:123456789012:shop-{each}"
            for each in ("hosts", "errors", "latency")
        },
        "health_check_alarm_name": "shop-hosts-1234567",
        "health_check_alarm_region": "us-east-1",
    }


def test_preview_with_unknown_outputs() -> None:
    deployment = run(preview=True)
    assert len(deployment.all("MetricAlarm")) == 6
    assert isinstance(deployment.one("CompositeAlarm").inputs["alarmRule"], Unknown)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"actions": []}, r"actions: got \[\], allowed is 1 or more: an alarm that notifies"),
        ({"error_percent": 0}, "error_percent: got 0, allowed is above 0 to 100"),
        ({"error_percent": 101}, "error_percent: got 101, allowed is above 0 to 100"),
        ({"latency_seconds": 0}, "latency_seconds: got 0, allowed is above 0"),
        ({"periods": 0}, "periods: got 0, allowed is 1 to 60 minutes: later is no alarm"),
        ({"periods": 61}, "periods: got 61, allowed is 1 to 60 minutes: later is no alarm"),
        ({"aurora": replace(AURORA, connections=0)}, "connections: got 0, allowed is 1 or more"),
        ({"aurora": replace(AURORA, cpu_percent=0)}, "cpu_percent: got 0, allowed is above 0 to 100"),
        (
            {"aurora": replace(AURORA, cpu_percent=100.5)},
            r"cpu_percent: got 100\.5, allowed is above 0 to 100",
        ),
        ({"aurora": replace(AURORA, global_lag_seconds=0)}, "global_lag_seconds: got 0, allowed is above 0"),
    ],
)
def test_bad_arguments(change: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        run(replace(ARGS, **change))


def test_several_target_groups_each_have_an_alarm_of_their_own() -> None:
    def program() -> None:
        other = aws.cloudwatch.MetricAlarm(
            "orders-hosts", comparison_operator="LessThanThreshold", evaluation_periods=1
        )
        args = replace(ARGS, target_group_arn_suffix=None, aurora=None, others={"hosts-orders": other})
        pulumi.export("symptoms", RegionHealth("shop", args).symptom_arns)

    found = deploy(program)
    assert {alarm.name for alarm in found.all("MetricAlarm")} == {
        "orders-hosts",
        "shop-errors",
        "shop-latency",
    }
    rule = found.one("CompositeAlarm").inputs["alarmRule"]
    names = [
        found.made[found.one("MetricAlarm", n).urn]["name"]
        for n in ("shop-errors", "shop-latency", "orders-hosts")
    ]
    assert rule == " OR ".join(f'ALARM("{name}")' for name in names)
    assert found.one("MetricAlarm", "shop-latency").inputs["dimensions"] == {"LoadBalancer": "app/shop/1"}
    (symptoms,) = [out["symptoms"] for out in found.outputs.values() if "symptoms" in out]
    assert set(symptoms) == {"errors", "latency", "hosts-orders"}

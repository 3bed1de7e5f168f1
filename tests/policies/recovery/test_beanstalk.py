"""Environments of Elastic Beanstalk, each failure worked by hand. Times in seconds, low then high; the sum is written out beside each."""

from __future__ import annotations

from typing import Any

from policies.graph import Resource
from tests.policies.recovery.build import TIER1, UNKNOWN, home, node, res, times, zones

ENVIRONMENT = "aws:elasticbeanstalk/environment:Environment"
GROUP, NETWORK = "aws:autoscaling:asg", "aws:ec2:vpc"
PROCESS = "aws:elasticbeanstalk:environment:process:default"
CHECKED = {
    (PROCESS, "HealthCheckInterval"): "10",
    (PROCESS, "HealthCheckTimeout"): "5",
    (PROCESS, "UnhealthyThresholdCount"): "2",
}


def environment(said: dict[tuple[str, str], Any], subnets: list[Resource]) -> list[Resource]:
    rows = [{"namespace": space, "name": name, "value": value} for (space, name), value in said.items()]
    props = {"application": "a", "settings": rows, "tags": {**TIER1, "dr:required-capacity": "4"}}
    return [*subnets, res(ENVIRONMENT, "web", props, settings=subnets)]


def sized(least: Any, **more: str) -> list[Resource]:
    told = {(GROUP, name): value for name, value in {"MinSize": least, **more}.items()}
    return environment({**CHECKED, **told}, zones())


def test_enough_is_left_with_a_zone_gone() -> None:
    report = home(*sized("6"))
    # health check 10 x 2 + 5; 6 - 2 = 4 left, 4 needed
    assert times(node(report, "zone", "web")) == (25, 25)
    assert times(node(report, "instance", "web")) == (25, 25)


def test_what_is_lost_is_launched_when_too_little_is_left() -> None:
    # 5 - 2 = 3 left: health check 25 + launch 60..120 + bootstrap 60..300 + Elastic Beanstalk 0..300 + one more check 0..10
    found = node(home(*sized("5")), "zone", "web")
    assert times(found) == (25 + 60 + 60, 25 + 120 + 300 + 300 + 10)


def test_what_nobody_says_is_as_elastic_beanstalk_has_it() -> None:
    # 15 x 5 + 5; 1 - 1 = 0 left: launch 60..120 + bootstrap 60..300 + Elastic Beanstalk 0..300 + one more check 0..15
    found = node(home(*environment({}, zones())), "zone", "web")
    assert times(found) == (80 + 60 + 60, 80 + 120 + 300 + 300 + 15)


def test_a_single_instance_is_deployed_again_elsewhere() -> None:
    said = {
        ("aws:elasticbeanstalk:environment", "EnvironmentType"): "SingleInstance",
        (GROUP, "MinSize"): "4",
    }
    found = node(home(*environment(said, zones())), "zone", "web")
    assert found.option == "deployed again in another zone"


def test_a_size_that_is_not_known_yet_may_be_enough_or_not() -> None:
    # health check 25; nothing, or launch 120 + bootstrap 300 + Elastic Beanstalk 300 + one more check 10
    assert times(node(home(*sized(UNKNOWN)), "zone", "web")) == (25, 25 + 120 + 300 + 300 + 10)


def test_a_bucket_that_only_its_load_balancer_logs_to_promises_nothing() -> None:
    logs = res("bucket", "logs", {"tags": TIER1})
    *subnets, made = sized("6")
    rows = {**made.props, "settings": [*made.props["settings"]]}
    told = res(ENVIRONMENT, "web", rows, settings=[*subnets, logs])
    report = home(*subnets, logs, told)
    assert [n.unit.name for n in report.failures["zone"].nodes] == ["web"]

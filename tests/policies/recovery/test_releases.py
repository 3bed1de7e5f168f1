"""How long a bad release of a service of containers takes to be taken back, by what its deployment watches."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from policies.graph import UNKNOWN, Resource
from policies.recovery.releases import Release, releases, threshold
from tests.policies.recovery.build import res

BREAKER = {"deploymentCircuitBreaker": {"enable": True, "rollback": True}}
CHECK = {"healthCheck": {"interval": 10, "unhealthyThreshold": 3, "timeout": 5}}
LOOK = 10
"""Seconds in which ECS acts."""
ERRORS = {"metricQueries": [{"expression": "a"}, {"metric": {"period": 60}}], "evaluationPeriods": 3}


def released(props: dict[str, Any], *others: Resource, **links: Any) -> Release:
    tags = {"workload": "shop"}
    given = {"desiredCount": 4, "tags": tags, "tagsAll": tags, "region": "us-east-1", **props}
    [found] = releases([*others, res("ecs", "web", given, **links)])
    assert (found.name, found.system, found.region) == ("web", "shop", "us-east-1")
    return found


def back(*args: Any, **links: Any) -> tuple[float, float]:
    found = released(*args, **links)
    return found.back.low, found.back.high


@pytest.mark.parametrize(("desired", "failures"), [(1, 3), (4, 3), (7, 4), (25, 13), (400, 200), (800, 200)])
def test_half_of_the_tasks_may_fail_but_three_at_least_and_200_at_most(desired: int, failures: int) -> None:
    assert threshold(desired) == failures


def test_the_load_balancer_finds_out() -> None:
    group = res("tg", "tg", CHECK)
    assert back(BREAKER, group, loadBalancers=group) == (53 + 20, 62 + 35 + LOOK)
    assert released(BREAKER, group, loadBalancers=group).failed.high == 0, "new tasks get no request"


def test_the_load_balancer_is_not_listened_to_in_the_grace_period() -> None:
    group = res("tg", "tg", CHECK)
    waits = {**BREAKER, "healthCheckGracePeriodSeconds": 120}
    assert back(waits, group, loadBalancers=group) == (53 + 120, 62 + 120 + LOOK)


def test_the_containers_check_finds_out_once_it_has_started() -> None:
    check = {"interval": 10, "retries": 3, "timeout": 5, "startPeriod": 60}
    task = res("task", "task", {"containerDefinitions": json.dumps([{"healthCheck": check}])})
    assert back(BREAKER, task, taskDefinition=task) == (53 + 90, 62 + 95 + LOOK)


def test_a_task_that_ends_is_found_out() -> None:
    assert back(BREAKER) == (53, 62 + 60 + LOOK)


@pytest.mark.parametrize(
    ("desired", "most", "rounds"),
    [(1, 200, 3), (2, 200, 2), (3, 200, 1), (4, 150, 2), (10, 200, 1), (10, 110, 5)],
)
def test_as_many_rounds_as_there_is_room_for(desired: int, most: int, rounds: int) -> None:
    size = {"desiredCount": desired, "deploymentMaximumPercent": most}
    assert back({**BREAKER, **size}) == (53 * rounds, 122 * rounds + LOOK)


def test_old_tasks_that_went_for_new_ones_are_started_again() -> None:
    group = res("tg", "tg", CHECK)
    instead = {**BREAKER, "deploymentMinimumHealthyPercent": 50, "deploymentMaximumPercent": 100}
    # Two at a time, three may fail.
    assert back(instead, group, loadBalancers=group) == (2 * 73 + 53, 2 * 97 + LOOK + 62 + 10)


@pytest.mark.parametrize(
    "props",
    [
        {},
        {"deploymentCircuitBreaker": {"enable": True, "rollback": False}},
        {"deploymentCircuitBreaker": {"enable": False, "rollback": True}},
        {"deploymentCircuitBreaker": {"enable": UNKNOWN, "rollback": True}},
        {**BREAKER, "deploymentMaximumPercent": 100},
        {**BREAKER, "deploymentConfiguration": {"strategy": "BLUE_GREEN"}},
    ],
)
def test_without_it_nothing_takes_a_release_back(props: dict[str, Any]) -> None:
    found = released(props)
    assert found.back.low == math.inf
    assert found.as_json()["back"] == {"low": None, "high": None}


def test_of_a_blue_green_service_the_alarms_find_out() -> None:
    group, errors = res("tg", "tg", CHECK), res("alarm", "errors", ERRORS)
    props = {
        "deploymentConfiguration": {"strategy": "BLUE_GREEN"},
        "alarms": {"enable": True, "rollback": True, "alarmNames": [UNKNOWN]},
    }
    found = released(props, group, errors, loadBalancers=group, alarms=errors)
    assert (found.failed.low, found.failed.high) == (120, 180 + 60)
    assert (found.back.low, found.back.high) == (53 + 120, 62 + 10 + LOOK + 240)
    off = {**props, "alarms": {"enable": True, "rollback": False, "alarmNames": [UNKNOWN]}}
    assert released(off, group, errors, loadBalancers=group, alarms=errors).failed.low == math.inf


def test_who_wants_no_task_has_no_release() -> None:
    assert not releases([res("ecs", "web", {"desiredCount": 0, **BREAKER})])
    assert not releases([res("ecs", "web", {"desiredCount": UNKNOWN, **BREAKER})])

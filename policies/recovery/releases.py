"""How long a bad release of an ECS service takes to be taken back: by the circuit breaker or, with blue/green, by the alarms.

A rolling deployment's new tasks pass no health check, and get no request. A blue/green deployment's that pass none never get one either;
what the estimate is about are those that pass them and fail their requests: the alarms find out, and until then clients are failed.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from policies.graph import Graph, Resource, Unknown

from .figures import Figures
from .model import NOTHING, UNRECOVERABLE, Estimate
from .readers.compute import SERVICE, container_check, container_health
from .readers.elb import TARGET_GROUPS, check_of
from .readers.route53 import ALARM
from .systems import TAGS

LEAST, MOST = 3, 200
"""Failed tasks that half of the wanted number is rounded to."""
_MINUTE = 60


@dataclass(frozen=True)
class Release:
    """A bad release of one service."""

    name: str
    system: str
    region: str
    back: Estimate
    """From its deployment until all of it is gone."""
    failed: Estimate
    """For how long clients may be failed meanwhile."""

    def as_json(self) -> dict[str, Any]:
        """`name`, `system`, `region`, and `back` and `failed` with their ends in seconds."""
        ends = {"back": self.back.as_json(), "failed": self.failed.as_json()}
        return {"name": self.name, "system": self.system, "region": self.region, **ends}


def releases(resources: Iterable[Resource] | Graph, figures: Figures | None = None) -> list[Release]:
    """One for each service that wants tasks. Whatever isn't known yet counts as if nothing took the release back."""
    graph = resources if isinstance(resources, Graph) else Graph(resources)
    found = [(each, each.number("desiredCount", 0)) for each in graph.of(SERVICE)]
    return [
        _of(graph, each, n, figures or Figures()) for each, n in found if not isinstance(n, Unknown) and n
    ]


def threshold(desired: float) -> int:
    """Failed tasks after which a deployment has failed."""
    return min(max(math.ceil(desired / 2), LEAST), MOST)


def _of(graph: Graph, r: Resource, desired: float, figures: Figures) -> Release:
    if r.get("deploymentConfiguration.strategy") == "BLUE_GREEN":
        back, failed = _blue_green(graph, r, figures)
    else:
        back, failed = _rolling(graph, r, desired, figures), NOTHING
    tags = (r.tags.get(tag) for tag in TAGS)
    system = next((tag for tag in tags if isinstance(tag, str) and tag), "")
    return Release(r.name, system, graph.region(r), back, failed)


def _rolling(graph: Graph, r: Resource, desired: float, figures: Figures) -> Estimate:
    """As many rounds of new tasks as it takes until enough of them have failed. Old ones that had to go for them are started again."""
    beside = math.floor(desired * (_number(r, "deploymentMaximumPercent", 200) - 100) / 100)
    instead = desired - math.ceil(desired * _number(r, "deploymentMinimumHealthyPercent", 100) / 100)
    room = min(beside + instead, desired)
    if not (_rolls_back(r, "deploymentCircuitBreaker") and room >= 1):
        return UNRECOVERABLE
    one = figures["launch.fargate"] + _noticed(graph, r, figures)
    found = one.times(math.ceil(threshold(desired) / room)) + figures["deploy.look"]
    return found + figures["launch.fargate"] + _checked(graph, r) if instead else found


def _noticed(graph: Graph, r: Resource, figures: Figures) -> Estimate:
    """From the start of a task until ECS stops it: the load balancer's check, but not in the grace period; the container's; its end."""
    groups = graph.linked(r, "loadBalancers", *TARGET_GROUPS)
    check = check_of(groups[0]) if groups else container_check(graph, r)
    if not check:
        return figures["detect.task"]
    known = {key: value for key, value in check.items() if not isinstance(value, Unknown)}
    if len(known) < len(check):
        return Estimate(0, math.inf)
    interval, times, timeout = known["interval_s"], known["threshold"], known["timeout_s"]
    if groups:
        grace = _number(r, "healthCheckGracePeriodSeconds", 0)
        return Estimate(max(grace, interval * (times - 1)), max(grace, interval * times + timeout))
    failing = interval * times + float((container_health(graph, r) or {}).get("startPeriod", 0))
    return Estimate(failing, failing + timeout)


def _blue_green(graph: Graph, r: Resource, figures: Figures) -> tuple[Estimate, Estimate]:
    """New tasks are started and found healthy, all requests go there, and come back when an alarm rings."""
    alarms = graph.linked(r, "alarms", ALARM)
    if not (_rolls_back(r, "alarms") and alarms):
        return UNRECOVERABLE, UNRECOVERABLE
    rings = (
        min((_rings(each) for each in alarms), key=lambda time: time.high) + figures["detect.metric_delay"]
    )
    there = figures["launch.fargate"] + _checked(graph, r) + figures["deploy.look"]
    return there + rings, rings


def _checked(graph: Graph, r: Resource) -> Estimate:
    """A new task that works is found healthy."""
    groups = graph.linked(r, "loadBalancers", *TARGET_GROUPS)
    interval = check_of(groups[0])["interval_s"] if groups else 0
    return Estimate(0, math.inf if isinstance(interval, Unknown) else interval)


def _rings(alarm: Resource) -> Estimate:
    """How long what an alarm watches must be wrong: the first of its periods may be so in part."""
    periods = _number(alarm, "datapointsToAlarm", 0) or _number(alarm, "evaluationPeriods", 1)
    rows = alarm.rows("metricQueries")
    said = (
        [row.get("metric", {}).get("period") for row in rows if isinstance(row, dict)]
        if isinstance(rows, list)
        else []
    )
    known = [float(each) for each in said if isinstance(each, int | float)]
    period = _number(alarm, "period", max(known, default=_MINUTE))
    return Estimate(period * (periods - 1), period * periods)


def _rolls_back(r: Resource, what: str) -> bool:
    return r.flag(f"{what}.enable") is True and r.flag(f"{what}.rollback") is True


def _number(r: Resource, key: str, default: float) -> float:
    found = r.number(key, default)
    return default if found is None or isinstance(found, Unknown) else found

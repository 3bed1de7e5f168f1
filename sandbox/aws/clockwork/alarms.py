"""Alarms on the clock, minute by minute: those whose metric follows from what the simulated AWS does, or that a function writes.

An alarm of another metric stays where it is. A lost region's alarms stop: its CloudWatch went with it.
"""

from __future__ import annotations

import json
import operator
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import balanced, callers, embedded, requests, scope, targets
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

Value = float | None
_COMPARED: Mapping[str, Callable[[float, float], bool]] = {
    "GreaterThanThreshold": operator.gt,
    "GreaterThanOrEqualToThreshold": operator.ge,
    "LessThanThreshold": operator.lt,
    "LessThanOrEqualToThreshold": operator.le,
}
_SHORTEST = 60.0
_seen: dict[str, list[bool | None]] = {}
"""Of each alarm by ARN, the last periods: breaching or not, None without data."""


def start() -> None:
    """Begin to evaluate; data arrive as late as the figures say."""
    CLOCK.after(CLOCK.lasts("detect.metric_delay"), lambda: CLOCK.every(_SHORTEST, _evaluate))


def _evaluate() -> None:
    from moto.cloudwatch.models import cloudwatch_backends

    for region, backend in list(cloudwatch_backends[ACCOUNT].items()):
        if TABLE.region_lost(region):
            continue
        for alarm in list(backend.alarms.values()):
            ask = _METRICS.get((alarm.namespace, alarm.metric_name))
            if CLOCK.now % float(alarm.period or _SHORTEST) >= _SHORTEST:
                continue
            if not scope.played(alarm, partial(backend.tagger.get_tag_dict_for_resource, alarm.alarm_arn)):
                continue
            if ask is not None:
                dimensions = {each.name: each.value for each in alarm.dimensions}
                value = ask(region, dimensions)
                counted = alarm.statistic == "SampleCount" and value is not None
                _judge(backend, alarm, 1.0 if counted else value)
            elif embedded.known(region, alarm):
                _judge(backend, alarm, embedded.value(region, alarm))
            elif callers.known(alarm):
                _judge(backend, alarm, callers.value(region, alarm))
            elif balanced.known(alarm):
                _judge(backend, alarm, balanced.value(region, alarm))


def _judge(backend: Any, alarm: Any, value: Value) -> None:
    """Set an alarm's state from its last periods: M of N breach, missing ones counted as the alarm wants."""
    breaches = None if value is None else _COMPARED[alarm.comparison_operator](value, float(alarm.threshold))
    periods = int(alarm.evaluation_periods or 1)
    seen = _seen.setdefault(alarm.alarm_arn, [])
    seen.append(breaches)
    del seen[:-periods]
    needed = int(alarm.datapoints_to_alarm or periods)
    missing = alarm.treat_missing_data == "breaching"
    bad = sum(missing if each is None else each for each in seen)
    if len(seen) < periods:
        return
    state = "ALARM" if bad >= needed else "OK"
    if alarm.state_value != state:
        CLOCK.note("CloudWatch", f"alarm {alarm.name}: {state}", backend.region_name)
        backend.set_alarm_state(alarm.name, f"{bad} of {periods} periods breach", None, state)


def _healthy_hosts(region: str, dimensions: Mapping[str, str]) -> Value:
    """Targets that load balancers find healthy, of one zone where the alarm names it; none without a load balancer."""
    from moto.ec2.models import ec2_backends
    from moto.elbv2.models import elbv2_backends

    wanted = dimensions.get("TargetGroup", "")
    group = next(
        (g for g in elbv2_backends[ACCOUNT][region].target_groups.values() if g.arn.endswith(wanted)), None
    )
    if group is None:
        return None
    zone = dimensions.get("AvailabilityZone")
    if zone is not None and TABLE.zone_lost(zone, _zone_id(region, zone)):
        return None  # no load balancer is left there to tell
    healthy = targets.healthy(group)
    if zone is None:
        return float(len(healthy))
    launched = (each for r in ec2_backends[ACCOUNT][region].reservations.values() for each in r.instances)
    return float(sum(each.id in healthy and each.placement.zone == zone for each in launched))


def _zone_id(region: str, name: str) -> str | None:
    from sandbox.aws.extensions.elbv2 import zone_id

    return zone_id(region, name)


def _check_status(_region: str, dimensions: Mapping[str, str]) -> Value:
    from moto.route53.models import route53_backends

    from sandbox.aws.extensions._route53_answers import healthy

    backend = route53_backends[ACCOUNT]["aws"]
    id_ = dimensions.get("HealthCheckId", "")
    return float(healthy(backend, id_)) if id_ in backend.health_checks else None


def _not_answering(region: str, dimensions: Mapping[str, str]) -> Value:
    """What the region's function that writes this metric sees: whether no region answers at the public name that it was given."""
    from moto.awslambda.utils import get_backend

    for function in get_backend(ACCOUNT, region).list_functions():
        told = function.environment_vars
        if json.loads(told.get("DIMENSIONS", "{}")) == dict(dimensions):
            url = urlsplit(told["URL"])
            return float(not _answers(str(url.hostname), url.path, region))
    return None


def _answers(name: str, path: str, region: str) -> bool:
    """Whether a region's application answers at a name, for who asks from a region. The page of last resort is no region's."""
    from moto.route53.models import route53_backends

    from sandbox.aws.extensions._route53_answers import resolve

    backend = route53_backends[ACCOUNT]["aws"]
    zones = [zone for zone in backend.zones.values() if f"{name}.".endswith(f".{zone.name}")]
    found = [host for zone in zones for host in resolve(backend, zone, name, "A", region) or ()]
    answers = [requests.request(host, path) for host in found[:1]]
    return any(each.status == requests.OK and each.region for each in answers)


_METRICS: Mapping[tuple[str, str], Callable[[str, Mapping[str, str]], Value]] = {
    ("AWS/ApplicationELB", "HealthyHostCount"): _healthy_hosts,
    ("AWS/NetworkELB", "HealthyHostCount"): _healthy_hosts,
    ("AWS/Route53", "HealthCheckStatus"): _check_status,
    ("Holdfast/Watch", "Lost"): _not_answering,
}

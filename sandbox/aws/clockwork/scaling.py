"""Target tracking on the clock: a group or a service grows when the load on each of its instances or tasks stays above the target.

Load is what clients ask. All of it together is what `dr:required-capacity` instances, or tasks of each service, carry at the policy's
target; a load balancer's group carries the share of it that is sent there. So does each service of a cluster, also one behind the
others: they call it, or send to its queue.
"""

from __future__ import annotations

import math
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import instances, requests, tasks
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions.elbv2 import groups_of
from sandbox.aws.recorded import RECORDED

PERIOD = 60.0
"""Seconds: metrics of a group are looked at each minute.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html"""
PERIODS = 3
"""Minutes above the target before a group grows: target tracking's own alarm looks at three.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html"""
TASKS = "ecs:service:DesiredCount"
_above: dict[str, int] = {}


def start() -> None:
    """Begin to look at the groups' load."""
    CLOCK.every(PERIOD, _look)


def required(group: Any) -> int | None:
    """Instances that carry the whole load, by the group's tag."""
    return next((int(tag["Value"]) for tag in group.tags if tag["Key"] == tasks.NEED), None)


def balancers(group: Any) -> list[Any]:
    """The load balancers that send requests to a group."""
    backend = group.autoscaling_backend.elbv2_backend
    arns = {a for arn in group.target_group_arns for a in backend.target_groups[arn].load_balancer_arns}
    return [backend.load_balancers[arn] for arn in sorted(arns) if arn in backend.load_balancers]


def serving(group: Any) -> int:
    """Instances of a group that are in service and whose application is up."""
    return sum(s.lifecycle_state == instances.SERVING and instances.alive(s) for s in group.instance_states)


def _look() -> None:
    whole = requests.everything(PERIOD)
    if not whole:
        return
    for group in instances.groups():
        policies = [
            p
            for p in group.autoscaling_backend.policies.values()
            if p.auto_scaling_group_name == group.name and p.target_tracking_configuration is not None
        ]
        need = required(group)
        if need is not None and policies:
            wanted = _wanted(balancers(group), whole, need)
            if _stays(group.name, above=wanted > max(1, serving(group))):
                _grow(group, wanted)
    for service in tasks.services():
        limit, need = most(service), tasks.required(service)
        if need is not None and limit is not None:
            wanted = _wanted(_fronts(service), whole, need)
            there = sum(each.alive for each in tasks.of(service))
            # Tasks tell their load: where none runs, nothing is told.
            if _stays(service.arn, above=0 < there < wanted):
                _start_tasks(service, min(wanted, limit))


def _wanted(fronts: list[Any], whole: int, need: int) -> int:
    """How many carry the share of the whole load that comes by these load balancers."""
    return math.ceil(sum(requests.count(each, PERIOD) for each in fronts) / whole * need)


def _stays(name: str, *, above: bool) -> bool:
    """Whether it has been above its target for long enough."""
    _above[name] = _above.get(name, 0) + 1 if above else 0
    return _above[name] >= PERIODS


def _grow(group: Any, wanted: int) -> None:
    wanted = min(wanted, group.max_size)
    if wanted <= group.desired_capacity:
        return
    _note(group.name, int(group.desired_capacity), wanted, "Auto Scaling", group.region)
    group.set_desired_capacity(wanted)


def _start_tasks(service: Any, wanted: int) -> None:
    before = int(service.desired_count)
    if wanted > before:
        _note(service.name, before, wanted, "Application Auto Scaling", service.region_name)
        service.desired_count = wanted
        tasks.settle(service)


def _note(name: str, before: int, wanted: int, who: str, region: str) -> None:
    CLOCK.note(who, f"target tracking: {name} from {before} to {wanted}", region)


def _fronts(service: Any) -> list[Any]:
    """The load balancers that send requests to any service of its cluster."""
    from moto.elbv2.models import elbv2_backends

    beside = [each for each in tasks.services() if each.cluster_arn == service.cluster_arn]
    arns = {group.arn for each in beside for group in tasks.groups(each)}
    backend = elbv2_backends[ACCOUNT][service.region_name]
    return [each for each in backend.load_balancers.values() if arns & groups_of(backend, each, clients=True)]


def most(service: Any) -> int | None:
    """The most tasks that target tracking gives a service; None where it has no such policy."""
    name = f"service/{service.cluster_name}/{service.name}"
    policies, targets = (
        [
            document["request"]
            for document in RECORDED.list(("application-autoscaling", service.region_name, kind)).values()
            if (document["request"]["ResourceId"], document["request"]["ScalableDimension"]) == (name, TASKS)
        ]
        for kind in ("Policy", "Target")
    )
    tracked = any(each.get("TargetTrackingScalingPolicyConfiguration") for each in policies)
    return int(targets[0]["MaxCapacity"]) if tracked and targets else None

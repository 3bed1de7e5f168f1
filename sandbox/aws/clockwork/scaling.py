"""Target tracking on the clock: a group grows when the load on each of its instances stays above the target.

Load is what clients ask. All of it together is what `dr:required-capacity` instances carry at the policy's target; a load balancer's group
carries the share of it that is sent there.
"""

from __future__ import annotations

import math
from typing import Any

from sandbox.aws.clockwork import instances, requests
from sandbox.aws.clockwork.clock import CLOCK

PERIOD = 60.0
"""Seconds: metrics of a group are looked at each minute.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-metrics.html"""
PERIODS = 3
"""Minutes above the target before a group grows: target tracking's own alarm looks at three.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-scaling-target-tracking.html"""
NEED = "dr:required-capacity"
_above: dict[str, int] = {}


def start() -> None:
    """Begin to look at the groups' load."""
    CLOCK.every(PERIOD, _look)


def required(group: Any) -> int | None:
    """Instances that carry the whole load, by the group's tag."""
    return next((int(tag["Value"]) for tag in group.tags if tag["Key"] == NEED), None)


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
    for group in instances.groups():
        need = required(group)
        policies = [
            p
            for p in group.autoscaling_backend.policies.values()
            if p.auto_scaling_group_name == group.name and p.target_tracking_configuration is not None
        ]
        if not whole or need is None or not policies:
            continue
        share = sum(requests.count(each, PERIOD) for each in balancers(group)) / whole
        wanted = math.ceil(share * need)
        _above[group.name] = _above.get(group.name, 0) + 1 if wanted > max(1, serving(group)) else 0
        if _above[group.name] >= PERIODS:
            _grow(group, wanted)


def _grow(group: Any, wanted: int) -> None:
    wanted = min(wanted, group.max_size)
    if wanted <= group.desired_capacity:
        return
    CLOCK.note(
        "Auto Scaling",
        f"target tracking: {group.name} from {group.desired_capacity} to {wanted}",
        group.region,
    )
    group.set_desired_capacity(wanted)

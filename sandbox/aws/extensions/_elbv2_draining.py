"""Targets that are deregistered: on the clock they drain for the group's deregistration delay; one that isn't there is no error.

moto knows no draining, and refuses what isn't registered. AWS shows it for the whole delay, though nothing may be left to end:
https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-target-group-attributes.html
https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_DeregisterTargets.html
"""

from __future__ import annotations

import functools
from typing import Any

from moto.elbv2.models import ELBv2Backend, FakeHealthStatus, FakeTargetGroup

from sandbox.aws.clockwork.clock import CLOCK


def install() -> None:
    """Patch moto."""
    FakeTargetGroup.deregister = _deregister
    ELBv2Backend.describe_target_health = _describe_target_health(ELBv2Backend.describe_target_health)


def _deregister(group: FakeTargetGroup, targets: list[dict[str, Any]]) -> None:
    """Take targets out."""
    for target in targets:
        gone = group.targets.pop(target["Id"], None)
        if gone is not None:
            group.deregistered_targets[target["Id"]] = gone
            _drain(group, gone)


def _drain(group: FakeTargetGroup, target: dict[str, Any]) -> None:
    """Show a target as draining for the deregistration delay."""
    draining, id_ = _draining(group), target["Id"]

    def end() -> None:
        if draining.get(id_) is target:
            del draining[id_]

    if CLOCK.running:
        draining[id_] = target
        CLOCK.after(float(group.attributes["deregistration_delay.timeout_seconds"]), end)


def _draining(group: FakeTargetGroup) -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = group.__dict__.setdefault("draining", {})
    return found


def _describe_target_health(original: Any) -> Any:
    @functools.wraps(original)
    def describe_target_health(
        self: ELBv2Backend, target_group_arn: str, targets: list[dict[str, Any]]
    ) -> list[FakeHealthStatus]:
        found: list[FakeHealthStatus] = original(self, target_group_arn, targets)
        group = self.target_groups[target_group_arn]
        drains = {id_: each for id_, each in _draining(group).items() if id_ not in group.targets}
        asked = [target["Id"] for target in targets] or list(drains)
        rest = [each for each in found if each.instance_id not in drains]
        return rest + [_drains(group, drains[id_]) for id_ in asked if id_ in drains]

    return describe_target_health


def _drains(group: FakeTargetGroup, target: dict[str, Any]) -> FakeHealthStatus:
    reason, said = "Target.DeregistrationInProgress", "Target deregistration is in progress"
    return FakeHealthStatus(target["Id"], target["Port"], group.health_check_port, "draining", reason, said)

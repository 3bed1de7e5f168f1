"""An instance refresh on the simulated clock: new instances first, old ones go when enough are healthy, back when it fails.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-overview.html
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from moto.core import utils

from sandbox.aws.clockwork import instances
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._group_instances import reconcile, terminate
from sandbox.aws.faults import TABLE

PATIENCE = 3600.0
"""Seconds without progress after which a refresh fails.
https://docs.aws.amazon.com/autoscaling/ec2/userguide/asg-instance-refresh.html"""
_POLL = 10.0
_PERCENT = 100


class Rolling:
    """One refresh of one group to the configuration that the group has now."""

    def __init__(
        self,
        group: Any,
        refresh: dict[str, Any],
        ringing: Callable[[], list[str]],
        back: Callable[[], None] | None,
    ) -> None:
        """`ringing` names the alarms that stop it; `back` gives the group its former configuration, None: there is no way back."""
        self._group, self._refresh, self._ringing, self._back = group, refresh, ringing, back
        self._preferences: Mapping[str, Any] = refresh["Preferences"]
        self._healthy_since: dict[str, float] = {}
        self._progress = CLOCK.now
        group.surge = 1 if self._share("MaxHealthyPercentage", _PERCENT) > 1 else 0
        refresh["Status"] = "InProgress" if back else "RollbackInProgress"
        CLOCK.note("Auto Scaling", f"instance refresh of {group.name}: {refresh['Status']}", group.region)
        CLOCK.after(0, self._step)

    def _share(self, name: str, default: int) -> float:
        return float(self._preferences.get(name) or default) / _PERCENT

    def _step(self) -> None:
        group = self._group
        target = group.ec2_launch_template.get_version(group.launch_template_version).number
        old = [s for s in group.active_instances() if getattr(s, "version", None) != target]
        if not old:
            self._end("Successful" if self._back else "RollbackSuccessful")
            return
        if self._back and (ringing := self._ringing()):
            self._fail(f"CloudWatch alarm {ringing[0]} is in the ALARM state.")
            return
        reconcile(group)
        self._retire(old)
        if self._back and CLOCK.now - self._progress > PATIENCE:
            self._fail("Instances have not passed their health checks for an hour.")
            return
        CLOCK.after(_POLL, self._step)

    def _retire(self, old: list[Any]) -> None:
        """Terminate an old instance if enough healthy ones are left without it."""
        group = self._group
        ready = [s for s in group.active_instances() if self._ready(s)]
        needed = math.ceil(int(group.desired_capacity) * self._share("MinHealthyPercentage", 90))
        going = min(old, key=lambda state: state in ready)
        if len([s for s in ready if s is not going]) < needed:
            return
        self._progress = CLOCK.now
        if len(old) == 1:
            group.surge = 0
        CLOCK.note("Auto Scaling", f"instance refresh terminates {going.instance.id}", group.region)
        terminate(group, [going])
        reconcile(group)

    def _ready(self, state: Any) -> bool:
        """Whether an instance is healthy, a new one for as long as its warm-up takes."""
        id_ = state.instance.id
        arns = state.auto_scaling_group.target_group_arns
        if any((TABLE.target(id_, arn) or ("healthy",))[0] != "healthy" for arn in arns):
            self._healthy_since.pop(id_, None)
            return False
        if not hasattr(state, "launched"):
            return bool(state.lifecycle_state == instances.SERVING)
        since = self._healthy_since.setdefault(id_, CLOCK.now)
        return instances.alive(state) and CLOCK.now - since >= float(
            self._preferences.get("InstanceWarmup") or 0
        )

    def _fail(self, reason: str) -> None:
        self._refresh["StatusReason"] = reason
        self._group.surge = 0
        if self._back is None or str(self._preferences.get("AutoRollback")).lower() != "true":
            self._end("Failed")
            return
        self._back()
        Rolling(self._group, self._refresh, self._ringing, None)

    def _end(self, status: str) -> None:
        self._group.surge = 0
        self._refresh |= {"Status": status, "EndTime": utils.utcnow()}
        CLOCK.note("Auto Scaling", f"instance refresh of {self._group.name}: {status}", self._group.region)
        reconcile(self._group)

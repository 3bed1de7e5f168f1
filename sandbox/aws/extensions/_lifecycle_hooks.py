"""Lifecycle hooks on termination, which moto stores and doesn't follow: an instance is held until somebody says so, or the time is over.

https://docs.aws.amazon.com/autoscaling/ec2/userguide/lifecycle-hooks-overview.html
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._group_properties import group_of

HELD = "Terminating:Wait"
TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING"
Go = Callable[[Any, list[Any]], None]
"""Terminates members of a group."""


def install(go: Go) -> None:
    """Add the call to moto's Auto Scaling; its dispatcher finds it by name."""
    from moto.autoscaling.responses import AutoScalingResponse

    AutoScalingResponse.complete_lifecycle_action = _complete(go)


def hold(group: Any, states: list[Any]) -> list[Any]:
    """Hold those that run, where the group has such a hook; no load balancer sends them more. Returns the others, which go at once."""
    hooks = _hooks(group)
    if not hooks:
        return states
    lasts = min(int(hook.heartbeat_timeout) for hook in hooks)
    held = [s for s in states if s.instance.state == "running" and s.lifecycle_state != HELD]
    for state in held:
        state.lifecycle_state, state.until, state.told = HELD, _now() + lasts, set()
    ids = [state.instance.id for state in held]
    group.autoscaling_backend.elbv2_backend.notify_terminate_instances(ids)
    return [s for s in states if s.lifecycle_state != HELD]


def over(group: Any) -> list[Any]:
    """Those whose time is over, or whose hook is gone."""
    held = [state for state in group.instance_states if state.lifecycle_state == HELD]
    return [state for state in held if _now() >= state.until or not _hooks(group)]


def _hooks(group: Any) -> list[Any]:
    return [
        hook
        for hook in group.autoscaling_backend.lifecycle_hooks.values()
        if hook.auto_scaling_group_name == group.name and hook.lifecycle_transition == TERMINATING
    ]


def _now() -> float:
    return CLOCK.now if CLOCK.running else time.monotonic()


def _complete(go: Go) -> Callable[[Any], Any]:
    def complete_lifecycle_action(self: Any) -> Any:
        from moto.autoscaling.exceptions import ValidationError
        from moto.core.responses import ActionResult

        group, id_ = group_of(self), self._get_param("InstanceId")
        name = self._get_param("LifecycleHookName")
        if name not in {hook.name for hook in _hooks(group)}:
            raise ValidationError(f"No Lifecycle Hook found with name: {name}")
        held = [s for s in group.instance_states if s.instance.id == id_ and s.lifecycle_state == HELD]
        if not held:
            raise ValidationError(f"No active Lifecycle Action found with instance ID {id_}")
        held[0].told.add(name)
        if held[0].told >= {hook.name for hook in _hooks(group)}:
            go(group, held)
        return ActionResult({})

    return complete_lifecycle_action

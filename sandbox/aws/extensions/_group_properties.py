"""What moto drops of a group, a policy, a hook and a scheduled action is kept, and what AWS refuses is refused."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

KEPT = (
    "AvailabilityZoneDistribution",
    "AvailabilityZoneImpairmentPolicy",
    "CapacityRebalance",
    "CapacityReservationSpecification",
    "Context",
    "DefaultCooldown",
    "DefaultInstanceWarmup",
    "DesiredCapacityType",
    "InstanceLifecyclePolicy",
    "InstanceMaintenancePolicy",
    "MaxInstanceLifetime",
    "PlacementGroup",
    "TerminationPolicies",
)
"""Parameters of a group that moto ignores at creation, at update, or both."""


def install() -> None:
    """Patch the responses of Auto Scaling."""
    from moto.autoscaling.models import AutoScalingBackend, FakeAutoScalingGroup
    from moto.autoscaling.responses import AutoScalingResponse

    FakeAutoScalingGroup.update = _update(FakeAutoScalingGroup.update)
    for name, wrap in {
        "create_auto_scaling_group": _keeping,
        "update_auto_scaling_group": _fitting,
        "set_desired_capacity": _within_limits,
        "put_scaling_policy": _put_scaling_policy,
        "put_lifecycle_hook": _put_lifecycle_hook,
        "put_scheduled_update_group_action": _put_scheduled_action,
    }.items():
        setattr(AutoScalingResponse, name, wrap(getattr(AutoScalingResponse, name)))
    AutoScalingBackend.delete_scheduled_action = _delete_scheduled_action


def group_of(response: Any) -> Any:
    """The group that a request names; AWS's error when there is none."""
    from moto.autoscaling.exceptions import ValidationError

    name = response._get_param("AutoScalingGroupName")  # noqa: SLF001
    group = response.autoscaling_backend.autoscaling_groups.get(name)
    if group is None:
        raise ValidationError(f"AutoScalingGroup name not found - AutoScalingGroup '{name}' not found")
    return group


def _keeping(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def create_or_update(self: Any) -> Any:
        from botocore import xform_name

        answer = original(self)
        group, given = group_of(self), self._get_params()
        for name in KEPT:
            if given.get(name) is not None:
                setattr(group, xform_name(name), given[name])
        return answer

    return create_or_update


def _fitting(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    kept = _keeping(original)

    def update_auto_scaling_group(self: Any) -> Any:
        from moto.autoscaling.exceptions import ValidationError

        group, read = group_of(self), self._get_int_param
        low, high, wanted = (read(name) for name in ("MinSize", "MaxSize", "DesiredCapacity"))
        low = group.min_size if low is None else low
        high = group.max_size if high is None else high
        if low > high:
            raise ValidationError(f"Max bound, {high}, must be greater than or equal to min bound, {low}")
        if wanted is not None and not low <= wanted <= high:
            raise ValidationError(
                f"Desired capacity:{wanted} must be between the specified min size:{low} and max size:{high}"
            )
        return kept(self)

    return update_auto_scaling_group


def _update(original: Callable[..., None]) -> Callable[..., None]:
    def update(self: Any, *args: Any, mixed_instances_policy: Any = None, **kwargs: Any) -> None:
        # moto forgets the policy whenever a request doesn't repeat it.
        named = mixed_instances_policy or kwargs.get("launch_template") or kwargs.get("launch_config_name")
        if not named and self.mixed_instances_policy:
            mixed_instances_policy = copy.deepcopy(self.mixed_instances_policy)
            # It adds the template's name to the id, and refuses the two together.
            mixed_instances_policy["LaunchTemplate"]["LaunchTemplateSpecification"].pop(
                "LaunchTemplateName", None
            )
        original(self, *args, mixed_instances_policy=mixed_instances_policy, **kwargs)

    return update


def _within_limits(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def set_desired_capacity(self: Any) -> Any:
        from moto.autoscaling.exceptions import ValidationError

        group, wanted = group_of(self), self._get_int_param("DesiredCapacity")
        if wanted < group.min_size:
            raise ValidationError(
                f"New SetDesiredCapacity value {wanted} is below min value {group.min_size} for the AutoScalingGroup."
            )
        if wanted > group.max_size:
            raise ValidationError(
                f"New SetDesiredCapacity value {wanted} is above max value {group.max_size} for the AutoScalingGroup."
            )
        return original(self)

    return set_desired_capacity


def _put_scaling_policy(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def put_scaling_policy(self: Any) -> Any:
        from moto.core.responses import ActionResult

        group_of(self)
        # moto spells it PolicyArn, which no client reads.
        return ActionResult({"PolicyARN": original(self).result["PolicyArn"], "Alarms": []})

    return put_scaling_policy


def _put_lifecycle_hook(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def put_lifecycle_hook(self: Any) -> Any:
        answer, group = original(self), group_of(self)
        hook = self.autoscaling_backend.lifecycle_hooks[
            f"{group.name}_{self._get_param('LifecycleHookName')}"
        ]
        # moto invents a role and a queue.
        hook.role_arn = self._get_param("RoleARN")
        hook.notification_target_arn = self._get_param("NotificationTargetARN")
        hook.notification_metadata = self._get_param("NotificationMetadata")
        return answer

    return put_lifecycle_hook


def _put_scheduled_action(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def put_scheduled_update_group_action(self: Any) -> Any:
        answer, group = original(self), group_of(self)
        name = self._get_param("ScheduledActionName")
        actions = self.autoscaling_backend.scheduled_actions
        # Names are unique in a group only; moto lets those of two groups overwrite each other.
        action = actions[f"{group.name}/{name}"] = actions.pop(name)
        action.scheduled_action_arn = group.arn.replace(
            ":autoScalingGroup:", ":scheduledUpdateGroupAction:"
        ) + (f":scheduledActionName/{name}")
        return answer

    return put_scheduled_update_group_action


def _delete_scheduled_action(backend: Any, auto_scaling_group_name: str, scheduled_action_name: str) -> None:
    from moto.autoscaling.exceptions import ValidationError

    if backend.scheduled_actions.pop(f"{auto_scaling_group_name}/{scheduled_action_name}", None) is None:
        raise ValidationError("Scheduled action name not found")

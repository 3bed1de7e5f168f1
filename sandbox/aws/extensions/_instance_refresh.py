"""Instance refresh, which moto lacks: replaces instances at once, or goes back when an alarm rings."""

from __future__ import annotations

from typing import Any

from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.extensions._group_instances import launch, reconcile, terminate
from sandbox.aws.extensions._group_properties import group_of
from sandbox.aws.extensions._refresh_rolling import Rolling
from sandbox.aws.extensions.launch_template import RESOLVED


def install() -> None:
    """Add the calls to moto's Auto Scaling; its dispatcher finds them by name."""
    from moto.autoscaling.responses import AutoScalingResponse

    AutoScalingResponse.start_instance_refresh = _start
    AutoScalingResponse.describe_instance_refreshes = _describe
    AutoScalingResponse.cancel_instance_refresh = _none_active
    AutoScalingResponse.rollback_instance_refresh = _none_active


def _start(self: Any) -> Any:
    from moto.core.responses import ActionResult
    from moto.core.utils import utcnow
    from moto.moto_api._internal import mock_random

    group, given = group_of(self), self._get_params()
    preferences, desired = given.get("Preferences") or {}, given.get("DesiredConfiguration") or {}
    if _true(preferences.get("AutoRollback")):
        _refuse_rollback(group, desired)
    refresh = {
        "InstanceRefreshId": str(mock_random.uuid4()),
        "AutoScalingGroupName": group.name,
        "StartTime": utcnow(),
        "EndTime": utcnow(),
        "Preferences": preferences,
        "DesiredConfiguration": desired,
        "Strategy": given.get("Strategy") or "Rolling",
    }
    if CLOCK.running:
        _roll(group, refresh)
    else:
        refresh |= _run(group, preferences, desired)
    group.__dict__.setdefault("instance_refreshes", []).insert(0, refresh)
    return ActionResult({"InstanceRefreshId": refresh["InstanceRefreshId"]})


def _refuse_rollback(group: Any, desired: dict[str, Any]) -> None:
    """https://docs.aws.amazon.com/autoscaling/ec2/userguide/instance-refresh-rollback.html."""
    from moto.autoscaling.exceptions import ValidationError

    if not desired:
        raise ValidationError(
            "The AutoRollback parameter cannot be set to true when the DesiredConfiguration parameter is empty."
        )
    for version in (str(group.launch_template_version), _version(desired)):
        if version in ("$Latest", "$Default"):
            raise ValidationError(f"AutoRollback cannot be used with the launch template version {version}.")
        if str(group.ec2_launch_template.get_version(version).data.get("ImageId", "")).startswith(RESOLVED):
            raise ValidationError("AutoRollback cannot be used with a Systems Manager parameter as ImageId.")


def _roll(group: Any, refresh: dict[str, Any]) -> None:
    """Begin a refresh that takes its time."""
    names = (refresh["Preferences"].get("AlarmSpecification") or {}).get("Alarms") or []
    before = group.ec2_launch_template, group.launch_template_version, group.mixed_instances_policy
    if refresh["DesiredConfiguration"]:
        _configure(group, refresh["DesiredConfiguration"])

    def back() -> None:
        group.ec2_launch_template, group.launch_template_version, group.mixed_instances_policy = before

    Rolling(group, refresh, lambda: _ringing(group, names), back)


def _configure(group: Any, desired: dict[str, Any]) -> None:
    group.mixed_instances_policy = desired.get("MixedInstancesPolicy")
    group._set_launch_configuration("", desired.get("LaunchTemplate"), group.mixed_instances_policy)  # noqa: SLF001


def _run(group: Any, preferences: dict[str, Any], desired: dict[str, Any]) -> dict[str, Any]:
    ringing = _ringing(group, (preferences.get("AlarmSpecification") or {}).get("Alarms") or [])
    if ringing:
        status = "RollbackSuccessful" if _true(preferences.get("AutoRollback")) else "Failed"
        reason = f"CloudWatch alarm {ringing[0]} is in the ALARM state."
        return {"Status": status, "StatusReason": reason, "PercentageComplete": 0, "InstancesToUpdate": 0}
    if desired:
        _configure(group, desired)
    target = group.ec2_launch_template.get_version(group.launch_template_version).number
    for state in list(group.active_instances()):
        if not _true(preferences.get("SkipMatching")) or getattr(state, "version", None) != target:
            terminate(group, [state])
            launch(group, 1)
    reconcile(group)
    return {"Status": "Successful", "PercentageComplete": 100, "InstancesToUpdate": 0}


def _ringing(group: Any, names: list[str]) -> list[str]:
    from moto.cloudwatch.models import cloudwatch_backends

    alarms = cloudwatch_backends[group.account_id][group.region].alarms
    return [name for name in names if name in alarms and alarms[name].state_value == "ALARM"]


def _version(desired: dict[str, Any]) -> str:
    policy = desired.get("MixedInstancesPolicy") or {}
    specification = policy.get("LaunchTemplate", {}).get("LaunchTemplateSpecification")
    return str((desired.get("LaunchTemplate") or specification or {}).get("Version") or "$Default")


def _describe(self: Any) -> Any:
    from moto.core.responses import ActionResult

    wanted = self._get_param("InstanceRefreshIds", [])
    refreshes = getattr(group_of(self), "instance_refreshes", [])
    found = [refresh for refresh in refreshes if not wanted or refresh["InstanceRefreshId"] in wanted]
    return ActionResult({"InstanceRefreshes": found})


def _none_active(self: Any) -> Any:
    from moto.autoscaling.exceptions import AutoscalingClientError

    name = group_of(self).name
    raise AutoscalingClientError(
        "ActiveInstanceRefreshNotFound",
        f"No in progress instance refresh found for Auto Scaling group {name}",
    )


def _true(value: Any) -> bool:
    return str(value).lower() == "true"

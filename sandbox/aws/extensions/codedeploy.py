"""CodeDeploy as AWS has it for functions, where moto only writes a deployment down: an alias's calls move, and back when an alarm rings.

Applications, groups and configurations of a program are kept by the provider (`recorded`); a deployment finds them there.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from sandbox.aws.clockwork import shifting
from sandbox.aws.recorded import RECORDED

SERVICE = "codedeploy"


def install() -> None:
    """Patch moto's CodeDeploy, and have it told of alarms."""
    from moto.cloudwatch.models import CloudWatchBackend
    from moto.codedeploy.models import CodeDeployBackend

    CodeDeployBackend.create_deployment = _create(CodeDeployBackend.create_deployment)
    CloudWatchBackend.set_alarm_state = _telling(CloudWatchBackend.set_alarm_state)


def reset() -> None:
    """Nothing is under way."""
    shifting.forget()


def _create(original: Callable[..., str]) -> Callable[..., str]:
    @functools.wraps(original)
    def create_deployment(
        self: Any, application_name: str, deployment_group_name: str, *args: Any, **more: Any
    ) -> str:
        _take_in(self, application_name, deployment_group_name)
        id_ = original(self, application_name, deployment_group_name, *args, **more)
        info = self.deployments[id_]
        if info.application.compute_platform == "Lambda":
            said, way = _said(info.revision), routing(self.region_name, info.deployment_config_name)
            shifting.Moving(self.region_name, info, said, way).begin()
        return id_

    return create_deployment


def _telling(original: Callable[..., None]) -> Callable[..., None]:
    @functools.wraps(original)
    def set_alarm_state(self: Any, alarm_name: str, reason: str, reason_data: Any, state_value: str) -> None:
        original(self, alarm_name, reason, reason_data, state_value)
        if state_value == "ALARM":
            shifting.rang(self.region_name, alarm_name)

    return set_alarm_state


def _inputs(region: str, type_: str) -> list[Mapping[str, Any]]:
    """What the program says of each resource of a type that the provider keeps."""
    return [each["inputs"] for each in RECORDED.list((SERVICE, region, type_)).values()]


def _take_in(backend: Any, application: str, group: str) -> None:
    """Make moto know a program's application and group, as they are now."""
    for said in _inputs(backend.region_name, "Application"):
        if said["name"] == application and application not in backend.applications:
            backend.create_application(application, said["computePlatform"], [])
    for said in _inputs(backend.region_name, "DeploymentGroup"):
        if (said["appName"], said["deploymentGroupName"]) != (application, group):
            continue
        backend.deployment_groups.get(application, {}).pop(group, None)
        backend.create_deployment_group(
            application,
            group,
            said.get("deploymentConfigName"),
            None,
            None,
            None,
            said["serviceRoleArn"],
            alarm_configuration=said.get("alarmConfiguration"),
            auto_rollback_configuration=said.get("autoRollbackConfiguration"),
        )


def _said(revision: Mapping[str, Any]) -> Mapping[str, str]:
    """The properties of the function in a revision's AppSpec, JSON or YAML."""
    from moto.core.exceptions import JsonRESTError

    content = (revision.get("appSpecContent") or revision.get("string") or {}).get("content", "")
    try:
        resource = next(iter(yaml.safe_load(content)["Resources"][0].values()))
        found = {each: str(value) for each, value in resource["Properties"].items()}
        missing = {"Name", "Alias", "CurrentVersion", "TargetVersion"} - set(found)
    except (AttributeError, IndexError, KeyError, StopIteration, TypeError, yaml.YAMLError):
        missing = {"Resources"}
    if missing:
        lacking = f"The AppSpec file for the deployment is missing: {', '.join(sorted(missing))}."
        raise JsonRESTError("InvalidRevisionException", lacking)
    return found


def routing(region: str, name: str) -> shifting.Routing:
    """How a configuration moves calls: one of AWS's own, or the program's."""
    from moto.core.exceptions import JsonRESTError

    own = shifting.routing_of(name)
    if own is not None:
        return own
    for said in _inputs(region, "DeploymentConfig"):
        if said["deploymentConfigName"] == name:
            return _shape(said["trafficRoutingConfig"])
    raise JsonRESTError(
        "DeploymentConfigDoesNotExistException", f"No deployment config found for name: {name}"
    )


def _shape(said: Mapping[str, Any]) -> shifting.Routing:
    linear = said.get("timeBasedLinear")
    step = linear or said.get("timeBasedCanary") or {"percentage": shifting.WHOLE, "interval": 0}
    return shifting.Routing(
        linear=linear is not None, percent=int(step["percentage"]), minutes=int(step["interval"])
    )

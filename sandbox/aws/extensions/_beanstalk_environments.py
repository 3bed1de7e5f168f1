"""Elastic Beanstalk: environments. Their health is always Ok: nothing asks the application."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult
from moto.core.utils import utcnow
from moto.elasticbeanstalk.exceptions import InvalidParameterValueError
from moto.elasticbeanstalk.responses import EBResponse
from moto.moto_api._internal import mock_random

from sandbox.aws.extensions import _beanstalk_servers as servers
from sandbox.aws.extensions._beanstalk_applications import application, tags
from sandbox.aws.extensions._beanstalk_options import changed, checked

READY = "Ready"


def _create_environment(self: EBResponse) -> ActionResult:
    app, name = application(self), self._get_param("EnvironmentName")
    if any(each.environment_name == name for each in _environments(self)):
        raise InvalidParameterValueError(f"Environment {name} already exists.")
    label = self._get_param("VersionLabel")
    if label is not None and label not in app.versions:
        raise InvalidParameterValueError(f"No Application Version named '{label}' found.")
    given = checked(self._get_param("OptionSettings") or [])
    made: Any = self.elasticbeanstalk_backend.create_environment(
        app, environment_name=name, stack_name=self._get_param("SolutionStackName"), tags=tags(self)
    )
    made.solution_stack_name = self._get_param("SolutionStackName")
    made.description, made.version_label = self._get_param("Description"), label
    made.environment_id = f"e-{mock_random.get_random_string(length=10, lower_case=True)}"
    prefix = self._get_param("CNAMEPrefix") or f"{name}.eba-{made.environment_id[2:]}"
    made.cname = f"{prefix}.{self.region}.elasticbeanstalk.com".lower()
    made.options, made.parts = given, None
    made.health, made.health_status = "Green", "Ok"
    servers.begin(self.elasticbeanstalk_backend, made)
    return ActionResult(_shown(made))


def _environments(self: EBResponse) -> Iterator[Any]:
    for app in self.elasticbeanstalk_backend.applications.values():
        yield from app.environments.values()


def _environment(self: EBResponse) -> Any:
    """The environment that a call names."""
    name, id_ = self._get_param("EnvironmentName"), self._get_param("EnvironmentId")
    for each in _environments(self):
        if each.environment_name == name or (id_ and each.environment_id == id_):
            return each
    raise InvalidParameterValueError(f"No Environment found for EnvironmentName = '{name or id_}'.")


def _shown(made: Any) -> dict[str, Any]:
    return {
        "ApplicationName": made.application_name,
        "CNAME": made.cname,
        "DateCreated": made.date_created,
        "DateUpdated": made.date_updated,
        "Description": made.description,
        "EndpointURL": made.parts.dns_name if made.parts else "",
        "EnvironmentArn": made.environment_arn,
        "EnvironmentId": made.environment_id,
        "EnvironmentName": made.environment_name,
        "Health": made.health,
        "HealthStatus": made.health_status,
        "PlatformArn": f"arn:aws:elasticbeanstalk:{made.region}::platform/{made.solution_stack_name}",
        "SolutionStackName": made.solution_stack_name,
        "Status": READY,
        "Tier": {"Name": "WebServer", "Type": "Standard", "Version": "1.0"},
        "VersionLabel": made.version_label,
        "AbortableOperationInProgress": False,
    }


def _describe_environments(self: EBResponse) -> ActionResult:
    names, ids = self._get_param("EnvironmentNames"), self._get_param("EnvironmentIds")
    app = self._get_param("ApplicationName")
    found = [
        _shown(each)
        for each in _environments(self)
        if (not names or each.environment_name in names)
        and (not ids or each.environment_id in ids)
        and app in (None, each.application_name)
    ]
    return ActionResult({"Environments": found})


def _describe_resources(self: EBResponse) -> ActionResult:
    made = _environment(self)
    told = {"EnvironmentName": made.environment_name, **servers.told(self.elasticbeanstalk_backend, made)}
    return ActionResult({"EnvironmentResources": told})


def _describe_settings(self: EBResponse) -> ActionResult:
    made = _environment(self)
    options = [
        {"Namespace": namespace, "OptionName": name, "Value": value}
        for (namespace, name), value in sorted(made.options.items())
    ]
    told = {**_shown(made), "DeploymentStatus": "deployed", "OptionSettings": options}
    return ActionResult({"ConfigurationSettings": [told]})


def _update_environment(self: EBResponse) -> ActionResult:
    """Other options beside those that stay, another version, another platform."""
    made = _environment(self)
    label = self._get_param("VersionLabel")
    if label is not None and label not in made.application.versions:
        raise InvalidParameterValueError(f"No Application Version named '{label}' found.")
    before = dict(made.options)
    removed = self._get_param("OptionsToRemove") or []
    made.options = changed(before, self._get_param("OptionSettings") or [], removed)
    deployed = label is not None and label != made.version_label
    made.version_label = label or made.version_label
    made.solution_stack_name = self._get_param("SolutionStackName") or made.solution_stack_name
    made.description = self._get_param("Description", made.description)
    made.date_updated = utcnow()
    servers.change(self.elasticbeanstalk_backend, made, before, deployed=deployed)
    return ActionResult(_shown(made))


def _terminate_environment(self: EBResponse) -> ActionResult:
    made = _environment(self)
    servers.end(self.elasticbeanstalk_backend, made)
    told = {**_shown(made), "Status": "Terminating"}
    del made.application.environments[made.environment_name]
    return ActionResult(told)


ACTIONS = {
    "create_environment": _create_environment,
    "describe_environments": _describe_environments,
    "describe_environment_resources": _describe_resources,
    "describe_configuration_settings": _describe_settings,
    "update_environment": _update_environment,
    "terminate_environment": _terminate_environment,
}
"""By method of moto's: what answers."""

"""Elastic Beanstalk: versions, environments with what they have in EC2, and changes of both.

moto has applications and environments that nothing belongs to, and tells the latter of no option; it knows no versions and ends no
environment. Here a version needs its bundle, and an environment of several instances behind an application load balancer, in a VPC, has
those: see `_beanstalk_servers`. Its health is always Ok: nothing asks the application.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/concepts.html
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.elasticbeanstalk.exceptions import InvalidParameterValueError, ResourceNotFoundException
from moto.elasticbeanstalk.models import Application, EBBackend
from moto.elasticbeanstalk.responses import EBResponse
from moto.elasticbeanstalk.utils import make_arn
from moto.moto_api._internal import mock_random

from sandbox.aws.extensions import _beanstalk_servers as servers
from sandbox.aws.extensions._beanstalk_bundle import found_in
from sandbox.aws.extensions._beanstalk_options import changed, checked

READY = "Ready"


def _tags(self: EBResponse) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in self._get_param("Tags", [])}


def _application(self: EBResponse) -> Any:
    """The application that a call names."""
    name = self._get_param("ApplicationName")
    found = self.elasticbeanstalk_backend.applications.get(name)
    if found is None:
        raise InvalidParameterValueError(f"No Application named '{name}' found.")
    return found


def _told(app: Any) -> dict[str, Any]:
    return {
        "ApplicationArn": app.arn,
        "ApplicationName": app.application_name,
        "Description": app.description,
        "ResourceLifecycleConfig": app.lifecycle,
        "Versions": list(app.versions),
        "ConfigurationTemplates": [],
    }


def _create_application(self: EBResponse) -> ActionResult:
    made: Any = self.elasticbeanstalk_backend.create_application(self._get_param("ApplicationName"))
    made.description = self._get_param("Description")
    made.lifecycle = self._get_param("ResourceLifecycleConfig")
    made.tags, made.versions = _tags(self), {}
    return ActionResult({"Application": _told(made)})


def _describe_applications(self: EBResponse) -> ActionResult:
    wanted = self._get_param("ApplicationNames")
    known = self.elasticbeanstalk_backend.applications.values()
    return ActionResult(
        {"Applications": [_told(each) for each in known if not wanted or each.application_name in wanted]}
    )


def _update_application(self: EBResponse) -> ActionResult:
    app = _application(self)
    app.description = self._get_param("Description", app.description)
    return ActionResult({"Application": _told(app)})


def _update_lifecycle(self: EBResponse) -> ActionResult:
    app = _application(self)
    app.lifecycle = self._get_param("ResourceLifecycleConfig")
    return ActionResult({"ApplicationName": app.application_name, "ResourceLifecycleConfig": app.lifecycle})


def _delete_application(self: EBResponse) -> ActionResult:
    app = self.elasticbeanstalk_backend.applications.get(self._get_param("ApplicationName"))
    if app is not None:
        if app.environments and not self._get_param("TerminateEnvByForce"):
            why = "because it has a version that is deployed to a running environment"
            message = f"Unable to delete application {app.application_name} {why}"
            raise InvalidParameterValueError(message)
        for each in list(app.environments.values()):
            servers.end(self.elasticbeanstalk_backend, each)
        self.elasticbeanstalk_backend.delete_application(app.application_name)
    return EmptyResult()


def _create_version(self: EBResponse) -> ActionResult:
    app, label = _application(self), self._get_param("VersionLabel")
    if label in app.versions:
        raise InvalidParameterValueError(f"Application Version {label} already exists.")
    bundle = self._get_param("SourceBundle")
    if bundle:
        found_in(app.account_id, bundle["S3Bucket"], bundle["S3Key"])
    app.versions[label] = {
        "ApplicationVersionArn": make_arn(
            app.region, app.account_id, "applicationversion", f"{app.application_name}/{label}"
        ),
        "ApplicationName": app.application_name,
        "Description": self._get_param("Description"),
        "VersionLabel": label,
        "SourceBundle": bundle,
        "DateCreated": utcnow(),
        "DateUpdated": utcnow(),
        "Status": "PROCESSED" if self._get_param("Process") else "UNPROCESSED",
        "tags": _tags(self),
    }
    return ActionResult({"ApplicationVersion": app.versions[label]})


def _describe_versions(self: EBResponse) -> ActionResult:
    name, labels = self._get_param("ApplicationName"), self._get_param("VersionLabels")
    found = [
        version
        for app in self.elasticbeanstalk_backend.applications.values()
        if name in (None, app.application_name)
        for label, version in getattr(app, "versions", {}).items()
        if not labels or label in labels
    ]
    return ActionResult({"ApplicationVersions": found})


def _delete_version(self: EBResponse) -> ActionResult:
    app, label = _application(self), self._get_param("VersionLabel")
    if any(each.version_label == label for each in app.environments.values()):
        message = (
            f"Unable to delete application version {label} because it is deployed to a running environment"
        )
        raise InvalidParameterValueError(message)
    app.versions.pop(label, None)
    return EmptyResult()


def _create_environment(self: EBResponse) -> ActionResult:
    app, name = _application(self), self._get_param("EnvironmentName")
    if any(each.environment_name == name for each in _environments(self)):
        raise InvalidParameterValueError(f"Environment {name} already exists.")
    label = self._get_param("VersionLabel")
    if label is not None and label not in app.versions:
        raise InvalidParameterValueError(f"No Application Version named '{label}' found.")
    given = checked(self._get_param("OptionSettings") or [])
    made: Any = self.elasticbeanstalk_backend.create_environment(
        app, environment_name=name, stack_name=self._get_param("SolutionStackName"), tags=_tags(self)
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


def _tagged(backend: EBBackend, arn: str) -> dict[str, str]:
    """The tags of what has that ARN: an application, a version or an environment."""
    for app in backend.applications.values():
        held: Any = app
        if app.arn == arn:
            found: dict[str, str] = held.tags
            return found
        for version in held.versions.values():
            if version["ApplicationVersionArn"] == arn:
                return dict.__getitem__(version, "tags")
        for each in app.environments.values():
            if each.environment_arn == arn:
                return dict.__getitem__(vars(each), "tags")
    raise ResourceNotFoundException(f"Resource not found for ARN '{arn}'.")


def _update_tags(self: EBBackend, resource_arn: str, tags_to_add: Any, tags_to_remove: Any) -> None:
    tags = _tagged(self, resource_arn)
    tags.update(tags_to_add)
    for key in tags_to_remove:
        tags.pop(key, None)


ACTIONS = {
    "create_application": _create_application,
    "describe_applications": _describe_applications,
    "update_application": _update_application,
    "update_application_resource_lifecycle": _update_lifecycle,
    "delete_application": _delete_application,
    "create_application_version": _create_version,
    "describe_application_versions": _describe_versions,
    "delete_application_version": _delete_version,
    "create_environment": _create_environment,
    "describe_environments": _describe_environments,
    "describe_environment_resources": _describe_resources,
    "describe_configuration_settings": _describe_settings,
    "update_environment": _update_environment,
    "terminate_environment": _terminate_environment,
}


def install() -> None:
    """Patch moto's Elastic Beanstalk."""
    for name, action in ACTIONS.items():
        setattr(EBResponse, name, action)
    EBBackend.update_tags_for_resource = _update_tags
    EBBackend.list_tags_for_resource = _tagged
    Application.description = Application.lifecycle = None

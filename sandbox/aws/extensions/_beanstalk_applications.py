"""Elastic Beanstalk: applications and their versions. A version needs its bundle."""

from __future__ import annotations

from typing import Any

from moto.core.responses import ActionResult, EmptyResult
from moto.core.utils import utcnow
from moto.elasticbeanstalk.exceptions import InvalidParameterValueError
from moto.elasticbeanstalk.responses import EBResponse
from moto.elasticbeanstalk.utils import make_arn

from sandbox.aws.extensions import _beanstalk_servers as servers
from sandbox.aws.extensions._beanstalk_bundle import found_in


def tags(self: EBResponse) -> dict[str, str]:
    return {each["Key"]: each["Value"] for each in self._get_param("Tags", [])}


def application(self: EBResponse) -> Any:
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
    made.tags, made.versions = tags(self), {}
    return ActionResult({"Application": _told(made)})


def _describe_applications(self: EBResponse) -> ActionResult:
    wanted = self._get_param("ApplicationNames")
    known = self.elasticbeanstalk_backend.applications.values()
    return ActionResult(
        {"Applications": [_told(each) for each in known if not wanted or each.application_name in wanted]}
    )


def _update_application(self: EBResponse) -> ActionResult:
    app = application(self)
    app.description = self._get_param("Description", app.description)
    return ActionResult({"Application": _told(app)})


def _update_lifecycle(self: EBResponse) -> ActionResult:
    app = application(self)
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
    app, label = application(self), self._get_param("VersionLabel")
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
        "tags": tags(self),
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
    app, label = application(self), self._get_param("VersionLabel")
    if any(each.version_label == label for each in app.environments.values()):
        message = (
            f"Unable to delete application version {label} because it is deployed to a running environment"
        )
        raise InvalidParameterValueError(message)
    app.versions.pop(label, None)
    return EmptyResult()


ACTIONS = {
    "create_application": _create_application,
    "describe_applications": _describe_applications,
    "update_application": _update_application,
    "update_application_resource_lifecycle": _update_lifecycle,
    "delete_application": _delete_application,
    "create_application_version": _create_version,
    "describe_application_versions": _describe_versions,
    "delete_application_version": _delete_version,
}
"""By method of moto's: what answers."""

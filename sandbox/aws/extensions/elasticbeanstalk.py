"""Elastic Beanstalk: versions, environments with what they have in EC2, and changes of both.

moto has applications and environments that nothing belongs to, and tells the latter of no option; it knows no versions and ends no
environment. Here a version needs its bundle, and an environment of several instances behind an application load balancer, in a VPC, has
those: see `_beanstalk_servers`.
https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/concepts.html
"""

from __future__ import annotations

from typing import Any

from moto.elasticbeanstalk.exceptions import ResourceNotFoundException
from moto.elasticbeanstalk.models import Application, EBBackend
from moto.elasticbeanstalk.responses import EBResponse

from sandbox.aws.extensions import _beanstalk_applications, _beanstalk_environments


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


def install() -> None:
    """Patch moto's Elastic Beanstalk."""
    for name, action in {**_beanstalk_applications.ACTIONS, **_beanstalk_environments.ACTIONS}.items():
        setattr(EBResponse, name, action)
    EBBackend.update_tags_for_resource = _update_tags
    EBBackend.list_tags_for_resource = _tagged
    Application.description = Application.lifecycle = None

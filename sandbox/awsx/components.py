"""The components that the sandbox's awsx makes, and the way from a request to one of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import pulumi
from pulumi.provider import ConstructResult, Provider

from sandbox.awsx.arguments import ArgumentError, check
from sandbox.awsx.children import Args, Made
from sandbox.awsx.repositories import TOKEN as REPOSITORY
from sandbox.awsx.repositories import repository
from sandbox.awsx.services import TOKEN as FARGATE_SERVICE
from sandbox.awsx.services import fargate_service
from sandbox.awsx.task_definitions import TOKEN as FARGATE_TASK_DEFINITION
from sandbox.awsx.task_definitions import fargate_task_definition
from sandbox.provider.schema import resource_class

VERSION = "3.11.0"
"""The release of awsx whose children these are."""
COMPONENTS: Mapping[str, Callable[[str, Args, pulumi.ResourceOptions | None], Made]] = {
    FARGATE_SERVICE: fargate_service,
    FARGATE_TASK_DEFINITION: fargate_task_definition,
    REPOSITORY: repository,
}
SHARED = "awsx:DefaultRoleWithPolicyArgs"
"""One of the input classes that components share, in a lazy module of their own."""
NEEDS_DOCKER = ("awsx:ecr:Image", "awsx:ecr:RegistryImage")


def arguments_of(token: str) -> type:
    """The class of pulumi_awsx that names a component's arguments.

    It refers to classes of the children's services. All are lazy modules, of which another thread would see a half: loaded by
    `resource_class`, one at a time.
    """
    for child in (
        "cloudwatch/logGroup:LogGroup",
        "ecr/repository:Repository",
        "ecs/service:Service",
        "iam/role:Role",
    ):
        resource_class(f"aws:{child}")
    resource_class(f"awsx:{SHARED}")
    return resource_class(f"{token}Args")


class Awsx(Provider):
    """Makes components. Raises ArgumentError for one that it does not have and for arguments that awsx does not know."""

    def __init__(self) -> None:
        super().__init__(VERSION, "{}")

    def construct(
        self,
        name: str,
        resource_type: str,
        inputs: Mapping[str, Any],
        options: pulumi.ResourceOptions | None = None,
    ) -> ConstructResult:
        """Register a component and its children."""
        if resource_type in NEEDS_DOCKER:
            raise ArgumentError(
                f"{resource_type} {name!r}: it builds an image with Docker, which the sandbox does not"
            )
        if resource_type not in COMPONENTS:
            known = ", ".join(sorted(COMPONENTS))
            raise ArgumentError(
                f"{resource_type} {name!r}: the sandbox's awsx does not make it; it makes {known}"
            )
        check(f"{resource_type} {name!r}", inputs, arguments_of(resource_type))
        made = COMPONENTS[resource_type](name, inputs, options)
        return ConstructResult(made.component.urn, made.state)

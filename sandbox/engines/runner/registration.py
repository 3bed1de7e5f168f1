"""What a program registered, and what stops a run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sandbox.engines.model import Resource
from sandbox.provider.values import from_struct

STACK = "pulumi:pulumi:Stack"


class Halted(RuntimeError):  # noqa: N818 - no error of its own: the first one is what counts
    """The run has failed already; nothing more is created."""


class DeploymentError(RuntimeError):
    """The program asked for something that can't be had, or AWS refused; the message names the resource."""


def refuse(what: str) -> Any:
    """Raise the error for what only the Pulumi CLI does."""
    raise DeploymentError(f"the runner can't do {what}; the Pulumi CLI can: --engine pulumi")


@dataclass
class Registration:
    """One resource as the program declared it, for policies."""

    resource: Resource
    ignore_changes: list[str]
    aliases: list[str]
    additional_secret_outputs: list[str]
    delete_before_replace: bool
    provider: str


def registration(request: Any, urn: str) -> Registration:
    """Read a RegisterResource request."""
    resource = Resource(
        urn=urn,
        type=request.type,
        name=request.name,
        parent=request.parent,
        custom=request.custom,
        protect=bool(request.protect),
        inputs=from_struct(request.object),
        dependencies=list(request.dependencies),
        property_dependencies={
            name: list(found.urns) for name, found in request.propertyDependencies.items()
        },
    )
    return Registration(
        resource=resource,
        ignore_changes=list(request.ignoreChanges),
        aliases=[*request.aliasURNs, *(alias.urn for alias in request.aliases if alias.urn)],
        additional_secret_outputs=list(request.additionalSecretOutputs),
        delete_before_replace=bool(request.deleteBeforeReplace),
        provider=request.provider,
    )

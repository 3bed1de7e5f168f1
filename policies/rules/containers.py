"""Containers: what runs is what was tried, and who looks inside is seen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from policies.graph import Resource

from .kernel.rule import Context, Finding, Scope, rule
from .tokens import SERVICE

_TASK: Final = "aws:ecs/taskDefinition:TaskDefinition"
_CLUSTER: Final = "aws:ecs/cluster:Cluster"
_LOGGING: Final = "configuration.executeCommandConfiguration"


def _containers(task: Resource) -> Iterator[dict[str, Any]]:
    try:
        found = json.loads(task.known.text("containerDefinitions", "[]"))
    except (ValueError, RecursionError):
        return
    yield from (each for each in found if isinstance(each, dict)) if isinstance(found, list) else ()


@rule("ecs-task-image-digest", _TASK)
def ecs_task_image_digest(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Every container's image, of whichever registry."""
    for container in _containers(resource):
        image = container.get("image")
        if isinstance(image, str) and "@sha256:" not in image:
            yield Finding(f"container {container.get('name')} has the image {image}.")


@rule("ecs-service-commands-audited", SERVICE, scope=Scope.GRAPH)
def ecs_service_commands_audited(resource: Resource, context: Context) -> Iterator[Finding]:
    """A service that lets people run commands in its containers, by what its cluster says of their log."""
    if not resource.known.flag("enableExecuteCommand"):
        return
    for cluster in context.graph.linked(resource, "cluster", _CLUSTER):
        said = cluster.known.view(_LOGGING)
        if said.text("logging") != "OVERRIDE" or not said.has("kmsKeyId"):
            yield Finding(
                f"commands may be run in its containers, and {cluster.name} keeps no encrypted log of them."
            )

"""The runbook of an APEX system: what to look at and what to call to move it to a region, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.apex.serving import Serving
from architectures.apex.settings import SERVER, ApexSettings
from architectures.parts.data_plane import DataPlane
from architectures.parts.images import repository_name
from architectures.parts.runbook import filled, told
from architectures.parts.tasks import running
from architectures.system import Place

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind: `restore`, `founder`, or of a replica's region the value of `switch.by`; in Markdown."""
    parts = [kind] if kind == "restore" else ["look", kind, "restored"]
    return filled([HERE / f"{part}.md" for part in parts], values)


def written(
    name: str, settings: ApexSettings, place: Place, serving: Serving | None, way_over: DataPlane | None
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region; none of a system without an image yet, where it could be moved."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {
        "SYSTEM": name,
        "REGION": stack.region,
        "PEER": stack.peer_region,
        "REPOSITORY": repository_name(stack, name, SERVER),
    }
    if serving is None or not settings.posture(stack).replicated:
        return {stack.region: told(text, "restore", own)}
    if serving.service is None or serving.alarms is None:
        return {}
    promoted = serving.databases.promoted
    own |= {
        "CLUSTER": serving.cluster.name,
        "SERVICE": serving.service.service_name,
        "ALARM": serving.alarms.name,
        "DATABASE": serving.databases.serves.identifier,
        "TASKS": str(running(settings.server.required_tasks, stack, 1)),
    }
    if promoted is None:
        return {stack.region: told(text, "founder", own)}
    assert promoted.option_group is not None  # noqa: S101  asked for
    own["OPTIONS"] = promoted.option_group
    if way_over is None:
        return {stack.region: told(text, "none", own)}
    return {stack.region: told(text, "data-plane", {**own, "MACHINE": way_over.machine})}

"""The runbook of a system of delivery: how to release, and take back, in a region while the other one is lost."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.delivery import names
from architectures.delivery.artifacts import Artifacts
from architectures.delivery.releases import Release
from architectures.delivery.settings import DeliverySettings
from architectures.parts.images import repository_name
from architectures.parts.runbook import filled, told
from architectures.system import Place

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, `release` or `restore`, in Markdown. Raises KeyError for a name it lacks."""
    return filled([HERE / f"{kind}.md"], values)


def written(
    name: str,
    settings: DeliverySettings,
    place: Place,
    artifacts: Artifacts,
    releases: Mapping[str, Release],
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region; none of a system without any image yet."""
    stack = place.stack
    first = min(settings.functions)
    own: dict[str, pulumi.Input[str]] = {
        "SYSTEM": name,
        "REGION": stack.region,
        "PEER": stack.peer_region,
        "REPOSITORY": repository_name(stack, name, first),
    }
    if not settings.posture(stack).data:
        return {stack.region: told(text, "restore", own)}
    if not releases:
        return {}
    first = min(releases)
    made = releases[first]
    own |= {
        "REPOSITORY": repository_name(stack, name, first),
        "BUCKET": artifacts.bucket,
        "KEY": names.release(first),
        "FUNCTION": made.function.name,
        "ALARM": made.function.alarm_name,
        "PIPELINE": made.pipeline.name,
        "APPLICATION": made.deployment.application,
        "GROUP": made.deployment.group,
    }
    return {stack.region: told(text, "release", own)}

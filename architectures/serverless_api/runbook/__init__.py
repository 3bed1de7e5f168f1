"""The runbook of a serverless API: what to look at, and what there is to do, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.parts.api.front import kept_warm
from architectures.parts.runbook import filled, told
from architectures.serverless_api.serving import Serving
from architectures.serverless_api.settings import ServerlessApiSettings
from architectures.system import Place

HERE = Path(__file__).parent


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, which is `none` or `restore`; in Markdown. Raises KeyError for a name it lacks."""
    parts = ["restore"] if kind == "restore" else ["look", kind]
    return filled([HERE / f"{part}.md" for part in parts], values)


def written(
    name: str, settings: ServerlessApiSettings, place: Place, serving: Serving | None
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is None or not settings.posture(stack).replicated:
        own |= {"VAULT": place.ground.backups.vault_name, "KEY": place.ground.key_arn}
        return {stack.region: told(text, "restore", own)}
    own |= {
        "API": serving.api.dns_name,
        "DEEP": settings.deep_health_path,
        "ALARMS": pulumi.Output.all(*serving.api.alarms.values()).apply(" ".join),
        "TABLE": serving.table.name,
        "LAG": serving.table.lag_alarm,
        "WARM": kept_warm(
            stack.region,
            ((made, settings.functions[each].provisioned) for each, made in serving.functions.items()),
        ),
    }
    return {stack.region: told(text, "none", own)}

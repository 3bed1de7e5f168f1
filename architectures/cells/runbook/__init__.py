"""The runbook of a router of cells: what to look at, what there is to do, and how a key is moved, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.cells.serving import Serving
from architectures.cells.settings import CellsSettings
from architectures.parts.api.front import called, kept_warm
from architectures.parts.runbook import filled, told
from architectures.system import Place
from functions.cells.requests import DEEP_HEALTH

HERE = Path(__file__).parent


PARTS = {
    "none": ("look", "none", "cells", "back"),
    "restore": ("restore",),
    "alone": ("restore", "cells"),
}
"""By kind: health checks move clients; nothing stands here; it stands here and nowhere else."""


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind; in Markdown. Raises KeyError for a name it lacks."""
    return filled([HERE / f"{part}.md" for part in PARTS[kind]], values)


def written(
    name: str, settings: CellsSettings, place: Place, serving: Serving | None
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if serving is not None:
        own |= {"TABLE": serving.table.name}
    if serving is None or not settings.posture(stack).replicated:
        own |= {"VAULT": place.ground.backups.vault_name, "KEY_ARN": place.ground.key_arn}
        return {stack.region: told(text, "alone" if serving else "restore", own)}
    own |= {
        "API": serving.api.dns_name,
        "DEEP": DEEP_HEALTH.removeprefix("GET "),
        "ALARMS": pulumi.Output.all(*serving.api.alarms.values()).apply(" ".join),
        "LAG": serving.table.lag_alarm,
        "WARM": kept_warm(stack.region, [called(serving.function, settings.router.provisioned)]),
        "CELLS": ", ".join(f"`{each}` (system `{cell.system}`)" for each, cell in settings.cells.items()),
    }
    return {stack.region: told(text, "none", own)}

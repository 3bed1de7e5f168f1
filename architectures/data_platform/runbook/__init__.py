"""The runbook of a data platform: what to look at and what to call, with the real names filled in."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pulumi

from architectures.data_platform.search import SearchParts
from architectures.data_platform.settings import DataPlatformSettings
from architectures.parts.runbook import filled, told
from architectures.strategies import Strategy
from architectures.system import Place
from components.search import Mode

HERE = Path(__file__).parent
PARTS = {
    "follow": ("begin", "search-look", "search-follow", "search-back"),
    "build": ("begin", "search-build", "search-back"),
    "both": ("begin", "search-look", "search-both"),
    "own": ("begin", "search-look", "search-own"),
}
"""Kinds of runbook, and the texts that each is made of: the domain gets the other region's snapshots; there is none until it is built; both
regions have one that is written; it serves here, and the other region gets its snapshots."""


def text(kind: str, values: Mapping[str, str]) -> str:
    """The runbook of that kind, in Markdown. Raises KeyError for a name it lacks."""
    return filled([HERE / f"{part}.md" for part in PARTS[kind]], values)


def written(
    name: str, settings: DataPlatformSettings, place: Place, search: SearchParts
) -> dict[str, pulumi.Output[str]]:
    """The runbook of this stack's region, by region."""
    stack = place.stack
    own: dict[str, pulumi.Input[str]] = {"SYSTEM": name, "REGION": stack.region, "PEER": stack.peer_region}
    if search.domain is None or search.keeper is None:
        return {stack.region: told(text, "build", own)}
    own |= {
        "DOMAIN": search.domain.name,
        "KEEPER": search.keeper.function_name,
        "ALARMS": pulumi.Output.all(*search.domain.alarms.values()).apply(" ".join),
    }
    if settings.mode(stack) is Mode.FOLLOW:
        return {stack.region: told(text, "follow", own)}
    both = settings.followed(stack) is Strategy.ACTIVE_ACTIVE
    return {stack.region: told(text, "both" if both else "own", own)}

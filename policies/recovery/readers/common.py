"""What the readers share: how a resource becomes a unit, and arithmetic with what may not be known."""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.recovery.unit import Unit

DAY = 86400


def unit(graph: Graph, kind: str, resource: Resource, facts: dict[str, Any], **more: Any) -> Unit:
    """A unit made of `resource` (and of what is named in `owned`)."""
    owned = frozenset(more.pop("owned", ())) | {resource.urn}
    return Unit(
        kind=kind,
        name=resource.name,
        urn=resource.urn,
        stack=resource.stack,
        region=more.pop("region", None) or graph.region(resource),
        tags=resource.tags,
        facts={k: v for k, v in facts.items() if v is not None},
        names=(resource.name, *graph.ancestors(resource)),
        owned=owned,
        **more,
    )


def days(value: float | Unknown | None) -> float | Unknown | None:
    """Days in seconds."""
    return value * DAY if isinstance(value, int | float) else value


def at_least(value: float | Unknown | None, least: float) -> bool | Unknown:
    """Whether a number is big enough."""
    if isinstance(value, Unknown):
        return value
    return value is not None and value >= least

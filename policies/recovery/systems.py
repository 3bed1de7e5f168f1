"""Which units belong together: each system keeps objectives of its own."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from .unit import Unit
from .world import World

TAGS = ("workload", "system")
"""Tags that name a system, the most specific first."""


def systems(world: World) -> Mapping[int, str]:
    """The system of each unit, by the unit's id.

    Its own tag; else its outermost component's name, where that holds more than this unit; else the system of its members
    elsewhere, or of what it needs; else the program's name.
    """
    shared = Counter(u.names[-1] for u in world.units if len(u.names) > 1)
    own = {id(u): _own(u, shared) for u in world.units}
    found: dict[int, str] = {}
    for u in world.units:
        near = (own[id(o)] for o in (u, *world.siblings(u), *world.needs(u)))
        found[id(u)] = next(filter(None, near), _program(u))
    return found


def _own(unit: Unit, shared: Mapping[str, int]) -> str:
    for tag in map(unit.tag, TAGS):
        if isinstance(tag, str) and tag:
            return tag
    outermost = unit.names[-1] if len(unit.names) > 1 else ""
    return outermost if shared.get(outermost, 0) > 1 else ""


def _program(unit: Unit) -> str:
    """The project's name in a URN `urn:pulumi:<stack>::<project>::<type>::<name>`; of anything else the stack's."""
    parts = unit.urn.split("::")
    return parts[1] if parts[0].startswith("urn:pulumi:") and len(parts) > 3 else unit.stack  # noqa: PLR2004 - its parts

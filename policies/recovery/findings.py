"""What else is worth saying of a failure: what the figures rest on, and what doesn't fit together."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from .estimate import Node
from .words import duration
from .world import World


def assumptions(nodes: tuple[Node, ...], world: World) -> tuple[str, ...]:
    """The figures that nobody published or measured, and what isn't known yet."""
    keys = {k for n in nodes for t in n.terms for k in t.time.sources}
    keys |= {k for n in nodes if n.rpo is not None for k in n.rpo.sources}
    found = [
        world.figures.describe(k) for k in sorted(keys) if world.figures.figure(k).grade in ("D", "declared")
    ]
    return (*found, *(f"not known yet: {p}" for p in dict.fromkeys(p for n in nodes for p in n.unknown)))


def findings(nodes: tuple[Node, ...], world: World, systems: Mapping[int, str]) -> tuple[str, ...]:
    """Each thing once. `systems` names each unit's system, by its id."""
    own = (f for n in nodes for f in n.findings)
    return tuple(dict.fromkeys((*own, *_weaker(nodes, world), *_apart(nodes, systems))))


def _weaker(nodes: Iterable[Node], world: World) -> Iterator[str]:
    """Units that can't work without one of a tier that promises less."""
    by_unit = {id(n.unit): n for n in nodes}
    for n in by_unit.values():
        for u in world.needs(n.unit):
            other = by_unit.get(id(u))
            if other is not None and other.objective.tier > n.objective.tier:
                tier, less = n.objective.tier, other.objective.tier
                yield f"{n.unit.name} is of tier {tier} and can't work without {u.name} of tier {less}"


def _apart(nodes: Iterable[Node], systems: Mapping[int, str]) -> Iterator[str]:
    """Systems whose stores come back as of different moments."""
    losses: dict[str, list[float]] = defaultdict(list)
    for n in nodes:
        if n.rpo is not None and math.isfinite(n.rpo.high):
            losses[systems[id(n.unit)]].append(n.rpo.high)
    for system, found in losses.items():
        if max(found) > min(found):
            between = duration(max(found) - min(found))
            yield f"{system}: its stores come back up to {between} apart from each other: reconcile them"

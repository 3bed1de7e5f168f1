"""What messages pass through, SQS queues and Kinesis streams: in several zones, and in one region, with which goes what waits there.

Only those that promise are judged: the tag rpo-minutes says that what waits there counts. Nothing is restored of them: a message that is
wrong is wrong wherever it is kept.
"""

from __future__ import annotations

import math
from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.graph.event_buses import archived, feeding, sent_on
from policies.recovery.model import Estimate, Option, R, Term, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import always_on, failover

PROMISES = "rpo-minutes"
"""Tag without which none is judged."""


def of_events(graph: Graph, r: Resource) -> dict[str, Any]:
    """Of what a bus sends to it: whether an archive of its own region keeps that, and the regions that the bus sends it on to."""
    rules = feeding(graph, r)
    if not rules:
        return {}
    return {
        "archived": archived(graph, rules) or None,
        "replicas": [{"region": region} for region in sent_on(graph, rules)],
    }


def ways(
    u: Unit, world: Surroundings, regional: str, waits: Estimate, vague: tuple[str, ...]
) -> list[Option]:
    """By itself through the loss of a zone; the other region's, what waited being `waits` old; its copy in the other region's archive."""
    move = failover(world.figures["messaging.move"], u, "producers send to the other region")
    found = [always_on(u, world.figures[regional])]
    siblings = world.siblings(u)
    found += [
        _other(f"producers send to {s.region}; what waits is back with its own region", (move,), waits, vague)
        for s in siblings
    ]
    if not siblings and not world.awaits(u) and world.reaches_beyond(u):
        again = failover(world.figures["restore.infra"], u, "deployed again")
        found.append(
            _other(
                "deployed again in the other region; what waits is back with its own",
                (again, move),
                waits,
                vague,
            )
        )
    kept = {s.region for s in siblings if s.fact("archived") is True}
    for copy in u.fact("replicas", []):
        if copy["region"] in kept:
            found.append(_replayed(u, world, copy["region"], move))
    return found


def _replayed(u: Unit, world: Surroundings, where: str, move: Term) -> Option:
    """The other region's archive has what this one's bus sent on to it."""
    replay = failover(world.figures["events.replay"], u, "what came here is replayed there")
    return Option(
        name=f"producers send to {where}; what came here is replayed from the archive there",
        survives=survive(R),
        rpo=world.figures["events.copy"],
        terms=(move, replay),
    )


def _other(name: str, terms: tuple[Term, ...], waits: Estimate, vague: tuple[str, ...]) -> Option:
    return Option(name=name, survives=survive(R), rpo=waits, terms=terms, vague=vague)


def waiting(oldest: float | Unknown | None, kept: float | Unknown | None) -> tuple[Estimate, tuple[str, ...]]:
    """How old what waits may be: as old as somebody is told of, else as it is kept."""
    for bound in (oldest, kept):
        if isinstance(bound, Unknown):
            return Estimate(0, math.inf, "D"), (bound.path,)
        if bound is not None:
            return Estimate(0, bound, "D"), ()
    return Estimate(0, math.inf, "D"), ()

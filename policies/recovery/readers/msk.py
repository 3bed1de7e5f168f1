"""MSK clusters.

Messages are only ever appended: what a replicator copied is not taken back, and wrong messages stay until their retention ends. What was
right stays as long, and consumers may read it again.

https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator.html
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from policies.graph import Graph, Resource, Unknown, both
from policies.graph.zones import zones
from policies.recovery.model import NOTHING, Estimate, I, Option, R, Term, X, Z, survive
from policies.recovery.surroundings import Surroundings
from policies.recovery.unit import Unit
from policies.recovery.ways import (
    by_itself,
    elsewhere,
    failover,
    new_endpoint,
    present,
    unsure_of,
)

from .common import at_least, unit
from .kafka import CLUSTER, SERVERLESS, kept_seconds, min_insync
from .replicators import copied_from, copied_to, let_in

KIND = "msk"
_ENOUGH = 3
"""Replication factor 3 with min.insync.replicas 2 needs three zones to go on writing when one is lost."""


def read(graph: Graph) -> list[Unit]:
    """One unit for each cluster; replicators are options of the clusters they connect."""
    found = []
    for r in graph.of(CLUSTER):
        spread = zones(graph, r, "brokerNodeGroupInfo.clientSubnets", apart=True)
        facts: dict[str, Any] = {
            "brokers": r.number("numberOfBrokerNodes"),
            "zones": spread,
            "min_isr": min_insync(graph, r, spread),
            "retention_s": kept_seconds(graph, r),
        }
        found.append(_unit(graph, r, facts))
    found += [_unit(graph, r, {"brokers": _ENOUGH, "zones": _ENOUGH}) for r in graph.of(SERVERLESS)]
    return found


def _unit(graph: Graph, r: Resource, facts: dict[str, Any]) -> Unit:
    replicas, sources, name = copied_to(graph, r), copied_from(graph, r), r.get("clusterName")
    opened = let_in(graph, r)
    paired = isinstance(name, str) and (replicas or sources or opened)
    return unit(
        graph,
        KIND,
        r,
        {**facts, "replicas": replicas, "sources": sources},
        keys=frozenset({f"{KIND}:{name}"} if paired else ()),
        elsewhere=(f"cluster policy of {r.name}, which lets replicators in",) if opened else (),
        role="replica" if sources and not replicas else "active",
    )


def options(u: Unit, world: Surroundings) -> list[Option]:
    """Other brokers, a replicator's target in another region, and for wrong data what is still kept of the right."""
    figures = world.figures
    loss, vague, writes = _acknowledged(u.fact("min_isr", 2))
    several = both(at_least(u.fact("brokers"), 2), writes)
    wide = both(several, at_least(u.fact("zones", 1), _ENOUGH))
    election = failover(figures["msk.election"], u, "new partition leaders", "brokers over three zones")
    found = present(
        [
            by_itself("other brokers", survive(I), loss, election, several),
            by_itself("brokers in other zones", survive(I, Z), loss, election, wide),
        ]
    )
    found = [replace(each, vague=vague) for each in found]
    return [*found, *_followers(u, world), *_read_again(u, world)]


def _acknowledged(in_sync: float | Unknown) -> tuple[Estimate, tuple[str, ...], bool | Unknown]:
    """What of acknowledged messages (acks=all) a lost broker takes along, what isn't known of that, and whether writing goes on."""
    if isinstance(in_sync, Unknown):
        return Estimate(0, math.inf, "D"), (in_sync.path,), in_sync
    # Two have it: one is left. A single one may be the one that is lost.
    loss = NOTHING.graded("D") if in_sync > 1 else Estimate(0, math.inf, "D")
    return loss, (), in_sync < _ENOUGH


def _followers(u: Unit, world: Surroundings) -> Iterator[Option]:
    """A replicator's target: as the source's stack tells, else as that of the target does, which declares the replicator."""
    rows = list(u.fact("replicas", []))
    for s in world.siblings(u):
        for row in s.fact("sources", []):
            if row["region"] == u.region and s.region not in [each["region"] for each in rows]:
                rows.append({**row, "region": s.region})
    move = failover(world.figures["msk.switch"], u, "producers and consumers move")
    terms: tuple[Term, ...] = (move, new_endpoint(u, world))
    for row, where, unsure in elsewhere(u, rows):
        lag, vague = _lag(row, world)
        yield Option(
            name=f"replicator's target in {where}",
            survives=survive(I, Z, R),
            rpo=lag,
            terms=terms,
            unsure=unsure,
            vague=vague,
        )


def _lag(row: Mapping[str, Any], world: Surroundings) -> tuple[Estimate, tuple[str, ...]]:
    """How far a replicator is behind: as far as an alarm lets it be."""
    usual, bound = world.figures["msk.replicator_lag"], row.get("lag_s")
    if bound is None:
        return usual, ()
    if isinstance(bound, Unknown):
        return replace(usual, high=math.inf), (bound.path,)
    return replace(usual, low=min(usual.low, bound), high=bound), ()


def _read_again(u: Unit, world: Surroundings) -> list[Option]:
    """Consumers go back to before what was wrong. Nothing brings back a topic that was deleted, nor what was compacted away."""
    kept = u.fact("retention_s")
    if kept is None:
        return []
    again = failover(
        world.figures["msk.read_again"], u, "consumers' offsets are set back, what is kept is read again"
    )
    return [
        Option(
            name="consumers read again what is kept",
            survives=survive(X),
            rpo=NOTHING.graded("D"),
            terms=(again,),
            retention=kept,
            unsure=unsure_of(kept),
        )
    ]

"""A failure as a whole: the critical path over what each unit can't work without, tier by tier."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from policies.graph import Unknown

from .estimate import Node, estimate
from .kinds import KINDS
from .model import NOTHING, SHARED, Estimate, Failure, Step, Term, Verdict
from .verdict import judge, worst
from .world import World, longest


@dataclass(frozen=True)
class TierResult:
    """One tier in one failure."""

    tier: str
    rto: Estimate
    rpo: Estimate
    limit: float | Unknown | None
    verdict: Verdict
    path: tuple[Node, ...]
    terms: tuple[Term, ...]
    """The shared terms, then those of the path."""
    unknown: tuple[str, ...]

    @property
    def dominant(self) -> Term | None:
        """The term that takes longest."""
        return max(self.terms, key=lambda t: (t.time.high, t.time.low), default=None)

    def as_json(self) -> dict[str, Any]:
        """As in the report."""
        return {
            "rto": self.rto.as_json(),
            "rpo": self.rpo.as_json(),
            "objective": None if isinstance(self.limit, Unknown) else self.limit,
            "verdict": str(self.verdict),
            "path": [n.unit.urn for n in self.path],
        }


@dataclass(frozen=True)
class FailureResult:
    """Everything about one failure."""

    failure: Failure
    nodes: tuple[Node, ...]
    tiers: tuple[TierResult, ...]
    assumptions: tuple[str, ...]
    findings: tuple[str, ...]

    @property
    def rto(self) -> Estimate:
        """The slowest tier."""
        found = NOTHING
        for t in self.tiers:
            found = longest(found, t.rto)
        return found

    @property
    def rpo(self) -> Estimate:
        """The store that loses most."""
        found = NOTHING
        for n in self.nodes:
            found = longest(found, n.rpo) if n.rpo is not None else found
        return found

    @property
    def verdict(self) -> Verdict:
        """The worst of the tiers and the units."""
        return worst([t.verdict for t in self.tiers] + [n.verdict for n in self.nodes])

    @property
    def dominant(self) -> dict[str, Any] | None:
        """The term that takes longest on the worst tier's path; where there is no way back, the unit that has none."""
        lost = next((n for n in self.nodes if n.verdict is Verdict.UNATTAINABLE), None)
        if lost is not None:
            advice = KINDS[lost.unit.kind].advice.get(self.failure, "")
            return {
                "term": str(Step.FAIL_OVER),
                "urn": lost.unit.urn,
                "low": None,
                "high": None,
                "why": "no option survives it",
                "setting": advice,
            }
        tier = max(self.tiers, key=lambda t: (t.verdict.severity, t.rto.high), default=None)
        term = tier.dominant if tier else None
        if term is None:
            return None
        found = term.as_json()
        return {k: found[k] for k in ("term", "urn", "low", "high", "why", "setting")}

    def as_json(self) -> dict[str, Any]:
        """As in the report."""
        return {
            "rto": self.rto.as_json(),
            "rpo": self.rpo.as_json(),
            "verdict": str(self.verdict),
            "dominant": self.dominant,
            "assumptions": list(self.assumptions),
            "findings": list(self.findings),
            "tiers": {t.tier: t.as_json() for t in self.tiers},
            "nodes": [n.as_json() for n in self.nodes],
        }


def roll_up(failure: Failure, world: World) -> FailureResult:
    """Judge every unit, then every tier along its critical path."""
    nodes = tuple(n for u in world.units if (n := estimate(u, failure, world)) is not None)
    if failure is not Failure.REGION:
        nodes = tuple(n for n in nodes if n.unit.local)  # the other stack's own judgement covers the rest
    paths = _Paths(nodes, world)
    tiers = tuple(_tier(t, nodes, paths) for t in sorted({n.objective.tier for n in nodes}))
    return FailureResult(failure, nodes, tiers, _assumptions(nodes, world), _findings(nodes, world))


class _Paths:
    """Critical paths: the longest chain of work that a unit waits for, itself included."""

    def __init__(self, nodes: Iterable[Node], world: World) -> None:
        self._nodes = {id(n.unit): n for n in nodes}
        self._world = world
        self._done: dict[int, tuple[Estimate, tuple[Node, ...]]] = {}

    def needed(self, node: Node) -> list[Node]:
        """The judged units that a unit waits for."""
        found = [self._nodes[id(u)] for u in self._world.needs(node.unit) if id(u) in self._nodes]
        same = [n for n in found if n.unit.region == node.unit.region]
        return same or found

    def closure(self, start: Iterable[Node]) -> list[Node]:
        """Units and everything they wait for."""
        seen: dict[int, Node] = {}
        todo = list(start)
        while todo:
            node = todo.pop()
            if id(node.unit) not in seen:
                seen[id(node.unit)] = node
                todo += self.needed(node)
        return list(seen.values())

    def longest(self, node: Node) -> tuple[Estimate, tuple[Node, ...]]:
        """Work along the longest chain from a unit, and the chain."""
        # Depth first without recursion: a chain may be as long as the stack.
        todo = [] if id(node.unit) in self._done else [(node, False)]
        while todo:
            here, visited = todo.pop()
            key = id(here.unit)
            if not visited and key not in self._done:
                self._done[key] = (NOTHING, ())  # a cycle ends here
                todo.append((here, True))
                todo += [(n, False) for n in self.needed(here) if id(n.unit) not in self._done]
            elif visited:
                self._done[key] = self._through(here)
        return self._done[id(node.unit)]

    def _through(self, node: Node) -> tuple[Estimate, tuple[Node, ...]]:
        behind = NOTHING
        chain: tuple[Node, ...] = ()
        for time, path in (self._done[id(other.unit)] for other in self.needed(node)):
            if (time.high, len(path)) > (behind.high, len(chain)):
                chain = path
            behind = longest(behind, time)
        return work(node) + behind, (node, *chain)


def work(node: Node) -> Estimate:
    """What only this unit takes: failover and capacity. What is not known yet widens it."""
    total = sum((t.time for t in node.terms if t.step not in SHARED), NOTHING)
    shared = sum((t.time for t in node.terms if t.step in SHARED), NOTHING)
    low = max(0.0, min(total.low, node.rto.low - shared.low)) if math.isfinite(node.rto.low) else math.inf
    high = max(total.high, low) if math.isfinite(node.rto.high) else math.inf
    return Estimate(low, high, total.grade, total.sources)


def _tier(tier: str, nodes: tuple[Node, ...], paths: _Paths) -> TierResult:
    own = [n for n in nodes if n.objective.tier == tier]
    all_ = paths.closure(own)
    shared: dict[Step, Term] = {}
    for t in (t for n in all_ for t in n.terms if t.step in SHARED):
        before = shared.get(t.step)
        if before is None or (t.time.high, t.time.low) > (before.time.high, before.time.low):
            shared[t.step] = t
    lows = {s: max(t.time.low for n in all_ for t in n.terms if t.step is s) for s in shared}
    work_ = NOTHING
    chain: tuple[Node, ...] = ()
    for n in own:
        time, path = paths.longest(n)
        if (time.high, len(path)) > (work_.high, len(chain)):
            chain = path
        work_ = longest(work_, time)
    terms = (*shared.values(), *(t for n in chain for t in n.terms if t.step not in SHARED))
    rto = work_
    for step, t in shared.items():
        rto = rto + Estimate(min(lows[step], t.time.high), t.time.high, t.time.grade, t.time.sources)
    unknown = tuple(dict.fromkeys(p for n in all_ for p in n.unknown))
    if unknown:
        # What could be there may be quicker than what surely is.
        rto = Estimate(
            min(rto.low, max((n.rto.low for n in all_), default=0)), rto.high, rto.grade, rto.sources
        )
    limits = [n.objective.rto for n in own]
    known = [x for x in limits if isinstance(x, int | float)]
    limit: float | Unknown | None = min(known, default=None)
    if limit is None:
        limit = next((x for x in limits if isinstance(x, Unknown)), None)
    rpo = NOTHING
    for n in own:
        rpo = longest(rpo, n.rpo) if n.rpo is not None else rpo
    verdict = judge(rto, limit, unknown, [t.time for t in terms])
    return TierResult(tier, rto, rpo, limit, verdict, chain, terms, unknown)


def _assumptions(nodes: tuple[Node, ...], world: World) -> tuple[str, ...]:
    keys = {k for n in nodes for t in n.terms for k in t.time.sources}
    keys |= {k for n in nodes if n.rpo is not None for k in n.rpo.sources}
    found = [
        world.figures.describe(k) for k in sorted(keys) if world.figures.figure(k).grade in ("D", "declared")
    ]
    return (*found, *(f"not known yet: {p}" for p in dict.fromkeys(p for n in nodes for p in n.unknown)))


def _findings(nodes: tuple[Node, ...], world: World) -> tuple[str, ...]:
    found = [f for n in nodes for f in n.findings]
    by_unit = {id(n.unit): n for n in nodes}
    for n in nodes:
        for u in world.needs(n.unit):
            other = by_unit.get(id(u))
            if other is not None and other.objective.tier > n.objective.tier:
                found.append(
                    f"{n.unit.name} is of tier {n.objective.tier} and can't work without {u.name} of tier {other.objective.tier}"
                )
    losses = [n.rpo.high for n in nodes if n.rpo is not None and math.isfinite(n.rpo.high)]
    if losses and max(losses) > min(losses):
        found.append(
            f"stores come back up to {max(losses) - min(losses):g} s apart from each other: reconcile them"
        )
    return tuple(dict.fromkeys(found))

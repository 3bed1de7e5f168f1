"""A failure as a whole: the critical path over what each unit can't work without, system by system and tier by tier."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from policies.graph import Unknown

from .advice import advice
from .estimate import Node, estimate
from .findings import assumptions, findings
from .model import NOTHING, SHARED, Estimate, Failure, Step, Term, Verdict
from .verdict import judge, worst
from .world import World, longest


@dataclass(frozen=True)
class TierResult:
    """What a system has of one tier, in one failure."""

    system: str
    tier: str
    nodes: tuple[Node, ...]
    """Its units of this tier."""
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

    @property
    def loser(self) -> Node | None:
        """The store whose loss compares worst with what it promises; among those that keep it, the one that loses most."""
        stores = [(n, n.rpo) for n in self.nodes if n.rpo is not None]
        worst_ = max(stores, key=lambda s: (_kept(s[0].rpo_verdict), s[1].high, s[1].low), default=None)
        return worst_[0] if worst_ else None

    @property
    def worst(self) -> Verdict:
        """Time along the path and each unit's own time and loss together."""
        return worst([self.verdict, *(n.verdict for n in self.nodes)])

    def as_json(self) -> dict[str, Any]:
        """As in the report."""
        return {
            "system": self.system,
            "tier": self.tier,
            "rto": self.rto.as_json(),
            "rpo": self.rpo.as_json(),
            "objective": None if isinstance(self.limit, Unknown) else self.limit,
            "verdict": str(self.verdict),
            "path": [n.unit.urn for n in self.path],
            "units": [n.unit.urn for n in self.nodes],
        }


def _kept(verdict: Verdict) -> int:
    return max(verdict.severity, Verdict.MET_IF.severity)


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
        """The slowest system."""
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
            return {
                "term": str(Step.FAIL_OVER),
                "urn": lost.unit.urn,
                "low": None,
                "high": None,
                "why": "no option survives it",
                "setting": advice(lost.unit.kind, self.failure),
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
            "systems": [t.as_json() for t in self.tiers],
            "nodes": [n.as_json() for n in self.nodes],
        }


def roll_up(failure: Failure, world: World, systems: Mapping[int, str]) -> FailureResult:
    """Judge every unit, then each system's units of each tier along their critical path. `systems` names each unit's, by its id."""
    nodes = tuple(n for u in world.units if (n := estimate(u, failure, world)) is not None)
    if failure is not Failure.REGION:
        nodes = tuple(n for n in nodes if n.unit.local)  # the other stack's own judgement covers the rest
    paths = _Paths(nodes, world)
    together: dict[tuple[str, str], list[Node]] = defaultdict(list)
    for n in nodes:
        together[systems[id(n.unit)], n.objective.tier].append(n)
    tiers = tuple(_tier(*key, together[key], paths) for key in sorted(together))
    return FailureResult(failure, nodes, tiers, assumptions(nodes, world), findings(nodes, world, systems))


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


def _tier(system: str, tier: str, own: list[Node], paths: _Paths) -> TierResult:
    all_ = paths.closure(own)
    work_ = NOTHING
    chain: tuple[Node, ...] = ()
    for n in own:
        time, path = paths.longest(n)
        if (time.high, len(path)) > (work_.high, len(chain)):
            chain = path
        work_ = longest(work_, time)
    shared: dict[Step, Term] = {}
    for t in (t for n in (*chain, *all_) for t in n.terms if t.step in SHARED):  # among equals the path's own
        before = shared.get(t.step)
        if before is None or (t.time.high, t.time.low) > (before.time.high, before.time.low):
            shared[t.step] = t
    lows = {s: max(t.time.low for n in all_ for t in n.terms if t.step is s) for s in shared}
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
    return TierResult(system, tier, tuple(own), rto, rpo, limit, verdict, chain, terms, unknown)

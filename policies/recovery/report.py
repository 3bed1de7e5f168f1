"""The result of a judgement: as data, as messages, as a table."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from policies.graph import Graph, Resource, Unknown

from .advice import advice
from .estimate import Node
from .kinds import KINDS
from .model import Failure, Verdict
from .rollup import FailureResult, TierResult, roll_up
from .settings import Settings
from .systems import systems
from .unread import unread
from .words import duration, span
from .world import World


@dataclass(frozen=True)
class Report:
    """The estimates of one or more stacks, judged as one system."""

    failures: Mapping[Failure, FailureResult]
    notes: tuple[str, ...]
    stacks: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing was judged at all."""
        return not any(result.nodes for result in self.failures.values())

    @property
    def verdict(self) -> Verdict:
        """The worst of all failures; undetermined where there is nothing to judge."""
        if self.empty:
            return Verdict.UNDETERMINED
        return max((f.verdict for f in self.failures.values()), key=lambda v: v.severity)

    def as_json(self) -> dict[str, Any]:
        """`failures.{instance,zone,region,corruption}`, the notes and the stacks."""
        return {
            "stacks": list(self.stacks),
            "verdict": str(self.verdict),
            "failures": {str(f): r.as_json() for f, r in self.failures.items()},
            "notes": list(self.notes),
        }


def judge(
    resources: Iterable[Resource] | Graph,
    settings: Settings | None = None,
    peers: Iterable[Mapping[str, Any]] = (),
) -> Report:
    """Judge resources (of one or more stacks) and the facts of peers as one system."""
    settings = settings or Settings()
    graph = resources if isinstance(resources, Graph) else Graph(resources, home=settings.home)
    world = World(graph, settings, peers)
    notes = list(world.notes)
    notes += unread(graph.resources)
    notes += [f"{u.name}: only logs go there: not judged" for u in world.logs]
    stacks = sorted({u.stack for u in world.units})
    together = systems(world)
    return Report(
        {f: roll_up(f, world, together) for f in Failure}, tuple(dict.fromkeys(notes)), tuple(stacks)
    )


@dataclass(frozen=True)
class Violation:
    """An objective that can't be met, and what to change."""

    urn: str
    name: str
    message: str
    verdict: Verdict
    tier: str
    system: str
    failure: Failure


def violations(report: Report) -> list[Violation]:
    """What makes the preview fail, the worst first: unattainable, breached, and at risk in tier 1. One for each unit and failure."""
    found: list[Violation] = []
    for result in report.failures.values():
        for tier in result.tiers:
            failing = [n for n in tier.nodes if _fails(n.verdict, tier.tier)]
            found += [_violation(n, tier, _message(n)) for n in failing]
            if not failing and _fails(tier.verdict, tier.tier):
                found.append(_tier_violation(result, tier))
    return sorted(found, key=lambda v: -v.verdict.severity)


def undetermined(report: Report) -> list[Violation]:
    """What can't be judged, and the property or stack that it waits for."""
    return [
        _violation(
            n, tier, f"{_failure(n)}: can't be judged: {'; '.join(map(_said, n.unknown)) or _unreadable(n)}"
        )
        for result in report.failures.values()
        for tier in result.tiers
        for n in tier.nodes
        if n.verdict is Verdict.UNDETERMINED
    ]


def _violation(node: Node, of: TierResult, message: str) -> Violation:
    return Violation(node.unit.urn, node.unit.name, message, node.verdict, of.tier, of.system, node.failure)


def _said(path: str) -> str:
    """A property's path as a sentence; other reasons are sentences already."""
    return path if " " in path else f"{path} is not known before the deployment"


def _unreadable(node: Node) -> str:
    return "; ".join(
        _said(x.path) for x in (node.objective.rto, node.objective.rpo) if isinstance(x, Unknown)
    )


def _fails(verdict: Verdict, tier: str) -> bool:
    return verdict in (Verdict.BREACHED, Verdict.UNATTAINABLE) or (verdict is Verdict.AT_RISK and tier == "1")


def _failure(node: Node) -> str:
    return f"{KINDS[node.unit.kind].words}, {node.failure} failure"


def _message(node: Node) -> str:
    """What is wrong with a unit in one failure, and what to change: one line, time before loss."""
    if node.verdict is Verdict.UNATTAINABLE:
        way = advice(node.unit.kind, node.failure) or "declare a way back"
        return (
            f"{_failure(node)}: unattainable: no option that is declared survives it. What to change: {way}."
        )
    tier = node.objective.tier
    parts, more, changes = [], "", []
    if _fails(node.rto_verdict, tier):
        parts.append(
            f"recovery time {span(node.rto)} by {node.option}, objective {duration(_number(node.objective.rto))}: {node.rto_verdict}"
        )
        more, change = _longest(node)
        changes += [change, "the tag rto-hours"]
    if _fails(node.rpo_verdict, tier) and node.rpo is not None:
        parts.append(
            f"data loss {span(node.rpo)} by {node.option}, objective {duration(_number(node.objective.rpo))}: {node.rpo_verdict}"
        )
        changes.append(advice(node.unit.kind, node.failure) or "replicate or back up more often")
        changes.append("the tag rpo-minutes")
    return f"{_failure(node)}: {'; '.join(parts)}.{more} What to change: {_either(changes)}."


def _either(changes: Iterable[str]) -> str:
    """Each change once."""
    return ", or ".join(dict.fromkeys(filter(None, changes)))


def _longest(node: Node) -> tuple[str, str]:
    """The longest term of a recovery time as a sentence, and what would shorten it."""
    worst = max(node.terms, key=lambda t: (t.time.high, t.time.low), default=None)
    if worst is None:
        return " No recovery takes no time.", ""
    said = f" The longest term is to {worst.step}, {span(worst.time)}: {worst.why} ({_short(worst.urn)})."
    return said, worst.setting


def _tier_violation(result: FailureResult, tier: TierResult) -> Violation:
    worst = tier.dominant
    path = _along(tier)
    said = (
        f"The longest term is to {worst.step}, {span(worst.time)}: {worst.why} ({_short(worst.urn)})."
        if worst
        else ""
    )
    change = f" What to change: {_either((worst.setting if worst else '', 'the tag rto-hours'))}."
    message = (
        f"{tier.system}, tier {tier.tier}, {result.failure} failure: recovery time {span(tier.rto)} along {path}, "
        f"objective {duration(_number(tier.limit))}: {tier.verdict}. {said}{change}"
    )
    urn = worst.urn if worst else tier.path[0].unit.urn
    return Violation(urn, _short(urn), message, tier.verdict, tier.tier, tier.system, result.failure)


def _along(tier: TierResult) -> str:
    """The critical path; of a long one its ends."""
    names = [n.unit.name for n in tier.path]
    shown = names if len(names) <= _SHOWN else [*names[:3], f"({len(names) - 5} more)", *names[-2:]]
    return " <- ".join(shown)


_SHOWN = 8


def _number(value: float | Unknown | None) -> float:
    return math.inf if value is None or isinstance(value, Unknown) else value


def _short(urn: str) -> str:
    return urn.rsplit("::", 1)[-1]


def table(report: Report) -> str:
    """The report as text, for a terminal."""
    lines = [f"Recovery of {', '.join(report.stacks) or 'nothing'}: {report.verdict}", ""]
    for failure, result in report.failures.items():
        lines.append(f"{failure} failure: {result.verdict}")
        rows = [
            (
                t.system,
                t.tier,
                span(t.rto),
                span(t.rpo),
                str(t.verdict),
                _along(t),
            )
            for t in result.tiers
        ]
        rows += [
            (
                n.unit.name,
                n.objective.tier,
                span(n.rto),
                "" if n.rpo is None else span(n.rpo),
                str(n.verdict),
                n.option,
            )
            for n in result.nodes
        ]
        if rows:
            lines += _columns([("", "tier", "time", "loss", "verdict", "by"), *rows])
        if result.dominant and result.verdict.severity > Verdict.MET.severity:
            d = result.dominant
            lines.append(
                f"  longest: {d['term']}, {_short(d['urn'])}: {d['why']}"
                + (f"; to change: {d['setting']}" if d["setting"] else "")
            )
        lines += [f"  {f}" for f in result.findings]
        lines.append("")
    lines += [f"note: {n}" for n in report.notes]
    return "\n".join(lines).rstrip() + "\n"


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    widths = [max(len(r[i]) for r in rows) for i in range(len(rows[0]))]
    return ["  " + "  ".join(c.ljust(w) for c, w in zip(r, widths, strict=True)).rstrip() for r in rows]

"""The report as one HTML page that needs nothing else: no script, no font, no image from anywhere."""

from __future__ import annotations

import math
from collections.abc import Iterable
from html import escape
from typing import Final

from .estimate import Node
from .model import Estimate, Step, Term, Verdict
from .report import Report
from .rollup import FailureResult, TierResult
from .words import duration, span

_COLOURS: Final = {
    Step.DETECT: "#6c8ebf",
    Step.DECIDE: "#d79b00",
    Step.FAIL_OVER: "#b85450",
    Step.PROPAGATE: "#82b366",
    Step.CAPACITY: "#9673a6",
}
_VERDICTS: Final = {
    Verdict.MET: "#2d7d46",
    Verdict.MET_IF: "#6b8e23",
    Verdict.AT_RISK: "#c77700",
    Verdict.UNDETERMINED: "#666666",
    Verdict.BREACHED: "#b3261e",
    Verdict.UNATTAINABLE: "#7a0c0c",
}
_STYLE: Final = """
body{font:15px/1.45 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}
h1{font-size:1.5rem}h2{font-size:1.2rem;margin-top:2.2rem;border-bottom:1px solid #ccc}h3{font-size:1rem}
table{border-collapse:collapse;width:100%;margin:.6rem 0}
th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid #e4e4e4;vertical-align:top}
.v{color:#fff;border-radius:3px;padding:0 .4rem;white-space:nowrap}.k{display:inline-block;width:.8rem;height:.8rem;margin:0 .3rem 0 .8rem}
td:first-child{min-width:12rem}td small{overflow-wrap:anywhere;word-break:break-all}
svg{width:100%;height:auto;display:block}text{font:12px system-ui,sans-serif}small,.m{color:#555}
"""
_INTRODUCTION: Final = (
    "<p>How long recovery takes and how much data is lost, estimated from what is declared. "
    "The full bar is the pessimistic end; the darker part is the optimistic one.</p>"
)
_WIDTH, _ROW, _LEFT, _RIGHT = 1000, 26, 270, 170
_FAR: Final = 4
"""An objective more than so many times the longest bar is left out of the picture: the bars would vanish."""


def render_html(estimates: Report) -> str:
    """The page. Every word that comes from a resource is escaped."""
    stacks = escape(", ".join(estimates.stacks))
    legend = "".join(
        f'<span class="k" style="background:{c}"></span>{escape(s)}' for s, c in _COLOURS.items()
    )
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width,initial-scale=1">',
        f"<title>Recovery of {stacks}</title><style>{_STYLE}</style></head><body>",
        f"<h1>Recovery of {stacks} {_badge(estimates.verdict)}</h1>",
        _INTRODUCTION,
        f"<p>{legend}</p>",
    ]
    parts += [_failure(r) for r in estimates.failures.values()]
    if estimates.notes:
        parts.append("<h2>Notes</h2>" + _list(estimates.notes))
    parts.append("</body></html>\n")
    return "".join(parts)


def _badge(verdict: Verdict) -> str:
    return f'<span class="v" style="background:{_VERDICTS[verdict]}">{escape(verdict)}</span>'


def _list(items: Iterable[str]) -> str:
    return "<ul>" + "".join(f"<li>{escape(i)}</li>" for i in items) + "</ul>"


def _failure(result: FailureResult) -> str:
    parts = [f"<h2>{escape(result.failure.capitalize())} failure {_badge(result.verdict)}</h2>"]
    if not result.nodes:
        return parts[0] + "<p>Nothing here serves or keeps data of its own.</p>"
    parts += [_tier(tier) for tier in result.tiers]
    parts.append("<h3>Each resource</h3>" + _table(result.nodes) + _bars(_node_rows(result.nodes)))
    if result.findings:
        parts.append("<h3>Findings</h3>" + _list(result.findings))
    if result.assumptions:
        parts.append("<h3>Assumptions</h3>" + _list(result.assumptions))
    return "".join(parts)


def _tier(tier: TierResult) -> str:
    limit = tier.limit if isinstance(tier.limit, int | float) else None
    against = f", objective {duration(limit)}" if limit is not None else ""
    head = (
        f"<h3>Tier {escape(tier.tier)}: {escape(span(tier.rto))}{escape(against)} {_badge(tier.verdict)}</h3>"
    )
    names = " &larr; ".join(escape(n.unit.name) for n in tier.path)
    rows: list[tuple[str, tuple[Term, ...]]] = [(f"{t.step}: {t.why}", (t,)) for t in tier.terms]
    return head + f'<p class="m">Critical path: {names}</p>' + _bars(rows, limit)


def _node_rows(nodes: Iterable[Node]) -> list[tuple[str, tuple[Term, ...]]]:
    return [(f"{n.unit.name}: {n.option}", n.terms) for n in nodes if n.terms]


def _bars(rows: list[tuple[str, tuple[Term, ...]]], limit: float | None = None) -> str:
    """One row for each entry, one piece for each term, all on one scale."""
    if not rows:
        return ""
    longest = max((sum(_drawn(t.time) for t in terms) for _, terms in rows), default=0)
    limit = limit if limit is not None and limit <= _FAR * longest else None
    scale = (_WIDTH - _LEFT - _RIGHT) / max(longest, limit or 0, 1)
    height = len(rows) * _ROW + 6
    parts = [f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" aria-label="time of each term">']
    for i, (label, terms) in enumerate(rows):
        y, x = i * _ROW + 4, float(_LEFT)
        shown = label if len(label) < 44 else label[:42] + "\u2026"  # noqa: PLR2004 - what fits beside the bars
        parts.append(f'<text x="0" y="{y + 14}">{escape(shown)}<title>{escape(label)}</title></text>')
        for t in terms:
            width = _drawn(t.time) * scale
            parts.append(_piece(t, x, y, width, scale))
            x += width
        total = escape(span(sum((t.time for t in terms[1:]), terms[0].time)))
        parts.append(f'<text x="{x + 6:.1f}" y="{y + 14}">{total}</text>')
    if limit is not None and math.isfinite(limit):
        at = _LEFT + limit * scale
        parts.append(
            f'<line x1="{at:.1f}" x2="{at:.1f}" y1="0" y2="{height}" stroke="#b3261e" stroke-dasharray="4 3">'
            f"<title>objective {duration(limit)}</title></line>"
        )
    return "".join(parts) + "</svg>"


def _piece(term: Term, x: float, y: float, width: float, scale: float) -> str:
    """The pessimistic end, and over it the optimistic one."""
    low = (0 if math.isinf(term.time.low) else term.time.low) * scale
    tip = escape(f"{term.step}, {span(term.time)}, grade {term.time.grade}: {term.why}")
    box = f'x="{x:.1f}" y="{y}" height="18" fill="{_COLOURS[term.step]}"'
    return (
        f'<rect {box} width="{max(width, 1):.1f}" opacity="0.45"><title>{tip}</title></rect>'
        f'<rect {box} width="{low:.1f}"><title>{tip}</title></rect>'
    )


def _drawn(time: Estimate) -> float:
    """Length of a bar: an open end is drawn as its low end."""
    return time.high if math.isfinite(time.high) else (time.low if math.isfinite(time.low) else 0.0)


def _table(nodes: Iterable[Node]) -> str:
    rows = "".join(
        f"<tr><td>{escape(n.unit.name)}<br><small>{escape(n.unit.urn)}</small></td><td>{escape(n.objective.tier)}</td><td>{escape(n.option)}</td>"
        f"<td>{escape(span(n.rto))}</td><td>{escape(span(n.rpo)) if n.rpo is not None else ''}</td><td>{_badge(n.verdict)}</td>"
        f"<td>{'<br>'.join(escape(f'{t.step}: {span(t.time)} ({t.time.grade}) {t.why}') for t in n.terms)}</td></tr>"
        for n in nodes
    )
    head = "<tr><th>resource</th><th>tier</th><th>by</th><th>time</th><th>loss</th><th>verdict</th><th>terms</th></tr>"
    return f"<table>{head}{rows}</table>"

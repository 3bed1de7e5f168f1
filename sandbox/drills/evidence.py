"""What a drill leaves: a JSON document and a page that shows the same."""

from __future__ import annotations

import json
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import Any

from sandbox.drills.rehearse import Result

STYLE = """
body { font: 15px/1.45 system-ui, sans-serif; max-width: 62rem; margin: 2rem auto; padding: 0 1rem; color: #1b2430; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
td, th { text-align: left; padding: .25rem .6rem; border-bottom: 1px solid #d9dee5; vertical-align: top; }
td.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.good { color: #1b7f3b; } .bad { color: #b3261e; font-weight: 600; }
@media (prefers-color-scheme: dark) { body { background: #11161c; color: #dde3ea; } td, th { border-color: #313a45; }
.good { color: #6fd08c; } .bad { color: #ff8a80; } }
"""


def document(result: Result) -> dict[str, Any]:
    """Everything about a drill, ready for JSON."""
    scenario, system, promised = result.scenario, result.system, result.promised
    return {
        "scenario": scenario.name,
        "about": scenario.about,
        "system": system.name,
        "site": system.site,
        "served": system.home.region,
        "standby": system.other and system.other.region,
        "pace": result.pace,
        "passed": result.passed,
        "causes": result.causes,
        "seconds": result.seconds,
        "lost": result.lost,
        "promised": promised
        and {"time": promised.time.shown(), "loss": promised.loss.shown(), "by": promised.by},
        "rows": {"acknowledged": result.acknowledged, "refused": result.refused},
        "checks": [each.shown() for each in result.checks],
        "timeline": result.timeline,
    }


def write(result: Result, folder: Path) -> list[Path]:
    """Write both into a folder, as `<system>-<scenario>`. Raises OSError."""
    folder.mkdir(parents=True, exist_ok=True)
    stem = folder / f"{result.system.name}-{result.scenario.name}"
    data, html = stem.with_suffix(".json"), stem.with_suffix(".html")
    found = document(result)
    data.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    html.write_text(page(found), encoding="utf-8")
    return [data, html]


def page(found: dict[str, Any]) -> str:
    """A page that needs nothing else."""
    title = f"Drill {found['scenario']} of {found['system']}"
    verdict = "passed" if found["passed"] else "failed"
    facts = {
        "what": found["about"],
        "served by": f"{found['served']}, other region {found['standby'] or 'empty'}",
        "until all was well": _seconds(found["seconds"]),
        "rows lost": f"of the last {found['lost']:.0f} s before",
        "promised": _promised(found["promised"]),
        "rows": f"{found['rows']['acknowledged']} acknowledged, {found['rows']['refused']} refused",
        "durations": f"{found['pace']:.0%} of the way from the low to the high end of each figure",
    }
    causes = "".join(f'<p class="bad">{escape(cause)}</p>' for cause in found["causes"])
    checks = [(c["name"], _mark(c["holds"]), escape(c["said"])) for c in found["checks"]]
    lines = [
        (f"{line['at']:.0f}", *(escape(line[key]) for key in ("who", "where", "what")))
        for line in found["timeline"]
    ]
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
        f'<h1>{escape(title)}: <span class="{"good" if found["passed"] else "bad"}">{verdict}</span></h1>{causes}'
        f"{_table((), [(key, escape(str(value))) for key, value in facts.items()])}"
        f"<h2>What must be so</h2>{_table(('check', '', 'found'), checks)}"
        f"<h2>What happened</h2>{_table(('second', 'who', 'where', 'what'), lines, numbers=True)}</html>\n"
    )


def _table(heads: tuple[str, ...], rows: Sequence[tuple[str, ...]], *, numbers: bool = False) -> str:
    """A table of cells that are HTML already."""
    first = '<td class="number">' if numbers else "<td>"
    head = f"<tr>{''.join(f'<th>{each}</th>' for each in heads)}</tr>" if heads else ""
    body = "".join(
        f"<tr>{''.join((first if i == 0 else '<td>') + cell + '</td>' for i, cell in enumerate(row))}</tr>"
        for row in rows
    )
    return f"<table>{head}{body}</table>"


def _mark(holds: bool) -> str:
    return '<span class="good">holds</span>' if holds else '<span class="bad">does not hold</span>'


def _seconds(value: float | None) -> str:
    return "never" if value is None else f"{value:.0f} s"


def _promised(promised: dict[str, Any] | None) -> str:
    if promised is None:
        return "nothing"
    time, loss = promised["time"], promised["loss"]
    return f"{time['low']} to {time['high']} s, loss of {loss['low']} to {loss['high']} s ({promised['by']})"

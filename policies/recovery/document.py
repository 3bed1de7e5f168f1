"""Writes the generated parts of docs/recovery.md: the table of figures and the kinds of unit.

Run `python -m policies.recovery.document` in the repository; a test compares the file with what this module makes.
"""

from __future__ import annotations

import sys
from pathlib import Path

from .advice import advice
from .figures import Figures
from .kinds import KINDS
from .model import Failure

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "recovery.md"


def figures_table() -> str:
    """Every figure: what, how much, how good, from where."""
    rows = [
        "| figure | what | low | high | unit | grade | source |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for f in Figures():
        source = f"[page]({f.source})" if f.source.startswith("https://") else f.source
        rows.append(f"| `{f.key}` | {f.about} | {f.low:g} | {f.high:g} | {f.unit} | {f.grade} | {source} |")
    return "\n".join(rows)


def kinds_table() -> str:
    """Every kind of unit, and what the estimator says where a store has no way back."""
    rows = [
        "| kind | in words | keeps data | for a region | for corruption |",
        "| --- | --- | --- | --- | --- |",
    ]
    for name, kind in KINDS.items():
        data = "yes" if kind.store else "no"
        region, corruption = (advice(name, f) for f in (Failure.REGION, Failure.CORRUPTION))
        rows.append(f"| `{name}` | {kind.words} | {data} | {region} | {corruption} |")
    return "\n".join(rows)


def between(text: str, name: str, made: str) -> str:
    """The document with `made` between the marks of that name. ValueError when a mark is missing."""
    start, end = f"<!-- generated: {name} -->", f"<!-- end: {name} -->"
    if text.count(start) != 1 or text.count(end) != 1:
        raise ValueError(f"{DOCUMENT.name}: expected one {start} and one {end}")
    before, rest = text.split(start)
    return f"{before}{start}\n{made}\n{end}{rest.split(end)[1]}"


def fill(text: str) -> str:
    """The document with its generated parts made anew. ValueError when a mark is missing."""
    return between(between(text, "figures", figures_table()), "kinds", kinds_table())


if __name__ == "__main__":
    DOCUMENT.write_text(fill(DOCUMENT.read_text(encoding="utf-8")), encoding="utf-8")
    sys.stdout.write(f"{DOCUMENT.name} written\n")

"""How a runbook's text is filled in."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pulumi

from architectures.strategies import Traffic

MARK = re.compile(r"@([A-Z_]+)@")
"""Where a name stands in for a value."""


def fill(text: str, values: Mapping[str, str]) -> str:
    """The text with each value in its place. Raises KeyError for a name that the text has and `values` lack."""
    return MARK.sub(lambda found: values[found[1]], text)


def mark(name: str) -> str:
    """How a text names what the output `parts` calls so: groupArn is GROUP_ARN."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name).upper()


def filled(parts: Iterable[Path], values: Mapping[str, str]) -> str:
    """The same of files, one after the other."""
    return fill("".join(part.read_text(encoding="utf-8") for part in parts), values)


def told(
    text: Callable[[str, Mapping[str, str]], str], kind: str, values: Mapping[str, pulumi.Input[str]]
) -> pulumi.Output[str]:
    """The runbook that `text` makes of that kind, once all values are known."""
    return pulumi.Output.all(**values).apply(lambda known: text(kind, known))


def moving(here: Path, kind: str, values: Mapping[str, str]) -> str:
    """The runbook of a system that moves, of the texts in `here`: of that kind, between what each begins and ends with; or `restore`."""
    parts = ["restore"] if kind == "restore" else ["look", kind, "end"]
    return filled([here / f"{part}.md" for part in parts], values)


def plan_kind(sent: Traffic) -> str:
    """The kind of runbook of a system that a Region switch plan moves: where both regions serve, one is taken out."""
    return "region-switch-both" if sent is Traffic.NEAREST else "region-switch"

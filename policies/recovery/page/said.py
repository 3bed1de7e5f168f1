"""Figures and promises as the page says them."""

from __future__ import annotations

import re
from collections.abc import Iterable

from policies.graph import Unknown
from policies.recovery.model import Estimate
from policies.recovery.words import duration, span

_OF = ": "
_INSIDE = re.compile(r"(?<!to)(?<!or) (?!to |or )")


def figure(time: Estimate | float) -> str:
    """A time in words, whose lines break between its ends only."""
    return _INSIDE.sub("\u00a0", span(time) if isinstance(time, Estimate) else duration(time))


def promise(limit: float | Unknown | None) -> str:
    """What a figure is held against."""
    if isinstance(limit, Unknown):
        return "objective not known yet"
    return "nothing is promised" if limit is None else f"objective {figure(limit)}"


def gathered(lines: Iterable[str]) -> list[str]:
    """Lines that begin with names: what is said of several stands once, with the name of each, once."""
    found: dict[str, dict[str, None]] = {}
    for line in lines:
        names, of, what = line.partition(_OF)
        found.setdefault(of + what if what else line, {}).update(
            dict.fromkeys(names.split(", ") if what else [""])
        )
    return [f"{', '.join(names)}{what}" for what, names in found.items()]

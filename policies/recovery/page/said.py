"""Figures and promises as the page says them."""

from __future__ import annotations

import re

from policies.graph import Unknown
from policies.recovery.model import Estimate
from policies.recovery.words import duration, span

_INSIDE = re.compile(r"(?<!to)(?<!or) (?!to |or )")


def figure(time: Estimate | float) -> str:
    """A time in words, whose lines break between its ends only."""
    return _INSIDE.sub("\u00a0", span(time) if isinstance(time, Estimate) else duration(time))


def promise(limit: float | Unknown | None) -> str:
    """What a figure is held against."""
    if isinstance(limit, Unknown):
        return "objective not known yet"
    return "nothing is promised" if limit is None else f"objective {figure(limit)}"

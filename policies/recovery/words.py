"""Times in words: nobody should have to divide seconds."""

from __future__ import annotations

import math

from .model import Estimate

_UNITS = ((86400, "d"), (3600, "h"), (60, "min"), (1, "s"))


def duration(seconds: float) -> str:
    """`90` as 1 min 30 s; two units at most."""
    if math.isinf(seconds):
        return "without limit"
    rest, parts = round(seconds), []
    for size, name in _UNITS:
        if rest >= size:
            parts.append(f"{rest // size} {name}")
            rest %= size
    return " ".join(parts[:2]) or "0 s"


def span(estimate: Estimate) -> str:
    """Both ends in words."""
    if not estimate.recoverable:
        return "no way back"
    if estimate.low == estimate.high:
        return duration(estimate.high)
    if math.isinf(estimate.high):
        return f"{duration(estimate.low)} or more"
    return f"{duration(estimate.low)} to {duration(estimate.high)}"

"""What becomes of a call to AWS: when it lands, whether its caller hears of it, and how long the caller is stopped meanwhile."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Fate:
    """What becomes of one call. Seconds."""

    lands: float | None = 0.03
    """From the call to its effect; None: never."""
    answers: float = 0.02
    """From the effect to the answer's arrival, which the caller may not wait for."""
    stopped: float = 0.0
    """How long the process is stopped before it sees the outcome."""
    refused: bool = False
    """Answered with an error, without effect."""


Fates = Callable[[random.Random, str, int], Fate]
"""By dice, operation, and TIMING's `request`."""


def calm(dice: random.Random, operation: str, request: int) -> Fate:
    """As AWS usually is: tens of milliseconds, one call in a hundred up to a second."""
    return Fate(lands=dice.uniform(0.1, 0.9) if dice.random() < 0.01 else dice.uniform(0.01, 0.08))


def hostile(dice: random.Random, operation: str, request: int) -> Fate:
    """All that the guarantee allows: a write lands within twice `request`, though its caller has given up; a process stops anywhere else."""
    writes = operation in ("register_targets", "deregister_targets", "update_item")
    quick = dice.uniform(0.001, 0.1)
    stops = Fate(lands=quick, stopped=dice.uniform(0, 12))
    outcomes = {
        Fate(lands=1.98 * request * (dice.random() if dice.random() < 0.5 else 1)): 35,
        Fate(lands=quick, answers=99): 7,
        Fate(refused=True): 8,
        Fate(lands=None): 5,
        stops: 50 if operation == "get_item" else 10,
        Fate(lands=quick): 35 if writes else 335,
    }
    (fate,) = dice.choices(list(outcomes), list(outcomes.values()))
    return fate

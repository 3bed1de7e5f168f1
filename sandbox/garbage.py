"""How often a process looks for garbage."""

from __future__ import annotations

import gc

_ALLOCATED, _YOUNG, _OLD = 20_000, 20, 20
"""Python's own are 700, 10 and 10: made for programs whose objects die young. Those of a deployment live as long as it."""


def collect_rarely() -> None:
    """Never look at what is loaded by now, and seldom at what comes: it took a tenth of a deployment's time."""
    gc.freeze()
    gc.set_threshold(_ALLOCATED, _YOUNG, _OLD)

"""What a component states of itself as a unit of recovery, in the form that docs/recovery.md describes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Fact = dict[str, Any]
"""One unit of recovery; values may be outputs."""

TOLD = ("system", "workload", "dr-tier", "rto-hours", "rpo-minutes")
"""Tags that say what a unit promises; so do those that begin with `dr:`."""


def fact(kind: str, resource: str, tags: Mapping[str, str] | None = None, **said: Any) -> Fact:
    """The fact of the unit that a resource (by its logical name) is; what is None is left unsaid."""
    told = {key: value for key, value in (tags or {}).items() if key in TOLD or key.startswith("dr:")}
    every = {"kind": kind, "name": resource, "tags": told or None, **said}
    return {key: value for key, value in every.items() if value is not None}

"""Which systems the clock leaves out: a drill of one system needn't play what others, deployed beside it, do meanwhile.

Whose a resource is says its tag `workload`; what bears none belongs to all, and is played.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

TAG = "workload"
_left_out: frozenset[str] = frozenset()


def leave_out(systems: Collection[str]) -> None:
    """Play these systems no more. Called before the clock's parts begin."""
    global _left_out  # noqa: PLW0603  one a process, as the clock
    _left_out = frozenset(systems)


def plays(tags: Mapping[str, str] | Iterable[Mapping[str, Any]] | None) -> bool:
    """Whether what bears these tags, by name or as AWS lists them, is played."""
    if not _left_out or not tags:
        return True
    if isinstance(tags, Mapping):
        return tags.get(TAG) not in _left_out
    # Some of AWS's services say Key and Value, others key and value.
    systems = (
        each.get("Value", each.get("value")) for each in tags if each.get("Key", each.get("key")) == TAG
    )
    return not any(each in _left_out for each in systems)

"""Which systems the clock leaves out: a drill of one system needn't play what others, deployed beside it, do meanwhile.

Whose a resource is says its tag `workload`; what bears none belongs to all, and is played.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any
from weakref import WeakKeyDictionary

TAG = "workload"
Tags = Mapping[str, str] | Iterable[Mapping[str, Any]] | None
"""By name, or as AWS lists them."""
_left_out: frozenset[str] = frozenset()
_known: WeakKeyDictionary[Any, bool] = WeakKeyDictionary()
"""Whether each resource that was asked of is played: what system it is of doesn't change."""


def leave_out(systems: Collection[str]) -> None:
    """Play these systems no more. Called before the clock's parts begin."""
    global _left_out  # noqa: PLW0603  one a process, as the clock
    _left_out = frozenset(systems)
    _known.clear()


def plays(tags: Tags) -> bool:
    """Whether what bears these tags is played."""
    if not _left_out or not tags:
        return True
    if isinstance(tags, Mapping):
        return tags.get(TAG) not in _left_out
    # Some of AWS's services say Key and Value, others key and value.
    systems = (
        each.get("Value", each.get("value")) for each in tags if each.get("Key", each.get("key")) == TAG
    )
    return not any(each in _left_out for each in systems)


def played(resource: Any, tags: Callable[[], Tags] | None = None) -> bool:
    """The same of a resource, whose tags are read once: its own, unless another place has them."""
    found = _known.get(resource)
    if found is None:
        found = _known[resource] = plays(tags() if tags else resource.tags)
    return found

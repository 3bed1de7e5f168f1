"""How many tasks of a service run in a region."""

from __future__ import annotations

from architectures.stack import Stack
from components.compute import standby_size, statically_stable_size


def running(required: int, stack: Stack, share: float) -> int:
    """Tasks that run in the region: that share of what the whole load needs with a zone lost, of which `required` must be left."""
    return standby_size(statically_stable_size(required, len(stack.zones)), share).total

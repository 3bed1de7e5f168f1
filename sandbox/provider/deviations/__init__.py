"""What naming can't find of what AWS says of a resource, by type."""

from __future__ import annotations

from collections.abc import Mapping

from sandbox.provider.deviations import caches, containers, data, edge, network, operations
from sandbox.provider.deviations.deviation import Deviation

_PLAIN = Deviation()
TABLE: Mapping[str, Deviation] = {
    **network.DEVIATIONS,
    **edge.DEVIATIONS,
    **containers.DEVIATIONS,
    **data.DEVIATIONS,
    **caches.DEVIATIONS,
    **operations.DEVIATIONS,
}


def of(token: str) -> Deviation:
    """How a type is read back; nothing special where the table has no line for it."""
    return TABLE.get(token, _PLAIN)

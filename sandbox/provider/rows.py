"""The row of every type: of the table, or derived."""

from __future__ import annotations

from sandbox.provider import derived, services
from sandbox.provider.table import Resource


def row(token: str) -> Resource:
    """The table's row of a type, else one derived from its name; ProviderError when nothing makes it."""
    return services.resources().get(token) or derived.row(token)

"""How the parts of a system with a mirrored disk are called."""

from __future__ import annotations


def link(name: str) -> str:
    """The component of the interfaces and the moving address."""
    return f"{name}-link"

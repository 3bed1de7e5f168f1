"""How the parts of a router of cells are called."""

from __future__ import annotations


def function(name: str) -> str:
    """The router's component."""
    return f"{name}-router"


def table(name: str) -> str:
    """The component of the table of places."""
    return f"{name}-places"

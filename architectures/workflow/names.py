"""How the parts of a workflow are called."""

from __future__ import annotations


def queue(name: str, step: str) -> str:
    """The component of a step's queue."""
    return f"{name}-{step}"

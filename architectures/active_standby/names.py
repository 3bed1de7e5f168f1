"""How the parts of an active-standby system are called."""

from __future__ import annotations


def side(name: str) -> str:
    """The test listener's component."""
    return f"{name}-test"

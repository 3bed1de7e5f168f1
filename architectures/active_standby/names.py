"""How the parts of an active-standby system are called."""

from __future__ import annotations


def disks(name: str, restore: str | None) -> str:
    """The disks' component: of the original ones, or of those of a restore."""
    return "-".join(filter(None, (name, "disk", restore)))


def side(name: str) -> str:
    """The test listener's component."""
    return f"{name}-test"

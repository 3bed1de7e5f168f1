"""How the parts of a data platform are called."""

from __future__ import annotations

from architectures.parts.names import shortened
from architectures.stack import Stack
from components.search.args import NAME_LENGTH


def search(name: str) -> str:
    """The search domain's component."""
    return f"{name}-search"


def domain(name: str, stack: Stack) -> str:
    """The search domain itself: shortened, and still one of its own."""
    return shortened(stack.named(name), NAME_LENGTH)


def snapshots(name: str) -> str:
    """The component of the bucket of the domain's snapshots."""
    return f"{name}-snapshots"


def keeper(name: str) -> str:
    """The component of the function that takes and restores them."""
    return f"{name}-keeper"

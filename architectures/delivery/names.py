"""How the parts of a system of delivery are called."""

from __future__ import annotations

from architectures.parts.names import shortened
from architectures.stack import Stack

_PHYSICAL = 80
"""What is left of CodeDeploy's 100 characters for the shift that its configuration is named by."""


def function(name: str, each: str) -> str:
    """A function's component, and with a mark of its own what belongs to it."""
    return f"{name}-{each}"


def physical(stack: Stack, name: str, each: str) -> str:
    """What a function's pipeline, its application and its deployment group are called in a region."""
    return shortened(stack.named(name, each), _PHYSICAL)


def release(each: str) -> str:
    """Key of a function's release."""
    return f"releases/{each}.zip"

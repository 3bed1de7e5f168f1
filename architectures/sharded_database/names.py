"""How the parts of a sharded database are called."""

from __future__ import annotations

from architectures.stack import Stack

LONGEST = 42
"""Of an instance's component: what IAM takes of a role, 64 letters, less the longest of its own (-rotation-role) and what Pulumi adds."""


def shard(name: str, called: str) -> str:
    """A shard's component. A shard's name has no hyphen: no two of them run together."""
    return f"{name}-{called}"


def restored(name: str, called: str, restore: str) -> str:
    """The component of a shard that a restore made."""
    return f"{shard(name, called)}-{restore}"


def migrator(name: str) -> str:
    """The component of the function that does a migration in every shard."""
    return f"{name}-migrate"


def path(name: str, stack: Stack) -> str:
    """Where a region's parameters stand."""
    return f"/{stack.system}/{stack.environment}/{name}"

"""What every kind of system is to the program that places it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import pulumi

from architectures.foundation import Foundation
from architectures.peer import Outputs
from architectures.stack import Stack
from components.facts import Fact
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class Place:
    """Where a system is put."""

    stack: Stack
    ground: Foundation
    tags: Tags
    """The system's own: with its name and its objectives."""
    peer: Outputs | None
    """Its outputs in the stack that founded it. None: this one does."""
    earlier: Mapping[str, Any] = field(default_factory=dict)
    """Its outputs in this stack as of the last deployment, where its settings look back; none before the first one."""
    others: Mapping[str, System] = field(default_factory=dict)
    """The stack's systems that were placed before it, for one that names their parts."""


class System(pulumi.ComponentResource):
    """One region's part of a system."""

    outputs: Mapping[str, pulumi.Input[Any]]
    """What people and the other region's stack read of it."""
    recovery: list[Fact]
    """Its units of recovery, in the form that docs/recovery.md describes."""

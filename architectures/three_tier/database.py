"""What a region's part of a three-tier system uses of its database, whatever the engine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pulumi

from architectures.parts.aurora.clusters import Writer
from components.facts import Fact
from components.operations import AuroraLimits
from components.permissions import Statement

DATABASE = "database"
"""The security group before it."""


@dataclass(frozen=True, kw_only=True)
class Database:
    """The database that serves in a region."""

    endpoint: pulumi.Output[str]
    """Host name for writing."""
    told: pulumi.Output[dict[str, object]]
    """What the application is told of it."""
    statements: Sequence[Statement]
    """What the application's role may do."""
    recovery: Sequence[Fact]
    """Units of recovery that this stack declares, also of databases that no longer serve."""
    used: Sequence[Fact]
    """Those of them that this region's servers can't work without."""
    limits: AuroraLimits | None
    """What the region's alarms watch of it. None: it has alarms of its own."""
    moves: Writer | None
    """What a switch to the other region makes the writer there. None: every region writes, or none follows."""
    parts: Mapping[str, pulumi.Output[str]]
    """What AWS calls it, for runbooks and for who moves the system."""
    outputs: Mapping[str, Any]
    """What people and the other region's stack read."""

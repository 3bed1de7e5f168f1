"""What the three-tier system needs in one region."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from architectures.peer import Peer
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class Capacity:
    """How much of the application runs."""

    required: int
    """Instances that carry the load; this many are left with one zone gone."""
    maximum: int
    standby_fraction: float
    """Share of the whole that runs while the other region serves."""
    instance_types: Sequence[str]
    image_parameter: str
    spot: bool = False
    warm_pool: bool = False


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """The Aurora cluster of this region."""

    engine: str
    engine_version: str
    instance_class: str
    name: str
    username: str
    multi_az: bool = True
    """One instance in each of two zones. False: one alone, which the policies refuse in production."""
    backup_retention_days: int = 35
    password_version: int = 1
    data_gib: int = 100
    """Expected size in GiB; tells how long a restore takes."""


@dataclass(frozen=True, kw_only=True)
class ThreeTierArgs:
    """What the system needs in one region."""

    system: str
    region: str
    peer_region: str
    active: bool
    """Whether this region serves; exactly one of the two stacks says so."""
    site: str
    """The name that users type, in the foundation's hosted zone."""
    withdrawn: bool = False
    """Leave the site's name to the other region, for a moment while the roles are swapped."""
    zones: Sequence[str]
    capacity: Capacity
    database: DatabaseArgs
    tags: Tags
    protect: bool = True
    peer: Peer | None = None
    """The stack that founded the system. None: this one does."""

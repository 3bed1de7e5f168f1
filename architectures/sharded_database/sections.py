"""The groups of keys that a sharded database has."""

from __future__ import annotations

from typing import Annotated, Literal

from architectures.keys import Section, shaped
from architectures.parts.sections import Restore

ShardName = Annotated[
    str, shaped(r"[a-z][a-z0-9]{0,7}", "1 to 8 lower-case letters and digits, a letter first")
]


class SlotMap(Section):
    """Which keys belong together: each has one slot for good, and a slot is what moves."""

    version: int = 1
    """Raised with each change of who has which slot, and of what moves."""
    slots: int = 1024
    """For good: with another number nearly every key would have another shard."""
    moving: tuple[str, ...] = ()
    """Slots whose rows are being copied to another shard: nobody answers for their keys."""


class Shard(Section):
    """One shard: an instance with a standby in another zone."""

    slots: tuple[str, ...]
    """Its own, as ranges."""
    instance_class: str | None = None
    """None: as `database` says."""
    restores: tuple[Restore, ...] = ()
    """Oldest first; the last one serves."""


class ShardDatabase(Section):
    """What all shards have alike."""

    engine: Literal["postgres", "mysql"] = "postgres"
    engine_version: str = "17.9"
    instance_class: str = "db.m7g.large"
    name: str = "app"
    """Created in each shard."""
    master_username: str = "holdfast"
    storage_gib: int = 100
    """Of each shard."""
    maximum_storage_gib: int = 1000
    """Up to which storage grows by itself."""
    backup_retention_days: int = 35
    rotation_days: int = 30
    """Days between rotations of each shard's master password."""


class Migrations(Section):
    """A function that does one migration in every shard of the region."""

    driver: str
    """A folder of the program's folder: the engine's driver for Python, and the certificates of RDS."""

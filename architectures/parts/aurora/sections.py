"""The groups of keys that a system with an Aurora database has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from architectures.keys import Section, Slug, shaped

_RECOVERY_POINT = r"arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster-snapshot:[\w:.-]+"


class Restore(Section):
    """A database made from a recovery point, beside what was there before."""

    name: Slug
    """Part of its name: letters, digits and hyphens, another for each restore."""
    recovery_point: Annotated[str, shaped(_RECOVERY_POINT, "the ARN of a cluster snapshot")] | None = None
    """ARN of a cluster snapshot in this stack's region. None where the region follows one that is restored elsewhere."""


class Serverless(Section):
    """Range in which instances of Aurora Serverless v2 scale, in capacity units of about 2 GiB of memory."""

    min_capacity: float
    max_capacity: float


class AuroraDatabase(Section):
    """An Aurora cluster in each region, one of which writes."""

    engine: str
    engine_version: str = "17.7"
    """A version that AWS keeps for long. https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraPostgreSQL.Updates.LTS.html"""
    instance_class: str = "db.r6g.large"
    serverless: Serverless | None = None
    """With the class db.serverless, and only with it."""
    name: Annotated[
        str,
        shaped(r"[a-z][a-z0-9_]{0,62}", "a lower-case letter and up to 62 letters, digits or underscores"),
    ] = "app"
    master_username: str = "holdfast"
    backup_retention_days: int = 35
    rotation_days: int = 30
    """Days between rotations of the master password. Only read in the stack that founds the system."""
    restores: tuple[Restore, ...] = ()
    """Oldest first; the last one serves. What stands here is the program's: it goes when its line goes."""
    keep_original: bool = True
    """The database that stood before all restores stays beside them."""
    data_gib: int = Field(default=100, ge=1, le=262_144)
    """Expected size: a restore takes longer the more there is. Aurora holds up to 256 TiB."""

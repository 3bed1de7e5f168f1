"""The groups of keys that a three-tier system has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from architectures.keys import Region, Section, Slug, shaped
from architectures.parts.sections import Machine

DSQL = "aurora-dsql"
_RECOVERY_POINT = r"arn:aws[a-z-]*:rds:[a-z0-9-]+:\d{12}:cluster-snapshot:[\w:.-]+"


Experiment = Literal["instance", "database", "zone-power", "cross-region"]
"""An experiment of AWS Fault Injection Service that somebody can start on a three-tier system."""


class Compute(Machine):
    """The application tier."""

    required_instances: int = 4
    """Instances that carry the load; the group keeps this many with one zone gone."""
    maximum_instances: int = 24
    spot_above_base: bool = False
    warm_pool: bool = False


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


class Database(Section):
    """The database: an Aurora cluster in each region, one of which writes, or an Aurora DSQL cluster in each, which both write."""

    engine: Literal["aurora-postgresql", "aurora-mysql", "aurora-dsql"] = "aurora-postgresql"
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
    multi_az: bool = True
    """An instance in each of two zones. False: one alone, which the policies refuse in production."""
    backup_retention_days: int = 35
    rotation_days: int = 30
    """Days between rotations of the master password. Only read in the stack that founds the system."""
    restores: tuple[Restore, ...] = ()
    """Oldest first; the last one serves. What stands here is the program's: it goes when its line goes."""
    keep_original: bool = True
    """The database that stood before all restores stays beside them."""
    data_gib: int = Field(default=100, ge=1, le=262_144)
    """Expected size: a restore takes longer the more there is. Aurora holds up to 256 TiB."""
    role: Annotated[
        str,
        shaped(r"[a-z][a-z0-9_]{0,62}", "a lower-case letter and up to 62 letters, digits or underscores"),
    ] = "app"
    """Aurora DSQL: the database role that the application signs in as, by IAM."""
    witness_region: Region | None = None
    """Aurora DSQL: third region, which keeps the log that decides. None: the first that AWS allows beside the two."""

    @property
    def everywhere(self) -> bool:
        """Whether both regions write it: Aurora DSQL."""
        return self.engine == DSQL


class Cache(Section):
    """A Valkey cache in each region, which follows the one of the region that writes."""

    engine_version: str = "8.1"
    node_type: str = "cache.r7g.large"
    shards: int = 1
    """Parts that the keys are spread over. From 2 on clients must speak the cluster's protocol."""
    replicas: int = 1
    """Of each shard, in each region."""
    snapshot_days: int = 7
    holds: Literal["copies", "data"] = "copies"
    """Whether it is filled again from the database when it is lost, or recovery counts on what stands in it."""


class Sessions(Section):
    """A DynamoDB table of sessions, which both regions write."""

    consistency: Literal["eventual", "strong"] = "eventual"
    """Whether the other region sees a write a second later, or before it returns."""
    witness_region: Region | None = None
    """Third region of a strong table, which keeps what a decision needs. None: the nearest in the alphabet that AWS allows."""


class Files(Section):
    """A file system that all servers mount, replicated to the other region's."""

    directory: str = "/data"
    """What servers see of it."""
    data_gib: int = Field(default=100, ge=1)
    """Expected size, and number of files: a restore takes longer the more there is."""
    count: int = Field(default=1_000_000, ge=1)

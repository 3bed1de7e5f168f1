"""The groups of keys that a three-tier system has."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from architectures.keys import Region, Section, shaped
from architectures.parts.aurora.sections import AuroraDatabase

DSQL = "aurora-dsql"


Experiment = Literal["instance", "database", "zone-power", "cross-region"]
"""An experiment of AWS Fault Injection Service that somebody can start on a three-tier system."""


class Database(AuroraDatabase):
    """The database: an Aurora cluster in each region, one of which writes, or an Aurora DSQL cluster in each, which both write."""

    engine: Literal["aurora-postgresql", "aurora-mysql", "aurora-dsql"] = "aurora-postgresql"
    multi_az: bool = True
    """An instance in each of two zones. False: one alone, which the policies refuse in production."""
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

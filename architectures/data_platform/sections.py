"""The groups of keys that a data platform has."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from architectures.keys import Section, Slug, shaped
from architectures.parts.sections import Role


class Snapshots(Section):
    """Snapshots of the search domain, which the other region gets."""

    every_minutes: int = 60
    keep_days: int = 14
    """How long they are kept."""


class Search(Section):
    """An OpenSearch Service domain of each region that serves, or follows."""

    version: str = "2.19"
    """Of OpenSearch."""
    data_nodes: int = 3
    data_type: str = "r6g.large.search"
    master_type: str = "m6g.large.search"
    """Of the three dedicated masters."""
    volume_gib: int | None = None
    """gp3 storage of each data node. None: 100, or the disks that the type has of its own."""
    off_peak_hour: int = 3
    """UTC: when the ten hours begin in which AWS updates and tunes."""
    reached_from: tuple[str, ...] = ()
    """IPv4 networks whose members may open connections. None: the stack's own network."""
    administrators: tuple[Role, ...] = ()
    """IAM roles that may do everything in the domain."""
    snapshots: Snapshots = Snapshots()


class WarehouseSnapshots(Section):
    """Snapshots of the warehouse, which Redshift copies to the other region."""

    every_hours: int | None = None
    """A part of the day. None: as Redshift does by itself, every eight hours, or after 5 GB of changes on each node."""
    keep_days: int = 14
    """How long they and their copies are kept."""


class WarehouseRestore(Section):
    """A cluster made from a snapshot, beside what was there before."""

    name: Slug
    """Part of its name: letters, digits and hyphens, another for each restore."""
    snapshot: Annotated[
        str,
        shaped(r"[A-Za-z0-9:-]{1,255}", "the identifier of a snapshot, letters, digits, hyphens and colons"),
    ]
    """In the stack's region, where the other region's are copied to as well."""


class Warehouse(Section):
    """A Redshift cluster in the region that serves. No cluster follows another one: snapshots alone cross regions."""

    node_type: str = "ra3.xlplus"
    nodes: int = 2
    """In each zone."""
    multi_az: bool = True
    """Two zones compute. Otherwise one does, and Redshift may move the cluster to another one."""
    database_name: Annotated[
        str,
        shaped(r"[a-z][a-z0-9_]{0,63}", "a lower-case letter and up to 63 letters, digits or underscores"),
    ] = "dev"
    snapshots: WarehouseSnapshots = WarehouseSnapshots()
    restores: tuple[WarehouseRestore, ...] = ()
    """Oldest first; the last one serves. What stands here is the program's: it goes when its line goes."""


class Ingestion(Section):
    """What devices send to AWS IoT Core, in either region, kept in a bucket of each."""

    root: str | None = None
    """The first part of devices' topics. None: the system's name."""
    buffer_seconds: int = 60
    """How long records wait for others before they are written: what may be lost with the region."""
    buffer_mib: int = 5
    """How much of them at most waits."""


class BatchJob(Section):
    """A job that is begun by the clock, in the region that is active."""

    schedule: str
    script: str
    """The end of its key below `scripts/`."""
    timezone: str = "UTC"
    arguments: tuple[str, ...] = ()
    parameters: str = ""
    """As spark-submit, or Hive, takes them."""
    timeout_minutes: int = 120
    attempts: int = 3
    """Runs of one job until one succeeds."""


class Batch(Section):
    """Spark or Hive on EMR Serverless: an application of each region, scripts and results in a bucket of each."""

    release: str = "emr-7.9.0"
    engine: str = "spark"
    cpus: int = 100
    """Most vCPUs at one time."""
    memory_gib: int = 800
    disk_gib: int = 2000
    idle_minutes: int = 15
    """After so many without a job it stops."""
    jobs: dict[Slug, BatchJob] = Field(default_factory=dict)
    """By name."""

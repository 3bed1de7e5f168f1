"""What an Aurora cluster of a global database needs, and the checks on it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pulumi

from components.checks import ArgumentError, between, need
from components.data import checks
from components.data.database_args import OwnDatabaseArgs
from components.data.engines import AURORA

ZONES_AT_LEAST = 1
"""A writer; whether it may stand alone is for the policies to say, which refuse it where a zone must be survived."""
INSTANCES_AT_MOST = 16
"""A writer and up to 15 readers.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html
"""
ENDPOINTS_AT_MOST = 5
"""Custom endpoints of a cluster.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Endpoints.Custom.html
"""
GLOBAL_RPO_SECONDS = (20, 2_147_483_647)
"""Values of rds.global_db_rpo, Aurora PostgreSQL.

Source:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-disaster-recovery.html
"""
CAPACITY_UNITS = (0, 256)
"""Aurora capacity units of Serverless v2, in steps of a half.

Source:
https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-serverless-v2.setting-capacity.html
"""
SERVERLESS_CLASS = "db.serverless"
BURSTABLE = ("db.t2.", "db.t3.", "db.t4g.")
"""Classes that a global database refuses.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-getting-started.html
"""


@dataclass(frozen=True, kw_only=True)
class ServerlessCapacity:
    """Range in which Serverless v2 instances scale, in Aurora capacity units (about 2 GiB of memory each)."""

    min_units: float
    """0 to 256 in steps of 0.5; what a region needs in the first minute after it took over."""
    max_units: float
    """1 to 256 in steps of 0.5, not below min_units."""

    def check(self) -> None:
        """Raise ArgumentError unless Serverless v2 scales in that range."""
        low, high = self.min_units, self.max_units
        for argument, units in (("serverless.min_units", low), ("serverless.max_units", high)):
            between(argument, units, *CAPACITY_UNITS, "capacity units")
            need(units * 2 == int(units * 2), argument, units, "a multiple of 0.5")
        least = max(low, 1)
        need(high >= least, "serverless.max_units", high, f"{least} (min_units, at least 1) or more")


@dataclass(frozen=True, kw_only=True)
class AuroraGlobalArgs(OwnDatabaseArgs):
    """What one region's cluster of an Aurora global database needs.

    The engine version is a full one, the same in all regions: a failover needs equal major, minor and patch level. It is read at
    creation only; the global cluster's version is what upgrades members later. Database, master user and rotation are only read where
    the global cluster is created: members replicate them.
    """

    ENGINES = AURORA

    instance_class: str = "db.r7g.large"
    """Class of every instance, since any may become the writer. db.serverless when `serverless` is given."""
    zones: Mapping[str, pulumi.Input[str]]
    """Zone id (e.g. "use1-az1") to the name of the zone in this account; one instance in each, 1 to 16. The
    first is the first to be promoted; append new zones. `subnet_ids` covers every one of them."""
    zone_endpoints: bool = False
    """An endpoint for each zone besides the cluster's two, with that zone's instance alone, whatever its role: who reads by it stays in
    the zone, and finds nobody while the instance is away. Of 5 zones at most."""
    global_cluster_identifier: pulumi.Input[str] | None = None
    """The global cluster to join, from the stack that created it. None: this stack creates it."""
    global_cluster_name: str | None = None
    """Name of the global cluster when this stack creates it; default: the component's name. Unique in the
    account."""
    alone: bool = False
    """No global database: only backups take the data to another region."""
    recovery_point: pulumi.Input[str] | None = None
    """Cluster snapshot that the cluster is made from, name or ARN of this region: its data, databases and master user. Read at
    creation only. The global database, if any, is made around the restored cluster."""
    instance_parameters: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the instances."""
    global_rpo_seconds: int | None = None
    """Aurora PostgreSQL: the writer waits when every other region lags more than this; 20 or more. None:
    never waits."""
    serverless: ServerlessCapacity | None = None
    """Instances of Serverless v2 within this range; None: `instance_class`."""
    io_optimized: bool = False
    """Aurora I/O-Optimized storage: dearer storage, no charge per request."""
    auto_minor_version_upgrade: bool = False
    """AWS doesn't apply it to members of a global database, and members must keep equal versions: off, so
    that the plan says what happens. Source:
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Updates.AMVU.html"""
    write_forwarding: bool = False
    """A member whose region doesn't write forwards writes to the one that does."""

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        super().check()
        between("zones", len(self.zones), ZONES_AT_LEAST, INSTANCES_AT_MOST, "zones")
        if missing := sorted(set(self.zones) - set(self.subnet_ids)):
            raise ArgumentError("subnet_ids", f"none in {', '.join(missing)}", "one in every zone of zones")
        few = not self.zone_endpoints or len(self.zones) <= ENDPOINTS_AT_MOST
        need(few, "zones", len(self.zones), f"at most {ENDPOINTS_AT_MOST} with zone_endpoints")
        self._check_global()
        check_capacity(self.instance_class, self.serverless)

    def _check_global(self) -> None:
        joined = self.global_cluster_identifier or self.global_cluster_name or self.global_rpo_seconds
        need(not (self.alone and joined), "alone", "True in a global database", "False there")
        made = self.recovery_point is None or not (self.global_cluster_identifier or self.database_name)
        allowed = "None with a global cluster to join, or a database to create: a snapshot brings its own"
        need(made, "recovery_point", "a snapshot", allowed)
        forwards = self.write_forwarding and self.alone
        need(not forwards, "write_forwarding", "True alone", "False where no other region could write")
        if self.global_cluster_identifier is not None and self.global_cluster_name is not None:
            raise ArgumentError(
                "global_cluster_name", repr(self.global_cluster_name), "None beside global_cluster_identifier"
            )
        if self.global_cluster_identifier is not None and self.database_name is not None:
            allowed = "None in a joined cluster, which replicates the writer's databases"
            raise ArgumentError("database_name", repr(self.database_name), allowed)
        if self.global_rpo_seconds is None:
            return
        if self.engine != "aurora-postgresql":
            allowed = f"None with {self.engine}: only aurora-postgresql has it"
            raise ArgumentError("global_rpo_seconds", self.global_rpo_seconds, allowed)
        between("global_rpo_seconds", self.global_rpo_seconds, *GLOBAL_RPO_SECONDS, "seconds")


def check_capacity(instance_class: str, serverless: ServerlessCapacity | None) -> None:
    """Raise ArgumentError unless instances of a global database can have that class, or scale in that range."""
    if serverless is not None:
        serverless.check()
        return
    if instance_class == SERVERLESS_CLASS:
        allowed = "another class, or serverless beside it: the range in which instances scale"
        raise ArgumentError("instance_class", repr(instance_class), allowed)
    checks.instance_class(instance_class)
    if instance_class.startswith(BURSTABLE):
        allowed = "a class that isn't burstable (t), in a global database, e.g. 'db.r7g.large'"
        raise ArgumentError("instance_class", repr(instance_class), allowed)

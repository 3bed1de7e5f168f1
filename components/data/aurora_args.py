"""What an Aurora cluster of a global database needs, and the checks on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.data import checks
from components.data.engines import AURORA, engine_of
from components.data.groups import check_parameters
from components.data.secret import SecretReplica
from components.tags import Tags

ZONES_AT_LEAST = 1
"""A writer; whether it may stand alone is for the policies to say, which refuse it where a zone must be survived."""
INSTANCES_AT_MOST = 16
"""A writer and up to 15 readers.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/Aurora.Replication.html
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


@dataclass(frozen=True, kw_only=True)
class ServerlessCapacity:
    """Range in which Serverless v2 instances scale, in Aurora capacity units (about 2 GiB of memory each)."""

    min_units: float
    """0 to 256 in steps of 0.5; what a region needs in the first minute after it took over."""
    max_units: float
    """1 to 256 in steps of 0.5, not below min_units."""


@dataclass(frozen=True, kw_only=True)
class AuroraGlobalArgs:
    """What one region's cluster of an Aurora global database needs."""

    tags: Tags
    engine: str
    """aurora-mysql or aurora-postgresql."""
    engine_version: str
    """Full version, the same in all regions: a failover needs equal major, minor and patch level. Read at
    creation only; the global cluster's version is what upgrades members later."""
    instance_class: str = "db.r7g.large"
    """Class of every instance, since any may become the writer. db.serverless when `serverless` is given."""
    zones: Mapping[str, pulumi.Input[str]]
    """Zone id (e.g. "use1-az1") to the name of the zone in this account; one instance in each, 1 to 16. The
    first is the first to be promoted; append new zones."""
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Data subnets by zone id; covers every zone of `zones`."""
    security_group_ids: Sequence[pulumi.Input[str]]
    kms_key_arn: pulumi.Input[str]
    """Customer key of this region: storage, insights and, in the first region, the secret."""
    global_cluster_identifier: pulumi.Input[str] | None = None
    """The global cluster to join, from the stack that created it. None: this stack creates it."""
    global_cluster_name: str | None = None
    """Name of the global cluster when this stack creates it; default: the component's name. Unique in the
    account."""
    database_name: str | None = None
    """Database created with the cluster; only where the global cluster is created, members replicate it."""
    username: str = "holdfast"
    """Master user; only where the global cluster is created."""
    password_version: int = 1
    """Raise by one to rotate the password, while this region is the writer's."""
    secret_replicas: Sequence[SecretReplica] = ()
    """Regions that hold a copy of the secret: all other members' regions."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Further cluster parameters. TLS can't be switched off."""
    instance_parameters: Mapping[str, str] = field(default_factory=dict)
    """Parameters of the instances."""
    global_rpo_seconds: int | None = None
    """Aurora PostgreSQL: the writer waits when every other region lags more than this; 20 or more. None:
    never waits."""
    serverless: ServerlessCapacity | None = None
    """Instances of Serverless v2 within this range; None: `instance_class`."""
    io_optimized: bool = False
    """Aurora I/O-Optimized storage: dearer storage, no charge per request."""
    backup_retention_days: int = 35
    """Point-in-time recovery reaches back so far; 1 to 35."""
    preferred_backup_window: str = "02:00-03:00"
    """Daily, UTC, at least 30 minutes."""
    preferred_maintenance_window: str = "sun:08:00-sun:09:00"
    """Weekly, UTC, apart from the backup window."""
    log_exports: Sequence[str] | None = None
    """Logs sent to CloudWatch Logs; None: the engine's usual ones."""
    insights_mode: str = "standard"
    """Database Insights: standard or advanced."""
    insights_retention_days: int = 7
    """Performance Insights keeps its data so long: 7, a multiple of 31 up to 713, or 731; advanced mode needs
    465."""
    monitoring_interval: int = 60
    """Seconds between samples of Enhanced Monitoring: 0 (off), 1, 5, 10, 15, 30, 60."""
    monitoring_role_arn: pulumi.Input[str] | None = None
    """Role that Enhanced Monitoring writes with; None: one is created."""
    auto_minor_version_upgrade: bool = False
    """AWS doesn't apply it to members of a global database, and members must keep equal versions: off, so
    that the plan says what happens. Source:
    https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/AuroraMySQL.Updates.AMVU.html"""
    ca_cert_identifier: str = "rds-ca-rsa2048-g1"
    """Certificate authority of the instances' server certificates."""
    iam_authentication: bool = True
    """Users may sign in with IAM tokens."""
    write_forwarding: bool = False
    """A member whose region doesn't write forwards writes to the one that does."""
    apply_immediately: bool = False
    """Apply changes at once instead of in the maintenance window."""
    deletion_protection: bool = True
    """AWS refuses to delete the cluster."""
    protect: bool = True
    """Pulumi refuses to delete or replace the cluster, its instances and the global cluster."""

    def check(self) -> None:
        """Raise ValueError on an argument that AWS would refuse or that undoes resilience."""
        engine = engine_of(self.engine, AURORA)
        engine.parameter_family(self.engine_version)
        check_parameters(engine, self.parameters)
        checks.at_least("zones", self.zones, ZONES_AT_LEAST, "one for each instance")
        checks.within("number of zones", len(self.zones), ZONES_AT_LEAST, INSTANCES_AT_MOST)
        if missing := sorted(set(self.zones) - set(self.subnet_ids)):
            msg = f"subnet_ids has no subnet in {', '.join(missing)}: every zone of zones needs one"
            raise ValueError(msg)
        checks.at_least(
            "security_group_ids", self.security_group_ids, 1, "RDS would use the VPC's default group"
        )
        checks.backup_retention(self.backup_retention_days)
        checks.windows(self.preferred_backup_window, self.preferred_maintenance_window)
        checks.log_exports(self.log_exports or (), engine.all_logs)
        checks.insights(self.insights_mode, self.insights_retention_days)
        checks.one_of("monitoring_interval", self.monitoring_interval, checks.MONITORING_INTERVALS)
        checks.username(self.username)
        checks.password_version(self.password_version)
        self._check_global()
        self._check_capacity()

    def _check_global(self) -> None:
        if self.global_cluster_identifier is not None and self.global_cluster_name is not None:
            msg = (
                f"global_cluster_name is {self.global_cluster_name!r} beside global_cluster_identifier: "
                "a cluster either creates a global cluster or joins one"
            )
            raise ValueError(msg)
        if self.global_cluster_identifier is not None and self.database_name is not None:
            msg = (
                f"database_name is {self.database_name!r}: a joined cluster replicates the writer's databases"
            )
            raise ValueError(msg)
        if self.global_rpo_seconds is None:
            return
        if self.engine != "aurora-postgresql":
            msg = (
                f"global_rpo_seconds is {self.global_rpo_seconds}: only aurora-postgresql has it, "
                f"not {self.engine}"
            )
            raise ValueError(msg)
        checks.within("global_rpo_seconds", self.global_rpo_seconds, *GLOBAL_RPO_SECONDS, "seconds")

    def _check_capacity(self) -> None:
        if self.serverless is None:
            if self.instance_class == SERVERLESS_CLASS:
                msg = (
                    f"instance_class is {SERVERLESS_CLASS!r}: give serverless, the range in which instances "
                    "scale"
                )
                raise ValueError(msg)
            if not re.fullmatch(r"db\.[a-z0-9-]+\.[a-z0-9]+", self.instance_class):
                msg = f"instance_class is {self.instance_class!r}: allowed are classes like 'db.r7g.large'"
                raise ValueError(msg)
            if self.instance_class.startswith(("db.t2.", "db.t3.", "db.t4g.")):
                # https://docs.aws.amazon.com/AmazonRDS/latest/AuroraUserGuide/aurora-global-database-
                # getting-started.html
                msg = (
                    f"instance_class is {self.instance_class!r}: a global database takes no burstable (t) "
                    "classes; allowed are e.g. 'db.r7g.large'"
                )
                raise ValueError(msg)
            return
        low, high = self.serverless.min_units, self.serverless.max_units
        for argument, units in (("serverless.min_units", low), ("serverless.max_units", high)):
            checks.within(argument, units, *CAPACITY_UNITS, "capacity units")
            if units * 2 != int(units * 2):
                msg = f"{argument} is {units}: allowed are steps of 0.5"
                raise ValueError(msg)
        if high < max(low, 1):
            msg = f"serverless.max_units is {high}: allowed is {max(low, 1)} (min_units, at least 1) or more"
            raise ValueError(msg)

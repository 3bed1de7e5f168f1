"""What every RDS database needs, whether instance, cluster or replica, and the checks on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import pulumi

from components.checks import at_least, between, need, one_of
from components.data import checks, reserved
from components.data.engines import Engine, engine_of
from components.data.rotation import ROTATION_DAYS
from components.data.secret import SecretReplica
from components.logs import check_retention
from components.tags import Tags


@dataclass(frozen=True, kw_only=True)
class DatabaseArgs:
    """What a database needs that runs, be it a copy of another."""

    ENGINES: ClassVar[tuple[str, ...]]
    """Names of the engines that run as this kind of database."""

    tags: Tags
    engine: str
    engine_version: str
    security_group_ids: Sequence[pulumi.Input[str]]
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Further parameters, of the cluster where there is one. TLS can't be switched off."""
    backup_retention_days: int = 35
    """Point-in-time recovery reaches back so far; 1 to 35."""
    preferred_backup_window: str = "02:00-03:00"
    """Daily, UTC, at least 30 minutes."""
    preferred_maintenance_window: str = "sun:08:00-sun:09:00"
    """Weekly, UTC, apart from the backup window."""
    log_exports: Sequence[str] | None = None
    """Logs sent to CloudWatch Logs; None: the engine's usual ones."""
    log_retention_days: int = 90
    """Days that CloudWatch Logs keeps them; one of its own steps."""
    identifier: str | None = None
    """Physical name, lower case. Default: one that Pulumi makes unique."""
    event_topic_arn: pulumi.Input[str] | None = None
    """Topic that is told of failovers, failures and maintenance, and of rotations that fail; it must admit events.rds.amazonaws.com
    and CloudWatch. None: nobody."""
    insights_mode: str = "standard"
    """Database Insights: standard or advanced."""
    insights_retention_days: int = 7
    """Performance Insights keeps its data so long: 7, a multiple of 31 up to 713, or 731; advanced mode needs
    465."""
    monitoring_interval: int = 60
    """Seconds between samples of Enhanced Monitoring: 0 (off), 1, 5, 10, 15, 30, 60."""
    monitoring_role_arn: pulumi.Input[str] | None = None
    """Role that Enhanced Monitoring writes with; None: one is created."""
    ca_cert_identifier: str = "rds-ca-rsa2048-g1"
    """Certificate authority of the server certificates."""
    deletion_protection: bool = True
    """AWS refuses to delete the database."""
    protect: bool = True
    """Pulumi refuses to delete or replace what keeps data."""

    @property
    def facts(self) -> Engine:
        """Facts of the engine; raises ArgumentError when it doesn't run as this kind of database."""
        return engine_of(self.engine, self.ENGINES)

    @property
    def logs(self) -> list[str]:
        """Logs that are exported."""
        return list(self.facts.logs if self.log_exports is None else self.log_exports)

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        self.facts.parameter_family(self.engine_version)
        self.facts.settings(self.parameters)
        at_least("security_group_ids", self.security_group_ids, 1, "RDS would use the VPC's default group")
        checks.backup_retention(self.backup_retention_days)
        checks.windows(self.preferred_backup_window, self.preferred_maintenance_window)
        checks.log_exports(self.log_exports or (), self.facts.all_logs)
        if self.identifier is not None:
            checks.identifier(self.identifier)
        check_retention("log_retention_days", self.log_retention_days)
        checks.insights(self.insights_mode, self.insights_retention_days)
        one_of("monitoring_interval", self.monitoring_interval, checks.MONITORING_INTERVALS)


@dataclass(frozen=True, kw_only=True)
class OwnDatabaseArgs(DatabaseArgs):
    """What a database needs that is no copy: a home, a key and a master user."""

    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Data subnets by zone id."""
    kms_key_arn: pulumi.Input[str]
    """Customer key of this region: storage, insights and the secret."""
    database_name: str | None = None
    """Database created at first; changing it later changes nothing."""
    username: str = "holdfast"
    """Master user."""
    rotation_days: int = 30
    """Days from one rotation of the master password to the next, 1 to 1,000."""
    secret_replicas: Sequence[SecretReplica] = ()
    """Other regions that hold a copy of the secret."""
    auto_minor_version_upgrade: bool = True
    """AWS installs minor versions in the maintenance window."""
    iam_authentication: bool = True
    """Users may sign in with IAM tokens."""
    apply_immediately: bool = False
    """Apply changes at once instead of in the maintenance window."""

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        super().check()
        checks.username(self.username)
        reserved.check_user(self.engine, self.username)
        if self.database_name is not None:
            reserved.check_database(self.engine, self.database_name)
        signs_in = self.facts.dialect.iam or not self.iam_authentication
        need(signs_in, "iam_authentication", "true", f"false with {self.engine}: it knows no IAM tokens")
        between("rotation_days", self.rotation_days, *ROTATION_DAYS, "days")

"""What an RDS DB instance needs, and the checks on it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pulumi

from components.data import checks
from components.data.engines import INSTANCE, engine_of
from components.data.groups import check_parameters
from components.data.secret import SecretReplica
from components.tags import Tags

STORAGE_GIB = (20, 65_536)
"""General purpose SSD (gp3) of the engines here.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
"""
STORAGE_HEADROOM = 1.1
"""Autoscaling needs a maximum at least this many times the storage allocated.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
"""


def check_class(argument: str, value: str) -> None:
    """Raise ValueError unless the value looks like an instance class."""
    if not re.fullmatch(r"db\.[a-z0-9-]+\.[a-z0-9]+", value):
        msg = f"{argument} is {value!r}: allowed are classes like 'db.m7g.large'"
        raise ValueError(msg)


def check_storage(allocated: int, maximum: int | None) -> None:
    """Raise ValueError unless gp3 has that size and autoscaling has room above it. Both in GiB."""
    checks.within("allocated_storage", allocated, *STORAGE_GIB, "GiB")
    if maximum is None:
        return
    checks.within("max_allocated_storage", maximum, *STORAGE_GIB, "GiB")
    if maximum < allocated * STORAGE_HEADROOM:
        msg = (
            f"max_allocated_storage is {maximum}: allowed is at least {STORAGE_HEADROOM:.0%} of "
            f"allocated_storage ({allocated}) GiB"
        )
        raise ValueError(msg)


@dataclass(frozen=True, kw_only=True)
class RdsInstanceArgs:
    """What a DB instance with a standby in another zone needs."""

    tags: Tags
    engine: str
    """mariadb, mysql or postgres."""
    engine_version: str
    instance_class: str = "db.m7g.large"
    subnet_ids: Mapping[str, pulumi.Input[str]]
    """Data subnets by zone id, in at least two zones."""
    security_group_ids: Sequence[pulumi.Input[str]]
    kms_key_arn: pulumi.Input[str]
    """Customer key: storage, insights and the secret."""
    multi_az: bool = True
    """A synchronous standby in another zone."""
    database_name: str | None = None
    username: str = "holdfast"
    password_version: int = 1
    """Raise by one to rotate the password."""
    secret_replicas: Sequence[SecretReplica] = ()
    """Other regions that hold a copy of the secret, e.g. those of replicas."""
    snapshot_identifier: pulumi.Input[str] | None = None
    """Snapshot to restore from at creation; later changes are ignored."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Further parameters. TLS can't be switched off."""
    allocated_storage: int = 100
    """GiB of gp3, 20 to 65,536."""
    max_allocated_storage: int | None = 1000
    """GiB up to which storage grows by itself; at least 110 % of allocated_storage. None: it doesn't grow."""
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
    """7, a multiple of 31 up to 713, or 731; advanced mode needs 465."""
    monitoring_interval: int = 60
    """Seconds between samples of Enhanced Monitoring: 0 (off), 1, 5, 10, 15, 30, 60."""
    monitoring_role_arn: pulumi.Input[str] | None = None
    """Role that Enhanced Monitoring writes with; None: one is created."""
    auto_minor_version_upgrade: bool = True
    ca_cert_identifier: str = "rds-ca-rsa2048-g1"
    iam_authentication: bool = True
    """Users may sign in with IAM tokens."""
    apply_immediately: bool = False
    """Apply changes at once instead of in the maintenance window."""
    deletion_protection: bool = True
    """AWS refuses to delete the instance."""
    protect: bool = True
    """Pulumi refuses to delete or replace the instance."""

    def check(self) -> None:
        """Raise ValueError on an argument that AWS would refuse or that undoes resilience."""
        engine = engine_of(self.engine, INSTANCE)
        engine.parameter_family(self.engine_version)
        check_parameters(engine, self.parameters)
        check_class("instance_class", self.instance_class)
        check_storage(self.allocated_storage, self.max_allocated_storage)
        checks.at_least("subnet_ids", self.subnet_ids, 2, "RDS wants subnets in two zones")
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

"""What an RDS DB instance needs, and the checks on it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pulumi

from components.checks import at_least, between, need
from components.data import checks
from components.data.database_args import OwnDatabaseArgs
from components.data.engines import INSTANCE, ORACLE
from components.data.moment import Moment
from components.data.oracle import DatabaseOption, check_database_name, check_license, check_options

STORAGE_GIB = (20, 65_536)
"""General purpose SSD (gp3) of the engines here.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html
"""
STORAGE_HEADROOM = 1.1
"""Autoscaling needs a maximum at least this many times the storage allocated.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PIOPS.Autoscaling.html
"""


def check_storage(allocated: int, maximum: int | None) -> None:
    """Raise ArgumentError unless gp3 has that size and autoscaling has room above it. Both in GiB."""
    between("allocated_storage", allocated, *STORAGE_GIB, "GiB")
    if maximum is None:
        return
    between("max_allocated_storage", maximum, *STORAGE_GIB, "GiB")
    allowed = f"at least {STORAGE_HEADROOM:.0%} of allocated_storage ({allocated} GiB)"
    need(maximum >= allocated * STORAGE_HEADROOM, "max_allocated_storage", maximum, allowed)


@dataclass(frozen=True, kw_only=True)
class RdsInstanceArgs(OwnDatabaseArgs):
    """What a DB instance with a standby in another zone needs; its subnets lie in two zones or more."""

    ENGINES = INSTANCE

    instance_class: str = "db.m7g.large"
    multi_az: bool = True
    """A synchronous standby in another zone."""
    snapshot_identifier: pulumi.Input[str] | None = None
    """Snapshot to restore from at creation; later changes are ignored."""
    moment: Moment | None = None
    """The same, from automated backups; not with a snapshot."""
    license_model: str | None = None
    """Oracle's: license-included (Standard Edition 2 alone) or bring-your-own-license. None with any other engine."""
    options: Sequence[DatabaseOption] = ()
    """Oracle's: options that the database has, in a group of its own. None: RDS's default group."""
    allocated_storage: int = 100
    """GiB of gp3, 20 to 65,536."""
    max_allocated_storage: int | None = 1000
    """GiB up to which storage grows by itself; at least 110 % of allocated_storage. None: it doesn't grow."""

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        super().check()
        checks.instance_class(self.instance_class)
        check_storage(self.allocated_storage, self.max_allocated_storage)
        check_license(self.engine, self.license_model)
        check_options(self.engine, self.options)
        once = self.moment is None or self.snapshot_identifier is None
        need(once, "moment", "one", "None with snapshot_identifier: a database is restored once")
        if self.moment is not None:
            self.moment.check()
        if self.engine in ORACLE and self.database_name is not None:
            check_database_name(self.database_name)
        at_least("subnet_ids", self.subnet_ids, 2, "RDS wants subnets in two zones")

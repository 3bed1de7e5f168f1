"""The automated backups of a DB instance, replicated to another region."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components import outputs
from components.checks import need
from components.data import checks
from components.options import handed_down

INSTANCE_ARN = re.compile(r"arn:aws[\w-]*:rds:(?P<region>[\w-]+):\d+:db:.+")
_DAY = 86_400


@dataclass(frozen=True, kw_only=True)
class ReplicatedBackupsArgs:
    """What the replication of a DB instance's automated backups needs."""

    source_arn: pulumi.Input[str]
    """ARN of the DB instance, with automated backups: Multi-AZ or not, but neither a Multi-AZ cluster nor
    Aurora. Aurora has its global database, and both have AWS Backup's copies."""
    region: str
    """Region that holds the copies, another than the instance's."""
    kms_key_arn: pulumi.Input[str]
    """Customer key of that region."""
    retention_days: int = 35
    """Days that the copies reach back, 1 to 35."""
    protect: bool = True
    """Pulumi refuses to delete or replace the replication, with which the copies would expire."""

    def check(self) -> None:
        """Raise ArgumentError on an argument that AWS would refuse or that undoes resilience."""
        checks.backup_retention(self.retention_days, "retention_days")
        if not isinstance(self.source_arn, str):
            return
        found = INSTANCE_ARN.fullmatch(self.source_arn)
        allowed = "the ARN of a DB instance: backups of clusters are not replicated"
        need(bool(found), "source_arn", repr(self.source_arn), allowed)
        away = found is None or found["region"] != self.region
        need(away, "region", repr(self.region), "another than the instance's")


class ReplicatedBackups(pulumi.ComponentResource):
    """Snapshots and transaction logs of a DB instance, copied to another region as soon as they are ready.

    Declared by the instance's own stack, in the region of the copies, so that the loss of the instance's region leaves them.
    Creates: the replication. Survives: the region of the instance, by restoring a new instance to any second of the retention up to
    the last log that was copied (every 5 minutes, and the copy's time). Costs: storage of the copies and transfer between regions.
    Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
    """

    arn: pulumi.Output[str]
    """Of the replicated backups, which a restore names."""
    log_copy: dict[str, Any]
    """What the instance's recovery fact says of them, among its `log_copies`."""

    def __init__(
        self, name: str, args: ReplicatedBackupsArgs, opts: pulumi.ResourceOptions | None = None
    ) -> None:
        args.check()
        super().__init__("holdfast:data:ReplicatedBackups", name, {}, handed_down(opts))
        made = aws.rds.InstanceAutomatedBackupsReplication(
            f"{name}-backups",
            source_db_instance_arn=args.source_arn,
            kms_key_id=args.kms_key_arn,
            retention_period=args.retention_days,
            region=args.region,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        )
        self.arn = made.id.apply(str)
        self.log_copy = {"region": args.region, "retention_s": args.retention_days * _DAY}
        outputs.register(self, "arn")

"""Automated backups replicated to another region, and instances restored from them there.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ReplicateBackups.html
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.aws.extensions._rds_instance import refuse

RETENTION = range(1, 36)
USUAL_DAYS = 7
_ID = 26


@dataclass
class Copies:
    """The backups of one instance in another region."""

    account: str
    region: str
    source: Any
    """The instance as it was when replication began: its region may be lost."""
    source_arn: str
    days: int
    key: str | None

    @property
    def arn(self) -> str:
        """Of the replicated backups."""
        made = hashlib.sha256(f"{self.source_arn} {self.region}".encode()).hexdigest()[:_ID]
        return f"arn:aws:rds:{self.region}:{self.account}:auto-backup:ab-{made}"


_kept: dict[str, Copies] = {}
"""By ARN."""


def install() -> None:
    """Patch moto's RDS."""
    from moto.rds.responses import RDSResponse

    RDSResponse.start_db_instance_automated_backups_replication = start
    RDSResponse.stop_db_instance_automated_backups_replication = stop
    RDSResponse.describe_db_instance_automated_backups = _describe(
        RDSResponse.describe_db_instance_automated_backups
    )
    RDSResponse.restore_db_instance_to_point_in_time = _restore(
        RDSResponse.restore_db_instance_to_point_in_time
    )


def reset() -> None:
    """Forget all copies."""
    _kept.clear()


def _shown(copies: Copies) -> dict[str, Any]:
    source = copies.source
    return {
        "DBInstanceArn": copies.source_arn,
        "DbiResourceId": source.dbi_resource_id,
        "Region": copies.source_arn.split(":")[3],
        "DBInstanceIdentifier": copies.source_arn.rpartition(":")[2],
        "AllocatedStorage": source.allocated_storage,
        "Status": "replicating",
        "Engine": source.engine,
        "EngineVersion": source.engine_version,
        "Encrypted": bool(source.storage_encrypted),
        "KmsKeyId": copies.key,
        "BackupRetentionPeriod": copies.days,
        "DBInstanceAutomatedBackupsArn": copies.arn,
    }


def _answer(copies: Copies) -> Any:
    from moto.core.responses import ActionResult

    return ActionResult({"DBInstanceAutomatedBackup": _shown(copies)})


def start(self: Any) -> Any:
    """StartDBInstanceAutomatedBackupsReplication, called in the region of the copies."""
    arn, asked = self.params["SourceDBInstanceArn"], self.params
    if ":db:" not in arn:
        raise refuse(
            "InvalidParameterValue", f"{arn} is no DB instance: backups of clusters are not replicated."
        )
    if arn.split(":")[3] == self.region:
        raise refuse(
            "InvalidParameterValue", f"{arn} is in {self.region}: backups are replicated to another region."
        )
    source = self.backend.find_db_from_id(arn)
    if source.db_cluster_identifier or not source.backup_retention_period:
        raise refuse("InvalidDBInstanceState", f"{arn} is a cluster's, or has no automated backups.")
    if source.storage_encrypted and not asked.get("KmsKeyId"):
        raise refuse(
            "InvalidParameterCombination",
            "Encrypted backups need a KmsKeyId of the region they are replicated to.",
        )
    days = asked.get("BackupRetentionPeriod") or USUAL_DAYS
    if days not in RETENTION:
        raise refuse("InvalidParameterValue", f"Retention interval must be between 1 and 35, got {days}.")
    made = Copies(self.current_account, self.region, copy.copy(source), arn, days, asked.get("KmsKeyId"))
    if made.arn in _kept:
        raise refuse("InvalidDBInstanceState", f"{arn} is replicated to {self.region} already.")
    _kept[made.arn] = made
    return _answer(made)


def stop(self: Any) -> Any:
    """StopDBInstanceAutomatedBackupsReplication, called in the region of the copies."""
    arn = self.params["SourceDBInstanceArn"]
    for made in list(_kept.values()):
        if (made.source_arn, made.region) == (arn, self.region):
            del _kept[made.arn]
            return _answer(made)
    raise refuse("InvalidDBInstanceState", f"{arn} is not replicated to {self.region}.")


def _describe(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def describe(self: Any) -> Any:
        from moto.core.responses import ActionResult

        here = [each for each in _kept.values() if each.region == self.region]
        if one := self.params.get("DBInstanceAutomatedBackupsArn"):
            found = [_shown(each) for each in here if each.arn == one]
            if not found:
                raise refuse("DBInstanceAutomatedBackupNotFound", f"{one} is not found.")
            return ActionResult({"DBInstanceAutomatedBackups": found})
        answer = original(self)
        wanted = self.params.get("DBInstanceIdentifier")
        more = [_shown(each) for each in here]
        answer.result["DBInstanceAutomatedBackups"] += [
            each for each in more if wanted in (None, each["DBInstanceIdentifier"])
        ]
        return answer

    return describe


def _restore(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def restore(self: Any) -> Any:
        from moto.core.responses import ActionResult
        from moto.core.utils import utcnow
        from moto.rds.exceptions import DBInstanceAlreadyExists

        arn, name = (
            self.params.get("SourceDBInstanceAutomatedBackupsArn"),
            self.params.get("TargetDBInstanceIdentifier"),
        )
        if not arn:
            return original(self)
        found = _kept.get(arn)
        if found is None or found.region != self.region:
            raise refuse("DBInstanceAutomatedBackupNotFound", f"{arn} is not found.")
        if name in self.backend.databases:
            raise DBInstanceAlreadyExists
        made = copy.copy(found.source)
        made.backend, made.created = self.backend, utcnow()
        made.instance_create_time = made.created
        made.db_instance_identifier, made.kms_key_id = name, found.key
        made.availability_zone = self.params.get("AvailabilityZone") or f"{self.region}a"
        made.multi_az, made.deletion_protection, made.tags = bool(self.params.get("MultiAZ")), False, []
        # Groups of the other region don't exist here.
        made.replicas, made.db_parameter_group_name = [], self.params.get("DBParameterGroupName")
        self.backend.databases[name] = made
        return ActionResult({"DBInstance": made})

    return restore

"""Recovery points: those that a drill's clock has made, and those that somebody asks for. Without a clock no plan ever runs."""

from __future__ import annotations

import json

from moto.backup.exceptions import ResourceNotFoundException
from moto.backup.models import backup_backends
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time
from moto.moto_api._internal import mock_random

from sandbox.aws.clockwork import backups
from sandbox.aws.extensions._backup_store import body_of, path_parameter


def list_recovery_points_by_backup_vault(self: BackupResponse) -> str:
    """Answer `ListRecoveryPointsByBackupVault`, of one resource or of one kind where that is asked for, newest first."""
    vault = path_parameter(self, "backupVaultName")
    _known(self, vault)
    kind, source = self._get_param("resourceType"), self._get_param("resourceArn")
    found = [
        each
        for each in backups.POINTS
        if (each.region, each.vault) == (self.region, vault)
        and kind in (None, each.kind)
        and source in (None, each.source)
    ]
    shown = [
        {
            "RecoveryPointArn": each.arn,
            "BackupVaultName": vault,
            "ResourceArn": each.source,
            "ResourceType": each.kind,
            "CreationDate": unix_time(each.created),
            "Status": "COMPLETED",
        }
        for each in sorted(found, key=lambda each: each.created, reverse=True)
    ]
    return json.dumps({"RecoveryPoints": shown})


def start_backup_job(self: BackupResponse) -> str:
    """Answer `StartBackupJob`: of a database, whose recovery point AWS names only once it is there."""
    asked = body_of(self)
    _known(self, asked["BackupVaultName"])
    try:
        backups.back_up(asked["ResourceArn"], asked["BackupVaultName"], self.region)
    except LookupError as error:
        raise ResourceNotFoundException(str(error)) from None
    return json.dumps({"BackupJobId": str(mock_random.uuid4()), "IsParent": False})


def start_copy_job(self: BackupResponse) -> str:
    """Answer `StartCopyJob`."""
    asked = body_of(self)
    _known(self, asked["SourceBackupVaultName"])
    there = asked["DestinationBackupVaultArn"]
    backend = backup_backends[self.current_account][there.split(":")[3]]
    if there.rpartition(":")[2] not in backend.vaults:
        raise ResourceNotFoundException(f"Backup vault {there} does not exist")
    found = backups.point(asked["RecoveryPointArn"])
    if found is None or (found.region, found.vault) != (self.region, asked["SourceBackupVaultName"]):
        raise ResourceNotFoundException(f"Recovery point {asked['RecoveryPointArn']} does not exist")
    backups.copy(found, there)
    return json.dumps({"CopyJobId": str(mock_random.uuid4()), "IsParent": False})


def _known(self: BackupResponse, vault: str) -> None:
    if vault not in self.backup_backend.vaults:
        raise ResourceNotFoundException(f"Backup vault {vault} does not exist")


OPERATIONS = (list_recovery_points_by_backup_vault, start_backup_job, start_copy_job)

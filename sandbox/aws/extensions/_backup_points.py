"""Recovery points: those that a drill's clock has made. Without a clock no plan ever runs, and a vault is empty."""

from __future__ import annotations

import json

from moto.backup.exceptions import ResourceNotFoundException
from moto.backup.responses import BackupResponse
from moto.core.utils import unix_time

from sandbox.aws.clockwork import backups
from sandbox.aws.extensions._backup_store import path_parameter


def list_recovery_points_by_backup_vault(self: BackupResponse) -> str:
    """Answer `ListRecoveryPointsByBackupVault`, of one kind of resource where it is asked for, newest first."""
    vault = path_parameter(self, "backupVaultName")
    if vault not in self.backup_backend.vaults:
        raise ResourceNotFoundException(f"Backup vault {vault} does not exist")
    kind = self._get_param("resourceType")
    found = [
        each
        for each in backups.POINTS
        if (each.region, each.vault) == (self.region, vault) and kind in (None, each.kind)
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


OPERATIONS = (list_recovery_points_by_backup_vault,)

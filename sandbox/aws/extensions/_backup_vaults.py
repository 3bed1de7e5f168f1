"""Who may do what in a backup vault, and whom it notifies."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from moto.backup.exceptions import InvalidParameterValueException, ResourceNotFoundException
from moto.backup.responses import BackupResponse

from sandbox.aws.extensions._backup_store import body_of, path_parameter, store_of


def _vault(self: BackupResponse) -> str:
    name = path_parameter(self, "backupVaultName")
    if name not in self.backup_backend.vaults:
        raise ResourceNotFoundException(f"Backup vault {name} does not exist")
    return name


def put_backup_vault_access_policy(self: BackupResponse) -> str:
    """Answer `PutBackupVaultAccessPolicy`."""
    name, policy = _vault(self), body_of(self)["Policy"]
    try:
        json.loads(policy)
    except ValueError:
        raise InvalidParameterValueException(f"Policy is no JSON: {policy[:50]}") from None
    store_of(self).policies[name] = policy
    return "{}"


def get_backup_vault_access_policy(self: BackupResponse) -> str:
    """Answer `GetBackupVaultAccessPolicy`."""
    name = _vault(self)
    if name not in store_of(self).policies:
        raise ResourceNotFoundException(f"Backup vault {name} has no access policy")
    policy, arn = store_of(self).policies[name], self.backup_backend.vaults[name].backup_vault_arn
    return json.dumps({"BackupVaultName": name, "BackupVaultArn": arn, "Policy": policy})


def delete_backup_vault_access_policy(self: BackupResponse) -> str:
    """Answer `DeleteBackupVaultAccessPolicy`."""
    store_of(self).policies.pop(_vault(self), None)
    return "{}"


def put_backup_vault_notifications(self: BackupResponse) -> str:
    """Answer `PutBackupVaultNotifications`."""
    name, body = _vault(self), body_of(self)
    store_of(self).notifications[name] = {
        "BackupVaultName": name,
        "BackupVaultArn": self.backup_backend.vaults[name].backup_vault_arn,
        "SNSTopicArn": body["SNSTopicArn"],
        "BackupVaultEvents": body["BackupVaultEvents"],
    }
    return "{}"


def get_backup_vault_notifications(self: BackupResponse) -> str:
    """Answer `GetBackupVaultNotifications`."""
    name = _vault(self)
    if name not in store_of(self).notifications:
        raise ResourceNotFoundException(f"Backup vault {name} has no notifications")
    return json.dumps(store_of(self).notifications[name])


def delete_backup_vault_notifications(self: BackupResponse) -> str:
    """Answer `DeleteBackupVaultNotifications`."""
    store_of(self).notifications.pop(_vault(self), None)
    return "{}"


def patched_delete_backup_vault(original: Callable[[BackupResponse], Any]) -> Callable[[BackupResponse], Any]:
    """Wrap `DeleteBackupVault`: its policy and notifications go with it."""

    def delete_backup_vault(self: BackupResponse) -> Any:
        name = _vault(self)
        answer = original(self)
        store_of(self).policies.pop(name, None)
        store_of(self).notifications.pop(name, None)
        return answer

    return delete_backup_vault


OPERATIONS = (
    put_backup_vault_access_policy,
    get_backup_vault_access_policy,
    delete_backup_vault_access_policy,
    put_backup_vault_notifications,
    get_backup_vault_notifications,
    delete_backup_vault_notifications,
)

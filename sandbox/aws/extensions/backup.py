"""AWS Backup beyond vaults and plans.

moto has neither selections, nor vault policies and notifications, nor restore tests, nor recovery points, nor changes of a plan; its plans
can be deleted while something needs them, and a deleted plan stays to be read.
"""

from __future__ import annotations

from moto.backup import urls
from moto.backup.responses import BackupResponse

from sandbox.aws.extensions import (
    _backup_points,
    _backup_restores,
    _backup_selections,
    _backup_store,
    _backup_tests,
    _backup_vaults,
)

_PATHS = (
    "{0}/backup-vaults/(?P<name>[^/]+)/access-policy$",
    "{0}/backup-vaults/(?P<name>[^/]+)/notification-configuration$",
    "{0}/backup-vaults/(?P<name>[^/]+)/recovery-points/$",
    "{0}/backup-jobs$",
    "{0}/copy-jobs$",
    "{0}/restore-jobs$",
    "{0}/restore-jobs/(?P<id>[^/]+)$",
    "{0}/restore-testing/plans/?$",
    "{0}/restore-testing/plans/(?P<name>.+)$",
)


def install() -> None:
    """Patch moto's AWS Backup: the dispatcher finds operations by their names, their paths are added."""
    for module in (_backup_selections, _backup_vaults, _backup_tests, _backup_points, _backup_restores):
        for operation in module.OPERATIONS:
            setattr(BackupResponse, operation.__name__, operation)
    BackupResponse.delete_backup_plan = _backup_selections.patched_delete_backup_plan(
        BackupResponse.delete_backup_plan
    )
    BackupResponse.delete_backup_vault = _backup_vaults.patched_delete_backup_vault(
        BackupResponse.delete_backup_vault
    )
    urls.url_paths.update(dict.fromkeys(_PATHS, BackupResponse.dispatch))


def reset() -> None:
    """Forget what is kept beside moto's own."""
    _backup_store.reset()

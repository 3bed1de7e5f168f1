"""What a file system is set to: throughput, backups, its policy; and that mounts and access points are of one that is there."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sandbox.aws.extensions._efs_replication import JSON, Answer, End, protection, refuse


def install() -> None:
    """Patch moto's file systems."""
    from moto.efs.models import EFSBackend, FileSystem

    FileSystem.info_json = _described(FileSystem.info_json)
    EFSBackend.create_access_point = _of_a_file_system(EFSBackend.create_access_point)


def _described(original: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    def info_json(self: Any) -> dict[str, Any]:
        told = {"ReplicationOverwriteProtection": protection(self)}
        return {**original(self), "FileSystemProtection": told}

    return info_json


def _of_a_file_system(original: Callable[..., Any]) -> Callable[..., Any]:
    def create_access_point(self: Any, client_token: str, **given: Any) -> Any:
        End(self.account_id, self.region_name, given["file_system_id"]).file_system()
        return original(self, client_token, **given)

    return create_access_point


def _files(self: Any) -> Any:
    return End(self.current_account, self.region, self._get_param("FileSystemId")).file_system()


def update_file_system(self: Any) -> Answer:
    """Answer `UpdateFileSystem`."""
    files = _files(self)
    files.throughput_mode = self._get_param("ThroughputMode") or files.throughput_mode
    rate = self._get_param("ProvisionedThroughputInMibps")
    files.provisioned_throughput_in_mibps = rate if files.throughput_mode == "provisioned" else None
    return json.dumps(files.info_json()), {**JSON, "status": 202}


def put_backup_policy(self: Any) -> Answer:
    """Answer `PutBackupPolicy`."""
    files, status = _files(self), self._get_param("BackupPolicy")["Status"]
    if status not in ("ENABLED", "DISABLED"):
        raise refuse("ValidationException", f"BackupPolicy.Status {status!r}: ENABLED or DISABLED.", 400)
    files._backup_status = status  # noqa: SLF001  what moto shows of a file system has no underscore
    return json.dumps({"BackupPolicy": {"Status": status}}), JSON


def describe_backup_policy(self: Any) -> Answer:
    """Answer `DescribeBackupPolicy`."""
    files = _files(self)
    status = getattr(files, "_backup_status", None) or (files.backup_policy or {}).get("Status")
    if status is None:
        raise refuse("PolicyNotFound", f"{files.file_system_id} has no backup policy.", 404)
    return json.dumps({"BackupPolicy": {"Status": status}}), JSON


def put_file_system_policy(self: Any) -> Answer:
    """Answer `PutFileSystemPolicy`."""
    files, policy = _files(self), self._get_param("Policy")
    try:
        json.loads(policy)
    except ValueError:
        raise refuse("InvalidPolicyException", f"Policy is no JSON: {policy[:50]}", 400) from None
    files.file_system_policy = policy
    return json.dumps({"FileSystemId": files.file_system_id, "Policy": policy}), JSON


def delete_file_system_policy(self: Any) -> Answer:
    """Answer `DeleteFileSystemPolicy`: AWS's own is in force again."""
    _files(self).file_system_policy = None
    return "", JSON


OPERATIONS = (
    update_file_system,
    put_backup_policy,
    describe_backup_policy,
    put_file_system_policy,
    delete_file_system_policy,
)

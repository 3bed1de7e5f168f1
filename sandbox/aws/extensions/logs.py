"""CloudWatch Logs: the key of a log group can change, and its deletion protection protects.

Source: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/protecting-log-groups-from-deletion.html.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from moto.core.exceptions import JsonRESTError
from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.models import LogGroup, LogsBackend
from moto.logs.responses import LogsResponse


def _group(self: LogsResponse, name: str) -> Any:
    group = self.logs_backend.groups.get(name)
    if group is None:
        raise ResourceNotFoundException
    return group


def _set_key(self: LogsResponse, key: str | None) -> str:
    _group(self, self._get_param("logGroupName")).kms_key_id = key
    return "{}"


def _create(original: Callable[..., str]) -> Callable[..., str]:
    def create_log_group(self: LogsResponse) -> str:
        answer = original(self)
        _group(self, self._get_param("logGroupName")).deletion_protection = bool(
            self._get_param("deletionProtectionEnabled")
        )
        return answer

    return create_log_group


def _protect(self: LogsResponse) -> str:
    """PutLogGroupDeletionProtection, of a group by name or ARN."""
    name = self._get_param("logGroupIdentifier").partition(":log-group:")[2] or self._get_param(
        "logGroupIdentifier"
    )
    _group(self, name).deletion_protection = bool(self._get_param("deletionProtectionEnabled"))
    return "{}"


def _describe(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def to_describe_dict(self: LogGroup) -> dict[str, Any]:
        return {**original(self), "deletionProtectionEnabled": getattr(self, "deletion_protection", False)}

    return to_describe_dict


def _delete(original: Callable[..., None]) -> Callable[..., None]:
    def delete_log_group(self: LogsBackend, log_group_name: str) -> None:
        if getattr(self.groups.get(log_group_name), "deletion_protection", False):
            raise JsonRESTError(
                "ValidationException",
                f"Log group {log_group_name} can't be deleted while deletion protection is enabled: disable it first",
            )
        original(self, log_group_name)

    return delete_log_group


def install() -> None:
    """Patch moto."""
    LogsResponse.associate_kms_key = lambda self: _set_key(self, self._get_param("kmsKeyId"))
    LogsResponse.disassociate_kms_key = lambda self: _set_key(self, None)
    LogsResponse.create_log_group = _create(LogsResponse.create_log_group)
    LogsResponse.put_log_group_deletion_protection = _protect
    LogsBackend.delete_log_group = _delete(LogsBackend.delete_log_group)
    LogGroup.to_describe_dict = _describe(LogGroup.to_describe_dict)

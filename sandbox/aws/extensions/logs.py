"""CloudWatch Logs: the key of a log group can change."""

from __future__ import annotations

from typing import Any

from moto.logs.exceptions import ResourceNotFoundException
from moto.logs.responses import LogsResponse


def _set_key(self: LogsResponse, key: str | None) -> str:
    group: Any = self.logs_backend.groups.get(self._get_param("logGroupName"))
    if group is None:
        raise ResourceNotFoundException
    group.kms_key_id = key
    return "{}"


def install() -> None:
    """Patch moto."""
    LogsResponse.associate_kms_key = lambda self: _set_key(self, self._get_param("kmsKeyId"))
    LogsResponse.disassociate_kms_key = lambda self: _set_key(self, None)

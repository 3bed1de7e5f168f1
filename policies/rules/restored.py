"""Stores that are restored from another one's snapshot, backup or history."""

from __future__ import annotations

from typing import Final

from policies.graph import NotKnownError, Resource

_SOURCES: Final = (
    "snapshotIdentifier",
    "snapshotId",
    "snapshotArn",
    "restoreToPointInTime",
    "backupId",
    "restoreSourceName",
    "restoreSourceTableArn",
)
"""What a store may be restored from: then its encryption and key are the source's unless it names others."""


def of_source(resource: Resource) -> None:
    """Raises `NotKnownError` when a store is restored: its source decides what it doesn't say itself."""
    for name in _SOURCES:
        if resource.known.has(name):
            raise NotKnownError(f"the encryption of what {name} restores")

"""What S3 says of an object that is there now.

An object is looked at, an event is never believed: events come twice, late and out of order, and say nothing of what followed them.
https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from botocore.exceptions import ClientError

CHECKSUMS = ("SHA256", "CRC64NVME", "SHA1", "CRC32C", "CRC32")
"""Those that S3 keeps of an object, the first of which is taken.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html"""
GONE = 404
MARKED = "x-amz-delete-marker"
REPLICA = "REPLICA"
"""https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html"""


@dataclass(frozen=True)
class Blob:
    """The current version of an object."""

    version: str
    size: int
    """Bytes."""
    etag: str
    checksum: str
    """Algorithm and value, `SHA256 ...`; empty where S3 keeps none."""
    changed: str
    """When it was written, UTC; a replica has its source's."""
    replica: bool = False
    """Whether replication made it: it was written in another region."""


@dataclass(frozen=True)
class Gone:
    """There is no current version."""

    deleted: bool
    """By a delete marker, as whoever deletes leaves one; else no version is left, or there never was one."""


def moment(at: datetime) -> str:
    """A time as it is written down, so that later ones sort later."""
    return at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def look(s3: Any, bucket: str, key: str) -> Blob | Gone:
    """What is there. The caller may list the bucket: S3 would say 403 of what isn't there."""
    try:
        found = s3.head_object(Bucket=bucket, Key=key, ChecksumMode="ENABLED")
    except ClientError as error:
        said = error.response["ResponseMetadata"]
        if said["HTTPStatusCode"] != GONE:
            raise
        return Gone(deleted=said["HTTPHeaders"].get(MARKED) == "true")
    return Blob(
        version=found.get("VersionId", ""),
        size=found["ContentLength"],
        etag=found["ETag"].strip('"'),
        checksum=_checksum(found),
        changed=moment(found["LastModified"]),
        replica=found.get("ReplicationStatus") == REPLICA,
    )


def _checksum(found: Mapping[str, Any]) -> str:
    kept = next((each for each in CHECKSUMS if f"Checksum{each}" in found), None)
    return f"{kept} {found[f'Checksum{kept}']}" if kept else ""

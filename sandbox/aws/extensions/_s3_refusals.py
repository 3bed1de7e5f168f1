"""What S3 refuses around versioning and replication, and moto takes.

Sources: https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-and-other-bucket-configs.html (versioning stays while
replication is configured), https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketReplication.html (what a rule's parts ask for).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any


def install() -> None:
    """Patch moto's S3."""
    from moto.s3.models import S3Backend

    S3Backend.put_bucket_versioning = _versioning(S3Backend.put_bucket_versioning)


def _refuse(code: str, message: str) -> Exception:
    from moto.s3.exceptions import S3ClientError

    error: Exception = S3ClientError(code, message)
    return error


def _versioning(original: Callable[..., None]) -> Callable[..., None]:
    def put_bucket_versioning(self: Any, bucket_name: str, status: str) -> None:
        if status != "Enabled" and self.get_bucket_replication(bucket_name):
            raise _refuse(
                "InvalidBucketState",
                "A replication configuration is present on this bucket, so you cannot change the versioning state. "
                "To change the versioning state, first delete the replication configuration.",
            )
        if status != "Enabled" and getattr(self.get_bucket(bucket_name), "object_lock_enabled", False):
            raise _refuse(
                "InvalidBucketState",
                "An Object Lock configuration is present on this bucket, so the versioning state cannot be changed.",
            )
        original(self, bucket_name, status)

    return put_bucket_versioning


def check_rules(rules: list[dict[str, Any]]) -> None:
    """Raise S3's refusal of replication rules whose parts don't go together."""
    for rule in rules:
        encrypted = (rule.get("SourceSelectionCriteria") or {}).get("SseKmsEncryptedObjects")
        key = (rule["Destination"].get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID")
        if key and not encrypted:
            raise _refuse(
                "InvalidRequest",
                "SseKmsEncryptedObjects must be specified if EncryptionConfiguration is present.",
            )
        if encrypted and encrypted.get("Status") == "Enabled" and not key:
            raise _refuse(
                "InvalidRequest",
                "EncryptionConfiguration must be specified if SseKmsEncryptedObjects are to be replicated.",
            )
        if "Filter" in rule and not rule.get("DeleteMarkerReplication"):
            raise _refuse(
                "InvalidRequest",
                "DeleteMarkerReplication must be specified for this version of Cross Region Replication configuration schema.",
            )
    twice = [
        number
        for number, count in Counter(r.get("Priority") for r in rules if "Filter" in r).items()
        if count > 1
    ]
    if twice:
        raise _refuse("InvalidRequest", f"Found identical priorities: {twice[0]}")

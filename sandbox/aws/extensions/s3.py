"""S3: replication rules are kept whole, and objects and delete markers reach the bucket in the other region.

moto stores a rule's destination and drops the rest, and copies nothing. What can't be copied while either region is lost is sent
when it is back, as S3 does.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.aws import faults
from sandbox.aws.extensions import _s3_events, _s3_policy, _s3_refusals

_pending: list[tuple[Any, str, str, Any]] = []
"""Backend, bucket, target bucket and parcel of what is on its way, in order."""
_READS = (
    "get_object",
    "head_object",
    "list_objects",
    "list_objects_v2",
    "list_object_versions",
    "delete_object",
    "delete_bucket",
)
"""What shows a bucket's objects: copies arrive before."""


def install() -> None:
    """Patch moto's S3."""
    from moto.s3.models import FakeKey, S3Backend
    from moto.s3.responses import S3Response

    _s3_policy.install()
    _s3_refusals.install()
    _s3_events.install()
    S3Response.get_bucket_replication = _get_replication
    S3Backend.put_bucket_replication = _put_replication(S3Backend.put_bucket_replication)
    S3Backend.put_object = _put_object(S3Backend.put_object)
    S3Backend._set_delete_marker = _delete_marker(S3Backend._set_delete_marker)  # noqa: SLF001
    FakeKey.response_dict = property(_headers(FakeKey.response_dict.fget))
    for read in _READS:
        setattr(S3Backend, read, _caught_up(getattr(S3Backend, read)))


def reset() -> None:
    """Forget what waits for a lost region."""
    _pending.clear()


def _rules(replication: dict[str, Any] | None) -> list[dict[str, Any]]:
    rules = (replication or {}).get("Rule") or []
    return rules if isinstance(rules, list) else [rules]


def _get_replication(self: Any) -> Any:
    from moto.core.responses import ActionResult
    from moto.s3.exceptions import ReplicationConfigurationNotFoundError

    self.data["Action"] = "GetBucketReplication"
    replication = self.backend.get_bucket_replication(self.bucket_name)
    if not replication:
        raise ReplicationConfigurationNotFoundError(bucket_name=self.bucket_name)
    rules = [_typed(rule) for rule in _rules(replication)]
    return self.serialized(
        ActionResult({"ReplicationConfiguration": {"Role": replication["Role"], "Rules": rules}})
    )


def _typed(value: Any) -> Any:
    """XML knows text only: numbers become numbers, empty elements empty texts."""
    if isinstance(value, dict):
        return {
            name: int(inner) if name in ("Priority", "Minutes") else _typed(inner)
            for name, inner in value.items()
            if not name.startswith("@")
        }
    return "" if value is None else value


def _put_replication(original: Callable[..., None]) -> Callable[..., None]:
    def put_bucket_replication(self: Any, bucket_name: str, replication: dict[str, Any]) -> None:
        from moto.s3.exceptions import S3ClientError

        _s3_refusals.check_rules(_rules(replication))
        for rule in _rules(replication):
            target = rule["Destination"]["Bucket"].rsplit(":", 1)[-1]
            if not self.get_bucket(target).is_versioned:
                raise S3ClientError("InvalidRequest", "Destination bucket must have versioning enabled.")
        original(self, bucket_name, replication)

    return put_bucket_replication


def _prefix(rule: dict[str, Any]) -> str:
    where = rule.get("Filter") or {}
    return str((where.get("And") or where).get("Prefix") or rule.get("Prefix") or "")


def _targets(backend: Any, bucket_name: str, key_name: str, *, marker: bool) -> list[tuple[str, str | None]]:
    """Buckets that a key goes to and the key they encrypt it with, by the enabled rules."""
    found = []
    for rule in _rules(backend.get_bucket_replication(bucket_name)):
        if rule.get("Status") != "Enabled" or not key_name.startswith(_prefix(rule)):
            continue
        if marker and (rule.get("DeleteMarkerReplication") or {}).get("Status") != "Enabled":
            continue
        to = rule["Destination"]
        key = (to.get("EncryptionConfiguration") or {}).get("ReplicaKmsKeyID")
        found.append((to["Bucket"].rsplit(":", 1)[-1], key))
    return found


def _put_object(original: Callable[..., Any]) -> Callable[..., Any]:
    def put_object(self: Any, bucket_name: str, key_name: str, value: bytes, *args: Any, **given: Any) -> Any:
        _deliver()
        made = original(self, bucket_name, key_name, value, *args, **given)
        for target, key in _targets(self, bucket_name, key_name, marker=False):
            made.replication_status = "PENDING"
            # Sent with the next call: moto gives an object its metadata and tags after it was put.
            _send(self, bucket_name, target, _Copy(original, made, key))
        return made

    return put_object


def _delete_marker(original: Callable[..., Any]) -> Callable[..., Any]:
    def set_delete_marker(self: Any, bucket_name: str, key_name: str) -> Any:
        made = original(self, bucket_name, key_name)
        for target, _ in _targets(self, bucket_name, key_name, marker=True):
            _send(self, bucket_name, target, _Marker(original, key_name))
        _s3_events.marked(self, bucket_name, key_name, made)
        return made

    return set_delete_marker


def _headers(original: Callable[[Any], dict[str, Any]]) -> Callable[[Any], dict[str, Any]]:
    def response_dict(self: Any) -> dict[str, Any]:
        status = getattr(self, "replication_status", None)
        return {**original(self), **({"x-amz-replication-status": status} if status else {})}

    return response_dict


class _Copy:
    """An object on its way to another bucket."""

    def __init__(self, put: Callable[..., Any], source: Any, kms_key: str | None) -> None:
        self.put, self.source, self.kms_key = put, source, kms_key

    def arrive(self, backend: Any, bucket: str) -> None:
        source = self.source
        encryption = {"encryption": "aws:kms", "kms_key_id": self.kms_key} if self.kms_key else {}
        made = self.put(
            backend,
            bucket,
            source.name,
            source.value,
            storage=source.storage_class,
            etag=source.etag,
            disable_notification=True,  # it has still to become what it is told of
            **encryption,
        )
        made.set_metadata(source.metadata, replace=True)
        made.replication_status = "REPLICA"
        # A copy has its source's version id.
        made._version_id = source.version_id  # noqa: SLF001
        source.replication_status = "COMPLETED"
        _s3_events.copied(backend, bucket, made)


class _Marker:
    """A delete marker on its way to another bucket."""

    def __init__(self, put: Callable[..., Any], key: str) -> None:
        self.put, self.key = put, key

    def arrive(self, backend: Any, bucket: str) -> None:
        self.put(backend, bucket, self.key)


def _send(backend: Any, bucket: str, target: str, parcel: Any) -> None:
    _pending.append((backend, bucket, target, parcel))


def _deliver() -> None:
    """Let what is on its way arrive in the buckets that are there, in order, where the regions of both answer."""
    waiting = list(_pending)
    _pending.clear()
    for backend, bucket, target, parcel in waiting:
        if target not in backend.buckets or bucket not in backend.buckets:
            continue
        ends = (backend.get_bucket(each).region_name for each in (bucket, target))
        if any(map(faults.TABLE.region_lost, ends)):
            _pending.append((backend, bucket, target, parcel))
        else:
            parcel.arrive(backend, target)


def _caught_up(original: Callable[..., Any]) -> Callable[..., Any]:
    def read(self: Any, *args: Any, **given: Any) -> Any:
        _deliver()
        return original(self, *args, **given)

    return read

"""What S3 tells of a bucket's objects: each event has a sequencer and a version, and a marker that somebody leaves is told of.

moto's events have neither, and its buckets are told to send to queues that they may not send to. A marker that replication brings is told
of by nobody here: AWS's pages don't say whether it is there, so a program can't count on it.
https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from sandbox.aws.extensions._statements import lets, statements

_order = itertools.count(0x0055AED6DCD90281E5)
S3 = "s3.amazonaws.com"


def install() -> None:
    """Patch moto's S3."""
    from moto.s3 import notifications
    from moto.s3.models import FakeBucket

    notifications._get_s3_event = _event(notifications._get_s3_event)  # noqa: SLF001
    FakeBucket.set_notification_configuration = _configured(FakeBucket.set_notification_configuration)


def _event(original: Callable[..., dict[str, Any]]) -> Callable[..., dict[str, Any]]:
    def get_s3_event(event_name: str, bucket: Any, key: Any, notification_id: str) -> dict[str, Any]:
        found = original(event_name, bucket, key, notification_id)
        said = found["Records"][0]["s3"]["object"]
        said["sequencer"] = f"{next(_order):018X}"
        if bucket.is_versioned:
            said["versionId"] = key.version_id
        return found

    return get_s3_event


def _configured(original: Callable[..., None]) -> Callable[..., None]:
    def set_notification_configuration(self: Any, notification_config: dict[str, Any] | None) -> None:
        asked = (notification_config or {}).get("QueueConfiguration") or []
        for each in asked if isinstance(asked, list) else [asked]:
            _check(self.account_id, each["Queue"])
        original(self, notification_config)

    return set_notification_configuration


def _check(account: str, arn: str) -> None:
    """Raise S3's refusal of a queue that isn't there, or may not be sent to."""
    from moto.s3.exceptions import S3ClientError
    from moto.sqs.models import sqs_backends

    region, name = arn.split(":")[3], arn.rpartition(":")[2]
    queue = sqs_backends[account][region].queues.get(name)
    if queue is None or not lets(statements(queue.policy or {}), S3, "sqs:SendMessage", arn):
        raise S3ClientError("InvalidArgument", "Unable to validate the following destination configurations")


def copied(backend: Any, bucket: str, key: Any) -> None:
    """Tell of an object that replication has brought, as of any other."""
    from moto.s3 import notifications

    event = notifications.S3NotificationEvent.OBJECT_CREATED_PUT_EVENT
    notifications.send_event(backend.account_id, event, backend.get_bucket(bucket), key)


def marked(backend: Any, bucket: str, key: str, marker: Any) -> None:
    """Tell of a marker that somebody has left."""
    from moto.s3 import notifications

    event = notifications.S3NotificationEvent.OBJECT_REMOVED_DELETE_MARKER_CREATED_EVENT
    told = SimpleNamespace(name=key, etag="", size=0, version_id=marker.version_id)
    notifications.send_event(backend.account_id, event, backend.get_bucket(bucket), told)

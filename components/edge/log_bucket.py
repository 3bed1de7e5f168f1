"""Where the edge's access logs go."""

from __future__ import annotations

import pulumi

from components.data import Bucket, BucketArgs
from components.tags import Tags


def log_bucket(
    name: str, writer: str | None, *, tags: Tags, days: int, protect: bool, parent: pulumi.Resource
) -> Bucket:
    """Declare a bucket that the service `writer` writes to, and that keeps each log for `days`. SSE-S3: such services write no other.

    Without a writer, who writes has a role that lets it.
    """
    logs = BucketArgs(
        tags=tags,
        logs=True,
        log_writers=[writer] if writer else [],
        expiration_days=days,
        noncurrent_days=days,
        protect=protect,
    )
    return Bucket(name, logs, pulumi.ResourceOptions(parent=parent))

"""Where the edge's access logs go."""

from __future__ import annotations

import pulumi

from components.data import Bucket, BucketArgs
from components.tags import Tags


def log_bucket(
    name: str, writer: str, *, tags: Tags, days: int, protect: bool, parent: pulumi.Resource
) -> Bucket:
    """Declare a bucket that the service `writer` writes to, and that keeps each log for `days`. SSE-S3: such services write no other."""
    logs = BucketArgs(
        tags=tags, log_writers=[writer], expiration_days=days, noncurrent_days=days, protect=protect
    )
    return Bucket(name, logs, pulumi.ResourceOptions(parent=parent))

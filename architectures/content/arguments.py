"""What the components of a system of users' files are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import pulumi

from architectures.content import names
from architectures.faults import PLACEHOLDER
from architectures.parts import arguments as parts
from architectures.parts import tables
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.code import PROGRAM, files, package
from architectures.parts.sections import Queue
from architectures.stack import Stack
from architectures.strategies import Posture
from components.compute import FunctionArgs, Source
from components.data import BucketArgs, BucketReplica, GlobalTableArgs, Sender, WorkQueueArgs
from components.data.queue import RETENTION_SECONDS
from components.permissions import Statement, allow
from components.tags import Tags

HASH, RANGE, EXPIRES = "pk", "sk", "expires"
CODE = PROGRAM / "functions" / "content"
KEPT_SECONDS = RETENTION_SECONDS[1] + 86_400
"""How long is known that an object was deleted: as long as an event may come out of the dead letters, and a day."""
RECORD_SECONDS, RECONCILE_SECONDS, COMPARE_SECONDS, CONVERT_SECONDS = 10, 900, 900, 30
"""Time for a batch of events; for a part of a round, and for an answer of what was lost, the most that Lambda gives; for a batch of
originals."""
BUCKET_KEYS = {"noncurrent_days": "noncurrentDays"}
"""Argument of the bucket that a setting decides -> key within the system."""
TABLE_KEYS = {"recovery_days": "table.recoveryDays"}
RECORD_KEYS = {"source.visibility_seconds": "queue.visibilitySeconds"}
ABOUT = {
    names.RECORD: "Writes down what is in the bucket, as its events ask",
    names.RECONCILE: "Compares bucket and table, and puts the table right",
    names.COMPARE: "Says what another region had and this one has not",
    names.CONVERT: "Has videos converted, and writes down how that ended",
}
SECONDS = {
    names.RECORD: RECORD_SECONDS,
    names.RECONCILE: RECONCILE_SECONDS,
    names.COMPARE: COMPARE_SECONDS,
    names.CONVERT: CONVERT_SECONDS,
}


def code() -> pulumi.Archive:
    """The functions, with the path that their modules import each other by."""
    return files(package(CODE), PROGRAM)


def bucket(
    noncurrent_days: int,
    stack: Stack,
    stands: Posture,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    peer_key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
) -> BucketArgs:
    """The arguments of the bucket and of the other region's, where objects go both ways."""
    both = BucketReplica(region=stack.peer_region, kms_key_arn=peer_key_arn, home_region=stack.region)
    return BucketArgs(
        tags=tags,
        kms_key_arn=key_arn,
        replica=both if stands.replicated else None,
        noncurrent_days=noncurrent_days,
        alarm_actions=[topic_arn] if stands.replicated else (),
        protect=stack.protect,
    )


def placeholder_bucket(noncurrent_days: int, stack: Stack, stands: Posture) -> BucketArgs:
    """The same for its checks."""
    return bucket(
        noncurrent_days,
        stack,
        stands,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        peer_key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
    )


def table(recovery_days: int, stack: Stack, stands: Posture, **ground: Any) -> GlobalTableArgs:
    """The arguments of the table; `ground` as in `parts.tables.table`."""
    own: dict[str, Any] = {"range_key": RANGE, "ttl_attribute": EXPIRES, "recovery_days": recovery_days}
    return tables.table({HASH: "S", RANGE: "S"}, stack, stands, **own, **ground)


def queue(given: Queue, sender: Sender, **ground: Any) -> WorkQueueArgs:
    """The arguments of the queue of events, which S3 sends to; `ground` as in `parts.arguments.queue`."""
    return replace(parts.queue(given, **ground), senders=[sender])


def function(
    what: str,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    variables: Mapping[str, pulumi.Input[str]],
    statements: Sequence[Statement],
    source: Source | None = None,
) -> FunctionArgs:
    """The arguments of one of the functions."""
    return FunctionArgs(
        tags=tags,
        code=code(),
        handler=f"functions.content.{what}.handler",
        about=ABOUT[what],
        key_arn=key_arn,
        actions=[topic_arn],
        timeout_seconds=SECONDS[what],
        variables=variables,
        statements=statements,
        source=source,
    )


def placeholder_record(given: Queue) -> FunctionArgs:
    """The arguments of the one that follows events, for their checks."""
    source = Source(arn=PLACEHOLDER, statements=(), visibility_seconds=given.visibility_seconds)
    return function(
        names.RECORD,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        variables={},
        statements=(),
        source=source,
    )


def looking(bucket_arn: pulumi.Input[str], key_arn: pulumi.Input[str]) -> list[Statement]:
    """What a function's role needs to look at objects.

    S3 says that an object isn't there only to who may list, and shows a checksum only to who may decrypt.
    https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html
    """
    via = {"StringLike": {"kms:ViaService": "s3.*.amazonaws.com"}}
    return [
        allow("s3:ListBucket", bucket_arn),
        allow("s3:GetObject", pulumi.Output.concat(bucket_arn, "/*")),
        allow("kms:Decrypt", key_arn, via),
    ]


def scanning(table_arn: pulumi.Input[str]) -> Statement:
    """What it needs to go through the table."""
    return allow("dynamodb:Scan", table_arn)


def measuring() -> Statement:
    """What it needs to tell what a round has found."""
    own = {"StringEquals": {"cloudwatch:namespace": names.METRICS}}
    return allow("cloudwatch:PutMetricData", "*", own)  # knows no resource

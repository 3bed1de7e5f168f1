"""What the components of a system of delivery are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Sequence

import pulumi

from architectures.delivery.sections import Function
from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.stack import Stack
from components.data import BucketArgs, BucketReplica, promising_replication
from components.delivery import ReleasedFunctionArgs
from components.operations import TopicArgs
from components.tags import Tags

FUNCTION_KEYS = {
    "memory_mib": "memory",
    "timeout_seconds": "timeout",
    "architecture": "architecture",
    "error_percent": "errorPercent",
}
"""Argument of a function that a setting decides -> key within the function."""


def function(
    given: Function,
    *,
    image: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    tags: Tags,
) -> ReleasedFunctionArgs:
    """A function's arguments."""
    return ReleasedFunctionArgs(
        image=image,
        memory_mib=given.memory,
        timeout_seconds=given.timeout,
        architecture=given.architecture,
        environment=given.environment,
        error_percent=given.error_percent,
        key_arn=key_arn,
        actions=[topic_arn],
        tags=tags,
    )


def placeholder_function(given: Function) -> ReleasedFunctionArgs:
    """The same for its checks."""
    return function(
        given,
        image=PLACEHOLDER,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        tags=PLACEHOLDER_TAGS,
    )


def approvals(approvers: Sequence[str], *, key_arn: pulumi.Input[str], tags: Tags) -> TopicArgs:
    """The arguments of the topic that asks: no service publishes there in its own name, but the pipelines' role does."""
    return TopicArgs(key_arn=key_arn, emails=approvers, publishers=(), tags=tags)


def artifacts(
    stack: Stack, *, key_arn: pulumi.Input[str], peer_key_arn: pulumi.Input[str], tags: Tags
) -> BucketArgs:
    """The arguments of the buckets that releases lie in: what is put into either is in both."""
    return BucketArgs(
        kms_key_arn=key_arn,
        replica=BucketReplica(region=stack.peer_region, kms_key_arn=peer_key_arn, home_region=stack.region),
        protect=stack.protect,
        tags=promising_replication(tags),
    )

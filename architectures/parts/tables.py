"""A table that the founding stack makes, with a replica in the other region where the strategy has one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from architectures.stack import Stack
from architectures.strategies import Posture
from components.data import GlobalTableArgs, TableReplica
from components.tags import Tags


def table(
    attributes: Mapping[str, str],
    stack: Stack,
    stands: Posture,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    peer_key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    **own: Any,
) -> GlobalTableArgs:
    """The arguments of the table: the first of `attributes` is its hash key, `own` what else of `GlobalTableArgs` is the table's own."""
    replica = TableReplica(region=stack.peer_region, kms_key_arn=peer_key_arn)
    return GlobalTableArgs(
        region=stack.region,
        kms_key_arn=key_arn,
        attributes=attributes,
        hash_key=next(iter(attributes)),
        replicas=[replica] if stands.replicated else [],
        topic_arn=topic_arn,
        deletion_protection=stack.protect,
        protect=stack.protect,
        tags=tags,
        **own,
    )

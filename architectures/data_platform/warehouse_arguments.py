"""What the components of a warehouse are given. The settings' checks look at the same."""

from __future__ import annotations

from collections.abc import Mapping

import pulumi

from architectures.data_platform import names
from architectures.data_platform.sections import Warehouse, WarehouseRestore
from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.stack import Stack
from components.tags import Tags
from components.warehouse import Copied, CopyGrantArgs, WarehouseArgs

KEYS = {
    "identifier": "",
    "subnet_ids": "warehouse.multiAz",
    "node_type": "warehouse.nodeType",
    "nodes": "warehouse.nodes",
    "every_hours": "warehouse.snapshots.everyHours",
    "keep_days": "warehouse.snapshots.keepDays",
}
"""Argument of a cluster that a setting decides -> key within the system."""


def cluster(
    given: Warehouse,
    name: str,
    stack: Stack,
    restore: WarehouseRestore | None,
    *,
    tags: Tags,
    vpc_id: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    grant: pulumi.Input[str] | None,
) -> WarehouseArgs:
    """The arguments of a cluster. `grant` is that of the other region, where its snapshots are copied to; None: they aren't."""
    return WarehouseArgs(
        tags=tags,
        identifier=names.cluster(name, stack, restore.name if restore else names.ORIGINAL),
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        key_arn=key_arn,
        actions=[topic_arn],
        copied=Copied(region=stack.peer_region, grant=grant) if grant is not None else None,
        snapshot=restore.snapshot if restore else None,
        node_type=given.node_type,
        nodes=given.nodes,
        multi_az=given.multi_az,
        database_name=given.database_name,
        every_hours=given.snapshots.every_hours,
        keep_days=given.snapshots.keep_days,
        protect=stack.protect,
    )


def placeholder(given: Warehouse, name: str, stack: Stack, restore: WarehouseRestore | None) -> WarehouseArgs:
    """The same for its checks."""
    return cluster(
        given,
        name,
        stack,
        restore,
        tags=PLACEHOLDER_TAGS,
        vpc_id=PLACEHOLDER,
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        grant=PLACEHOLDER,
    )


def grant(name: str, stack: Stack, *, tags: Tags, peer_key_arn: pulumi.Input[str]) -> CopyGrantArgs:
    """The arguments of the grant in the other region."""
    return CopyGrantArgs(
        tags=tags, grant_name=names.grant(name, stack), region=stack.peer_region, key_arn=peer_key_arn
    )

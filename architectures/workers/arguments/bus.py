"""What the event bus is given."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.stack import Stack
from architectures.workers.sections import Bus
from components.messaging import ExistingBus, PeerBus, RegionBusArgs
from components.tags import Tags

BUS_KEYS = {"archive_days": "bus.archiveDays"}
"""Argument of the bus that a setting decides -> key within the system."""


def bus(
    given: Bus,
    receivers: Mapping[str, Mapping[str, Any]],
    name: str,
    stack: Stack,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    peer: PeerBus | None,
    existing: ExistingBus | None,
) -> RegionBusArgs:
    """The arguments of the bus."""
    return RegionBusArgs(
        tags=tags,
        name=stack.named(name, "events"),
        region=stack.region,
        key_arn=key_arn,
        receivers=receivers,
        archive_days=given.archive_days,
        peer=peer,
        existing=existing,
        protect=stack.protect,
    )


def placeholder_bus(
    given: Bus, receivers: Mapping[str, Mapping[str, Any]], name: str, stack: Stack
) -> RegionBusArgs:
    """The same for its checks."""
    return bus(
        given,
        receivers,
        name,
        stack,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        peer=None,
        existing=None,
    )

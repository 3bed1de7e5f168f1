"""Ingestion in one region: the bucket of what devices sent, and what takes it from them."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.data_platform import names
from architectures.data_platform.buckets import PairOfBuckets
from architectures.data_platform.sections import Ingestion
from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.stack import Stack
from architectures.system import Place
from components.facts import Fact
from components.ingestion import DeviceIngestion, IngestionArgs
from components.tags import Tags

PART = "ingestion"
"""Which of the system's outputs tells of it."""
KEYS = {
    "identifier": "",
    "root": "ingestion.root",
    "buffer_seconds": "ingestion.bufferSeconds",
    "buffer_mib": "ingestion.bufferMib",
}
"""Argument that a setting decides -> key within the system."""


def arguments(
    given: Ingestion,
    name: str,
    stack: Stack,
    *,
    tags: Tags,
    bucket_arn: pulumi.Input[str],
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
) -> IngestionArgs:
    """What the component is given: the same in both regions."""
    return IngestionArgs(
        tags=tags,
        identifier=names.stream(name, stack),
        region=stack.region,
        root=name if given.root is None else given.root,
        bucket_arn=bucket_arn,
        key_arn=key_arn,
        actions=[topic_arn],
        buffer_seconds=given.buffer_seconds,
        buffer_mib=given.buffer_mib,
    )


def placeholder(given: Ingestion, name: str, stack: Stack) -> IngestionArgs:
    """The same for its checks."""
    unknown = {"bucket_arn": PLACEHOLDER, "key_arn": PLACEHOLDER, "topic_arn": PLACEHOLDER}
    return arguments(given, name, stack, tags=PLACEHOLDER_TAGS, **unknown)


class IngestionParts:
    """The parts of a region, as children of the system."""

    takes: DeviceIngestion | None
    """None where the strategy leaves the region without it."""
    records: PairOfBuckets
    recovery: list[Fact]
    outputs: dict[str, Any]

    def __init__(
        self, name: str, given: Ingestion, place: Place, *, stands: bool, parent: pulumi.Resource
    ) -> None:
        child, ground = pulumi.ResourceOptions(parent=parent), place.ground
        pair = PairOfBuckets(names.records(name), place, part=PART, keeps="records", opts=child)
        self.records = pair
        self.recovery, self.outputs, self.takes = list(pair.recovery), dict(pair.outputs), None
        if not stands:
            return
        args = arguments(
            given,
            name,
            place.stack,
            tags=place.tags,
            bucket_arn=pair.arn,
            key_arn=ground.key_arn,
            topic_arn=ground.topic.arn,
        )
        self.takes = DeviceIngestion(names.ingestion(name), args, child)
        self.recovery += self.takes.recovery_facts
        self.outputs |= {
            "policy": self.takes.policy,
            "stream": self.takes.delivery.name,
            "topics": f"{args.root}/<thing>/",
        }

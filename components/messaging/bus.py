"""An event bus that two regions have: what is put in one is sent on to the other, whose archive keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pulumi
import pulumi_aws as aws

from components.checks import between, need
from components.options import handed_down
from components.outputs import register
from components.tags import Tags

ARCHIVE_DAYS = (1, 3650)
"""AWS takes any number, and 0 for ever; more than ten years is a mistake."""
KEYS = ("source", "detail-type", "detail", "resources")
"""What a receiver's pattern may say of an event; its region, and whether it is replayed, are the bus's own."""
OURS: Mapping[str, Any] = {"replay-name": [{"exists": False}]}
REPLAYED: Mapping[str, Any] = {"replay-name": [{"exists": True}]}
"""https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-replay-archived-event.html"""


def check_pattern(argument: str, pattern: Mapping[str, Any]) -> None:
    """Raise ArgumentError for what is no event pattern of ours: lists of values, below the keys of an event.

    https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-event-patterns.html
    """
    need(bool(pattern), argument, "nothing", f"a pattern of {', '.join(KEYS)}")
    for key in pattern:
        need(key in KEYS, argument, repr(key), f"one of {', '.join(KEYS)}")
    for key, value in pattern.items():
        _check(argument, key, value)


def _check(argument: str, key: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for inner, found in value.items():
            _check(argument, f"{key}.{inner}", found)
        return
    need(isinstance(value, list) and bool(value), argument, f"{key}: {value!r}", "lists of values to match")


@dataclass(frozen=True, kw_only=True)
class PeerBus:
    """The bus of the other region, as the founding stack makes it."""

    region: str
    key_arn: pulumi.Input[str]
    """Customer key of that region."""


@dataclass(frozen=True, kw_only=True)
class ExistingBus:
    """A bus that the founding stack made: this region's, and the other one's."""

    name: pulumi.Input[str]
    arn: pulumi.Input[str]
    peer_arn: pulumi.Input[str]


@dataclass(frozen=True, kw_only=True)
class RegionBusArgs:
    """What one region's bus needs."""

    tags: Tags
    name: str
    """Of the bus, the same in both regions, as a global endpoint needs it."""
    region: str
    key_arn: pulumi.Input[str]
    """Customer key of the region, which its policy lets EventBridge use."""
    receivers: Mapping[str, Mapping[str, Any]]
    """By name: the pattern of the events that it gets."""
    archive_days: int = 14
    """How long events are kept to be replayed, 1 to 3,650."""
    peer: PeerBus | None = None
    """The other region's bus, to make it too. None: there is none, or it stands."""
    existing: ExistingBus | None = None
    """Both buses, where another stack made them."""
    protect: bool = True
    """Whether the archive, which keeps events, can't be deleted."""

    def check(self) -> None:
        """Raise ArgumentError, before anything is registered, on an argument that AWS would refuse."""
        between("archive_days", self.archive_days, *ARCHIVE_DAYS, "days")
        for each, pattern in self.receivers.items():
            check_pattern(f"receivers[{each}]", pattern)


class RegionBus(pulumi.ComponentResource):
    """One region's bus: its archive, and a rule for what goes where. Targets are `Deliveries`.

    Creates: in the founding stack the bus of each region; an archive of this region's; a rule that matches what is put here and is to be
    sent on; two rules for each receiver: what is put in this region, and what is replayed, of either region.
    Survives: a zone. With the region goes what was not yet sent on, and what receivers had in their queues; the other region's archive has
    the rest. Costs: events put and sent on, the archive.
    Source: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-region.html
    """

    name: pulumi.Output[str]
    arn: pulumi.Output[str]
    peer_arn: pulumi.Output[str] | None
    """None where there is no other bus."""
    archive_arn: pulumi.Output[str]
    to_peer: aws.cloudwatch.EventRule | None
    rules: dict[str, list[aws.cloudwatch.EventRule]]
    """By receiver: of what is put here, and of what is replayed."""

    def __init__(self, name: str, args: RegionBusArgs, opts: pulumi.ResourceOptions | None = None) -> None:
        args.check()
        super().__init__("holdfast:messaging:RegionBus", name, {}, handed_down(opts))
        self._name, self._args = name, args
        self._own = pulumi.ResourceOptions(parent=self)
        self.name, self.arn, self.peer_arn = self._buses()
        self.archive_arn = aws.cloudwatch.EventArchive(
            f"{name}-archive",
            description=f"{args.name}: what is put in either region",
            event_source_arn=self.arn,
            retention_days=args.archive_days,
            kms_key_identifier=args.key_arn,
            opts=pulumi.ResourceOptions(parent=self, protect=args.protect),
        ).arn
        here = {"region": [args.region], **OURS}
        # What came from the other region has its region: nothing goes back.
        self.to_peer = (
            self._rule("to-peer", "is sent on to the other region", here) if self.peer_arn else None
        )
        self.rules = {
            each: [
                self._rule(f"{each}-here", f"is put here for {each}", {**pattern, **here}),
                self._rule(f"{each}-again", f"is replayed for {each}", {**pattern, **REPLAYED}),
            ]
            for each, pattern in args.receivers.items()
        }
        register(self, "name", "arn", "archive_arn")

    def _buses(self) -> tuple[pulumi.Output[str], pulumi.Output[str], pulumi.Output[str] | None]:
        args = self._args
        if args.existing is not None:
            found = (args.existing.name, args.existing.arn, args.existing.peer_arn)
            name, arn, peer_arn = (pulumi.Output.from_input(each) for each in found)
            return name, arn, peer_arn
        bus = self._bus(f"{self._name}-bus", args.key_arn, None)
        if args.peer is None:
            return bus.name, bus.arn, None
        return bus.name, bus.arn, self._bus(f"{self._name}-peer", args.peer.key_arn, args.peer.region).arn

    def _bus(self, child: str, key_arn: pulumi.Input[str], region: str | None) -> aws.cloudwatch.EventBus:
        return aws.cloudwatch.EventBus(
            child,
            name=self._args.name,
            kms_key_identifier=key_arn,
            region=region,
            tags=self._args.tags.resource(child),
            opts=self._own,
        )

    def _rule(self, what: str, about: str, pattern: Mapping[str, Any]) -> aws.cloudwatch.EventRule:
        child = f"{self._name}-{what}"
        return aws.cloudwatch.EventRule(
            child,
            description=f"{self._args.name}: what {about}",
            event_bus_name=self.name,
            event_pattern=pulumi.Output.json_dumps(pattern),
            tags=self._args.tags.resource(child),
            opts=self._own,
        )

"""Topics, the event bus and the schedules of a region, and what leads from them to queues."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pulumi
import pulumi_aws as aws

from architectures.workers import arguments, names
from architectures.workers.floor import Floor
from architectures.workers.sections import Bus, Schedule
from components.data import Sender, WorkQueue, declare_letters
from components.messaging import (
    Deliveries,
    DeliveriesArgs,
    ExistingBus,
    FanOut,
    FanOutArgs,
    PeerBus,
    QueueSchedules,
    RegionBus,
)
from components.operations import Topic, TopicArgs

SNS, EVENTS = "sns.amazonaws.com", "events.amazonaws.com"


class Eventing:
    """The topics and the bus: `senders` before the queues are made, `deliver` after, which makes the schedules too."""

    topics: dict[str, Topic]
    bus: RegionBus | None
    schedules: QueueSchedules | None
    """None where the system has none."""
    letters: aws.sqs.Queue | None
    """What could not be delivered; None where nothing is delivered in a service's name."""

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self.topics = {each: self._topic(each) for each in floor.settings.topics}
        self.bus = self._bus(floor.settings.bus) if floor.settings.bus else None
        self.schedules, self.letters = None, None

    def senders(self, each: str) -> Iterator[Sender]:
        """Who sends to that worker's queue in a service's name."""
        for topic, fan in self._floor.settings.topics.items():
            if each in fan.to:
                yield Sender(service=SNS, source_arn=self.topics[topic].arn)
        if self.bus is not None:
            for rule in self.bus.rules.get(each, []):
                yield Sender(service=EVENTS, source_arn=rule.arn)

    @property
    def told_bus(self) -> dict[str, dict[str, pulumi.Output[str]]]:
        """What people and the other region's stack read of the bus."""
        bus = self.bus
        if bus is None:
            return {}
        found = {"name": bus.name, "arn": bus.arn, "archive": bus.archive_arn}
        return {"bus": {**found, "peerArn": bus.peer_arn} if bus.peer_arn is not None else found}

    def _topic(self, each: str) -> Topic:
        floor = self._floor
        # Producers publish by their own roles.
        args = TopicArgs(key_arn=floor.ground.key_arn, tags=floor.tags, publishers=())
        return Topic(names.topic(floor.name, each), args, floor.child)

    def _bus(self, given: Bus) -> RegionBus:
        floor = self._floor
        stack, ground, theirs = floor.stack, floor.ground, floor.place.peer
        peer, existing = None, None
        if floor.stands.replicated:
            if theirs is None:
                peer = PeerBus(region=stack.peer_region, key_arn=ground.peer_key_arn)
            else:
                found = theirs.part("bus")
                existing = ExistingBus(
                    name=found.text("name"), arn=found.text("peerArn"), peer_arn=found.text("arn")
                )
        args = arguments.bus(
            given,
            floor.settings.received,
            floor.name,
            stack,
            tags=floor.tags,
            key_arn=ground.key_arn,
            peer=peer,
            existing=existing,
        )
        return RegionBus(names.bus(floor.name), args, floor.child)

    def deliver(self, queues: Mapping[str, WorkQueue]) -> None:
        """Subscriptions of topics, targets of the bus and schedules, with one queue for what could not be delivered."""
        floor, rules = self._floor, []
        if self.bus is not None:
            rules = [rule for each in self.bus.rules.values() for rule in each]
            rules += [self.bus.to_peer] if self.bus.to_peer else []
        if not self.topics and self.bus is None and not floor.settings.schedules:
            return
        self.letters = letters = declare_letters(
            f"{floor.name}-undelivered",
            about=f"{floor.name}: messages that could not be delivered to their queue",
            senders=[
                *(Sender(service=SNS, source_arn=made.arn) for made in self.topics.values()),
                *(Sender(service=EVENTS, source_arn=rule.arn) for rule in rules),
            ],
            key_arn=floor.ground.key_arn,
            actions=[floor.ground.topic.arn],
            tags=floor.tags,
            opts=floor.child,
        )
        for each, made in self.topics.items():
            args = FanOutArgs(
                tags=floor.tags,
                topic_arn=made.arn,
                queues={worker: queues[worker].sent_to for worker in floor.settings.topics[each].to},
                letters_arn=letters.arn,
            )
            FanOut(names.topic(floor.name, each), args, floor.child)
        if self.bus is not None:
            delivered = DeliveriesArgs(
                tags=floor.tags,
                bus=self.bus,
                queues={each: queues[each].sent_to for each in self.bus.rules},
                letters_arn=letters.arn,
            )
            Deliveries(names.bus(floor.name), delivered, floor.child)
        if floor.settings.schedules:
            self.schedules = self._schedules(floor.settings.schedules, queues, letters.arn)

    def _schedules(
        self,
        given: Mapping[str, Schedule],
        queues: Mapping[str, WorkQueue],
        letters_arn: pulumi.Output[str],
    ) -> QueueSchedules:
        floor = self._floor
        args = arguments.schedules(
            given,
            floor.name,
            floor.stack,
            # One region sends: both have the same schedules, unless this one is built since the other is lost.
            enabled=floor.stack.active or floor.settings.rebuild,
            tags=floor.tags,
            key_arn=floor.ground.key_arn,
            letters_arn=letters_arn,
            queues={each: made.arn for each, made in queues.items()},
        )
        return QueueSchedules(names.clock(floor.name), args, floor.child)

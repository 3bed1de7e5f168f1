"""What works in one region: the table of what is done, topics, queues, functions and containers."""

from __future__ import annotations

from typing import Any

import pulumi

from architectures.parts.images import Images
from architectures.parts.tables import SystemTable
from architectures.system import Place
from architectures.workers import arguments, names
from architectures.workers.sections import Bus, Container, Function, Stream, Worker
from architectures.workers.settings import WorkersSettings
from components.compute import (
    ContainerCluster,
    ContainerClusterArgs,
    ContainerService,
    ServingFunction,
    StreamSource,
)
from components.data import Sender, WorkQueue, declare_letters, item_statements
from components.facts import Fact
from components.messaging import (
    Deliveries,
    DeliveriesArgs,
    ExistingBus,
    FanOut,
    FanOutArgs,
    PeerBus,
    RecordStream,
    RegionBus,
)
from components.network import WorkerGroup
from components.operations import Topic, TopicArgs
from components.permissions import Statement, allow

SNS, EVENTS = "sns.amazonaws.com", "events.amazonaws.com"


class Serving:
    """The parts of a region that work, as children of the system."""

    table: SystemTable
    queues: dict[str, WorkQueue]
    topics: dict[str, Topic]
    bus: RegionBus | None
    functions: dict[str, ServingFunction]
    services: dict[str, ContainerService]
    """Those that have an image."""
    cluster: ContainerCluster | None
    """None where no worker is in containers."""

    def __init__(
        self,
        name: str,
        settings: WorkersSettings,
        place: Place,
        images: Images,
        *,
        parent: pulumi.Resource,
    ) -> None:
        self._name, self._settings, self._place, self._images = name, settings, place, images
        self._stack, self._ground, self._tags = place.stack, place.ground, place.tags
        self._stands = settings.posture(place.stack)
        self._child = pulumi.ResourceOptions(parent=parent)
        self.table = self._table()
        self.topics = {each: self._topic(each) for each in settings.topics}
        self.bus = self._bus(settings.bus) if settings.bus else None
        self.queues = {each: self._queue(each, given) for each, given in settings.workers.items()}
        if self.topics or self.bus:
            self._deliver()
        self.functions = {
            each: self._function(each, given, given.function)
            for each, given in settings.workers.items()
            if given.function is not None
        }
        self.cluster, self.services = self._containers()
        self.streams = {each: self._stream(each, given) for each, given in settings.streams.items()}
        self.aggregates = {each: self._aggregates(each, given) for each, given in settings.streams.items()}

    @property
    def recovery(self) -> list[Fact]:
        """The units that work, front to back."""
        done = [each["name"] for each in self.table.stores]
        workers: dict[str, ServingFunction | ContainerService] = {**self.functions, **self.services}
        own = [
            {
                **made.recovery_fact,
                "needs": sorted([*done, self.queues[each].recovery_fact["name"]]),
            }
            for each, made in workers.items()
        ]
        counting = [
            {
                **made.recovery_fact,
                "needs": sorted([*done, self.streams[each].recovery_fact["name"]]),
            }
            for each, made in self.aggregates.items()
        ]
        streams = [made.recovery_fact for made in self.streams.values()]
        queues = [self._fact(each) for each in self.queues]
        return [*own, *counting, *queues, *streams, *self.table.stores]

    def _fact(self, each: str) -> Fact:
        """What a queue is to recovery: events that it gets are in an archive, and in the other region's too."""
        found = self.queues[each].recovery_fact
        if self.bus is None or each not in self.bus.rules:
            return found
        sent_on = {"replicas": [{"region": self._stack.peer_region}]} if self.bus.peer_arn else {}
        return {**found, "archived": True, **sent_on}

    @property
    def outputs(self) -> dict[str, Any]:
        """What people, producers and the other region's stack read of it."""
        return {
            "queues": {each: made.url for each, made in self.queues.items()},
            "deadLetters": {each: made.dead_letter_arn for each, made in self.queues.items()},
            "table": self.table.told,
            **({"topics": {each: made.arn for each, made in self.topics.items()}} if self.topics else {}),
            **({"cluster": self.cluster.name} if self.cluster else {}),
            **({"bus": self._told_bus(self.bus)} if self.bus else {}),
            **({"streams": {each: made.name for each, made in self.streams.items()}} if self.streams else {}),
            "functions": {each: made.function_name for each, made in self.functions.items()},
            "services": {each: made.service_name for each, made in self.services.items()},
        }

    def _table(self) -> SystemTable:
        args = arguments.table(
            self._stack,
            self._stands,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            peer_key_arn=self._ground.peer_key_arn,
            topic_arn=self._ground.topic.arn,
        )
        return SystemTable(
            f"{self._name}-done",
            args,
            self._place,
            replicated=self._stands.replicated,
            opts=self._child,
        )

    def _topic(self, each: str) -> Topic:
        # Producers publish by their own roles.
        args = TopicArgs(key_arn=self._ground.key_arn, tags=self._tags, publishers=())
        return Topic(names.topic(self._name, each), args, self._child)

    def _bus(self, given: Bus) -> RegionBus:
        stack, ground, theirs = self._stack, self._ground, self._place.peer
        peer, existing = None, None
        if self._stands.replicated:
            if theirs is None:
                peer = PeerBus(region=stack.peer_region, key_arn=ground.peer_key_arn)
            else:
                found = theirs.part("bus")
                existing = ExistingBus(
                    name=found.text("name"), arn=found.text("peerArn"), peer_arn=found.text("arn")
                )
        args = arguments.bus(
            given,
            self._settings.received,
            self._name,
            stack,
            tags=self._tags,
            key_arn=ground.key_arn,
            peer=peer,
            existing=existing,
        )
        return RegionBus(names.bus(self._name), args, self._child)

    @staticmethod
    def _told_bus(bus: RegionBus) -> dict[str, pulumi.Output[str]]:
        found = {"name": bus.name, "arn": bus.arn, "archive": bus.archive_arn}
        return {**found, "peerArn": bus.peer_arn} if bus.peer_arn is not None else found

    def _queue(self, each: str, given: Worker) -> WorkQueue:
        senders = [
            Sender(service=SNS, source_arn=self.topics[topic].arn)
            for topic, fan in self._settings.topics.items()
            if each in fan.to
        ]
        if self.bus is not None:
            senders += [Sender(service=EVENTS, source_arn=rule.arn) for rule in self.bus.rules.get(each, [])]
        args = arguments.queue(
            given,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            actions=[self._ground.topic.arn],
            senders=senders,
            protect=self._stack.protect,
        )
        return WorkQueue(names.worker(self._name, each), args, self._child)

    def _deliver(self) -> None:
        """Subscriptions of topics and targets of the bus, with one queue for what could not be delivered."""
        rules = []
        if self.bus is not None:
            rules = [rule for each in self.bus.rules.values() for rule in each]
            rules += [self.bus.to_peer] if self.bus.to_peer else []
        letters = declare_letters(
            f"{self._name}-undelivered",
            about=f"{self._name}: messages that could not be delivered to their queue",
            senders=[
                *(Sender(service=SNS, source_arn=made.arn) for made in self.topics.values()),
                *(Sender(service=EVENTS, source_arn=rule.arn) for rule in rules),
            ],
            key_arn=self._ground.key_arn,
            actions=[self._ground.topic.arn],
            tags=self._tags,
            opts=self._child,
        )
        for each, made in self.topics.items():
            args = FanOutArgs(
                tags=self._tags,
                topic_arn=made.arn,
                queues={worker: self.queues[worker].sent_to for worker in self._settings.topics[each].to},
                letters_arn=letters.arn,
            )
            FanOut(names.topic(self._name, each), args, self._child)
        if self.bus is not None:
            delivered = DeliveriesArgs(
                tags=self._tags,
                bus=self.bus,
                queues={each: self.queues[each].sent_to for each in self.bus.rules},
                letters_arn=letters.arn,
            )
            Deliveries(names.bus(self._name), delivered, self._child)

    def _stream(self, each: str, given: Stream) -> RecordStream:
        args = arguments.stream(
            given,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            topic_arn=self._ground.topic.arn,
            protect=self._stack.protect,
        )
        return RecordStream(names.worker(self._name, each), args, self._child)

    def _aggregates(self, each: str, given: Stream) -> ServingFunction:
        stream, name = self.streams[each], names.worker(self._name, each)
        letters = declare_letters(
            f"{name}-unread",
            about=f"{name}: records that nobody could count; the stream still has them",
            key_arn=self._ground.key_arn,
            actions=[self._ground.topic.arn],
            tags=self._tags,
            opts=self._child,
        )
        source = StreamSource(
            arn=stream.consumer_arn,
            statements=[*stream.consuming(), allow("sqs:SendMessage", letters.arn)],
            letters_arn=letters.arn,
            window_seconds=given.window_seconds,
        )
        args = arguments.aggregates(
            each,
            given,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            topic_arn=self._ground.topic.arn,
            source=source,
            statements=self._done,
            variables=self._told,
        )
        return ServingFunction(name, args, self._child)

    @property
    def _told(self) -> dict[str, pulumi.Input[str]]:
        """What every worker is told."""
        return {
            names.TABLE: self.table.made.table_name,
            names.KEPT: str(self._settings.kept_seconds),
        }

    @property
    def _done(self) -> list[Statement]:
        """What every worker may do with the table."""
        return item_statements(self.table.made.table_arn)

    def _function(self, each: str, given: Worker, function: Function) -> ServingFunction:
        queue = self.queues[each]
        args = arguments.function(
            each,
            function,
            given.queue.visibility_seconds,
            tags=self._tags,
            key_arn=self._ground.key_arn,
            topic_arn=self._ground.topic.arn,
            queue_arn=queue.arn,
            receiving=queue.receiving(),
            statements=self._done,
            variables=self._told,
        )
        return ServingFunction(names.worker(self._name, each), args, self._child)

    def _containers(self) -> tuple[ContainerCluster | None, dict[str, ContainerService]]:
        placed = {
            each: given.container
            for each, given in self._settings.workers.items()
            if given.container is not None and given.container.image is not None
        }
        if not placed:
            return None, {}
        args = ContainerClusterArgs(
            tags=self._tags, cluster_name=self._stack.named(self._name), key_arn=self._ground.key_arn
        )
        cluster = ContainerCluster(f"{self._name}-tasks", args, self._child)
        group = WorkerGroup(f"{self._name}-sg", self._ground.network.vpc_id, self._tags, self._child)
        return cluster, {
            each: self._service(each, given, cluster, group.group_id) for each, given in placed.items()
        }

    def _service(
        self, each: str, given: Container, cluster: ContainerCluster, group_id: pulumi.Output[str]
    ) -> ContainerService:
        assert given.image is not None  # noqa: S101  only those with an image are placed
        queue, pulled = self.queues[each], self._images.of(each, given.image)
        args = arguments.service(
            given,
            self._stack,
            self._stands.share or 0,
            tags=self._tags,
            subnet_ids=self._ground.network.private_subnet_ids,
            security_group_id=group_id,
            image=pulled.image,
            repository_arn=pulled.repository_arn,
            key_arn=self._ground.key_arn,
            topic_arn=self._ground.topic.arn,
            cluster_arn=cluster.arn,
            queue_name=queue.name,
            variables={
                **self._told,
                names.QUEUE: queue.url,
                names.WORK: str(given.work_seconds),
            },
            statements=[*queue.receiving(), *self._done],
        )
        return ContainerService(names.worker(self._name, each), args, self._child)

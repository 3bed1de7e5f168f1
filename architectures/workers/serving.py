"""What works in one region: queues and who works them off, put together with topics, bus, streams, Kafka and the table of what is done."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pulumi

from architectures.parts.images import Images
from architectures.system import Place
from architectures.workers import arguments, names
from architectures.workers.brokering import Brokering
from architectures.workers.containers import Containers
from architectures.workers.eventing import Eventing
from architectures.workers.floor import Done, Floor
from architectures.workers.sections import Function, Worker
from architectures.workers.servers import server_groups
from architectures.workers.settings import WorkersSettings
from architectures.workers.streaming import Streaming
from components.compute import AutoScaledTier, ContainerService, ServingFunction
from components.data import WorkQueue
from components.facts import Fact
from components.network import WorkerGroup


class Serving:
    """The parts of a region that work, as children of the system."""

    eventing: Eventing
    queues: dict[str, WorkQueue]
    functions: dict[str, ServingFunction]
    containers: Containers
    servers: dict[str, AutoScaledTier]
    streaming: Streaming
    brokering: Brokering

    def __init__(
        self,
        name: str,
        settings: WorkersSettings,
        place: Place,
        images: Images,
        *,
        parent: pulumi.Resource,
    ) -> None:
        child = pulumi.ResourceOptions(parent=parent)
        self._floor = floor = Floor(name=name, settings=settings, place=place, child=child)
        self._done = Done(floor)
        self.eventing = Eventing(floor)
        self.queues = {each: self._queue(each, given) for each, given in settings.workers.items()}
        self.eventing.deliver(self.queues)
        self.functions = {
            each: self._function(each, given, given.function)
            for each, given in settings.workers.items()
            if given.function is not None
        }
        group_id = self._group_id()
        self.containers = Containers(floor, self._done, self.queues, images, group_id)
        self.servers = server_groups(floor, self._done, self.queues, group_id) if group_id is not None else {}
        self.streaming = Streaming(floor, self._done)
        self.brokering = Brokering(floor, self._done)

    @property
    def recovery(self) -> list[Fact]:
        """The units that work, front to back."""
        workers: Mapping[str, ServingFunction | ContainerService | AutoScaledTier] = {
            **self.functions,
            **self.containers.services,
            **self.servers,
        }
        own = [
            {
                **made.recovery_fact,
                "needs": sorted([*self._done.stores, self.queues[each].recovery_fact["name"]]),
            }
            for each, made in workers.items()
        ]
        streams = [made.recovery_fact for made in self.streaming.streams.values()]
        queues = [self._fact(each) for each in self.queues]
        return [
            *own,
            *self.streaming.functions,
            *queues,
            *streams,
            *self.brokering.recovery,
            *self._done.made.stores,
        ]

    def _fact(self, each: str) -> Fact:
        """What a queue is to recovery: events that it gets are in an archive, and in the other region's too."""
        found, bus = self.queues[each].recovery_fact, self.eventing.bus
        if bus is None or each not in bus.rules:
            return found
        sent_on = {"replicas": [{"region": self._floor.stack.peer_region}]} if bus.peer_arn else {}
        return {**found, "archived": True, **sent_on}

    @property
    def outputs(self) -> dict[str, Any]:
        """What people, producers and the other region's stack read of it."""
        topics, cluster = self.eventing.topics, self.containers.cluster
        streams = self.streaming.streams
        return {
            "queues": {each: made.url for each, made in self.queues.items()},
            "deadLetters": {each: made.dead_letter_arn for each, made in self.queues.items()},
            "table": self._done.made.told,
            **({"topics": {each: made.arn for each, made in topics.items()}} if topics else {}),
            **({"cluster": cluster.name} if cluster else {}),
            **self.eventing.told_bus,
            **self.brokering.told,
            **({"streams": {each: made.name for each, made in streams.items()}} if streams else {}),
            "functions": {each: made.function_name for each, made in self.functions.items()},
            "services": {each: made.service_name for each, made in self.containers.services.items()},
            **(
                {"groups": {each: made.group_name for each, made in self.servers.items()}}
                if self.servers
                else {}
            ),
        }

    def _group_id(self) -> pulumi.Output[str] | None:
        """The security group of tasks and servers, where there are any."""
        floor = self._floor
        if not floor.settings.placed and not floor.settings.served:
            return None
        return WorkerGroup(f"{floor.name}-sg", floor.ground.network.vpc_id, floor.tags, floor.child).group_id

    def _queue(self, each: str, given: Worker) -> WorkQueue:
        floor = self._floor
        args = arguments.queue(
            given,
            tags=floor.tags,
            key_arn=floor.ground.key_arn,
            actions=[floor.ground.topic.arn],
            senders=list(self.eventing.senders(each)),
            protect=floor.stack.protect,
        )
        return WorkQueue(names.worker(floor.name, each), args, floor.child)

    def _function(self, each: str, given: Worker, function: Function) -> ServingFunction:
        floor, queue = self._floor, self.queues[each]
        args = arguments.function(
            each,
            function,
            given.queue.visibility_seconds,
            tags=floor.tags,
            key_arn=floor.ground.key_arn,
            topic_arn=floor.ground.topic.arn,
            queue_arn=queue.arn,
            receiving=queue.receiving(),
            statements=self._done.statements,
            variables=self._done.told,
        )
        return ServingFunction(names.worker(floor.name, each), args, floor.child)

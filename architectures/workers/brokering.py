"""Kafka in a region: the cluster, the functions that work its topics off, and what copies the topics between the regions."""

from __future__ import annotations

from typing import Any

from architectures.workers import arguments, names
from architectures.workers.floor import Done, Floor
from architectures.workers.sections import Kafka, KafkaTopic
from components.compute import ServingFunction, TopicSource
from components.data import declare_letters
from components.facts import Fact
from components.kafka import End, KafkaCluster, KafkaReplicators
from components.permissions import allow


class Brokering:
    """The cluster with its functions, where there is one; replicators in the stack that joins, which knows both clusters."""

    cluster: KafkaCluster | None
    readers: dict[str, ServingFunction]
    replicators: KafkaReplicators | None

    def __init__(self, floor: Floor, done: Done) -> None:
        self._floor, self._done = floor, done
        self.cluster, self.replicators, self.readers = None, None, {}
        given = floor.settings.kafka
        if given is None:
            return
        self.cluster = self._cluster(given)
        self.readers = {each: self._reader(each, topic, self.cluster) for each, topic in given.topics.items()}
        if floor.place.peer is not None:
            self.replicators = self._replicators(given, self.cluster)

    @property
    def recovery(self) -> list[Fact]:
        """The functions, and the cluster with what copies from it."""
        if self.cluster is None:
            return []
        store = self.cluster.recovery_fact
        own = [
            {**made.recovery_fact, "needs": sorted([*self._done.stores, store["name"]])}
            for made in self.readers.values()
        ]
        copied = {"replicas": self.replicators.replicas} if self.replicators else {}
        return [*own, {**store, **copied}]

    @property
    def told(self) -> dict[str, dict[str, Any]]:
        """What clients and the other region's stack read of it."""
        cluster = self.cluster
        if cluster is None:
            return {}
        return {
            "kafka": {
                "cluster": cluster.name,
                "arn": cluster.ready,
                "bootstrap": cluster.bootstrap,
                "clients": cluster.groups.clients_id,
                "brokers": cluster.groups.brokers_id,
                "subnets": cluster.subnet_ids,
                "alerts": self._floor.ground.topic.arn,
                "mappings": {each: made.mapping_id for each, made in self.readers.items()},
            }
        }

    def _cluster(self, given: Kafka) -> KafkaCluster:
        floor = self._floor
        args = arguments.cluster(
            given,
            floor.name,
            floor.stack,
            tags=floor.tags,
            key_arn=floor.ground.key_arn,
            topic_arn=floor.ground.topic.arn,
            vpc_id=floor.ground.network.vpc_id,
            subnet_ids=floor.ground.network.private_subnet_ids,
        )
        return KafkaCluster(names.kafka(floor.name), args, floor.child)

    def _reader(self, each: str, given: KafkaTopic, cluster: KafkaCluster) -> ServingFunction:
        floor = self._floor
        name = names.worker(floor.name, each)
        letters = declare_letters(
            f"{name}-unread",
            about=f"{name}: messages that nobody could handle",
            key_arn=floor.ground.key_arn,
            actions=[floor.ground.topic.arn],
            tags=floor.tags,
            opts=floor.child,
        )
        source = TopicSource(
            arn=cluster.ready,
            topic=each,
            group=arguments.group(floor.name, each, floor.stack),
            statements=[*cluster.consuming(each), allow("sqs:SendMessage", letters.arn)],
            # One region reads: both have all messages.
            enabled=floor.stack.active,
            batch=given.batch,
        )
        args = arguments.reader(
            each,
            given,
            tags=floor.tags,
            key_arn=floor.ground.key_arn,
            topic_arn=floor.ground.topic.arn,
            source=source,
            statements=self._done.statements,
            variables={**self._done.told, names.LETTERS: letters.url},
        )
        return ServingFunction(name, args, floor.child)

    def _replicators(self, given: Kafka, cluster: KafkaCluster) -> KafkaReplicators:
        floor = self._floor
        assert floor.place.peer is not None  # noqa: S101  asked before
        theirs = floor.place.peer.part("kafka")
        here = End(
            region=floor.stack.region,
            cluster_arn=cluster.ready,
            subnet_ids=cluster.subnet_ids,
            group_id=cluster.groups.brokers_id,
            actions=[floor.ground.topic.arn],
        )
        there = End(
            region=floor.stack.peer_region,
            cluster_arn=theirs.text("arn"),
            subnet_ids=theirs.value("subnets"),
            group_id=theirs.text("brokers"),
            actions=[theirs.text("alerts")],
        )
        args = arguments.replicators(given, floor.name, floor.stack, tags=floor.tags, here=here, there=there)
        return KafkaReplicators(names.replicators(floor.name), args, floor.child)

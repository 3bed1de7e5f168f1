"""Kafka: a cluster of Amazon MSK in each region, and the replicators between them."""

from __future__ import annotations

from components.kafka.args import KafkaClusterArgs, KafkaTopicArgs
from components.kafka.cluster import KafkaCluster
from components.kafka.replicators import Direction, End, KafkaReplicators, KafkaReplicatorsArgs

__all__ = [
    "Direction",
    "End",
    "KafkaCluster",
    "KafkaClusterArgs",
    "KafkaReplicators",
    "KafkaReplicatorsArgs",
    "KafkaTopicArgs",
]

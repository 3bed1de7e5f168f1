"""What a cluster of Kafka is given, what copies its topics, and the function that works a topic off."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pulumi

from architectures.faults import PLACEHOLDER
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.stack import Stack
from architectures.workers.arguments.function import code
from architectures.workers.sections import Kafka, KafkaTopic
from components.compute import FunctionArgs, TopicSource
from components.kafka import End, KafkaClusterArgs, KafkaReplicatorsArgs, KafkaTopicArgs
from components.permissions import Statement
from components.tags import Tags

KAFKA_KEYS = {
    "cluster_name": "kafka",
    "subnet_ids": "kafka",
    "version": "kafka.version",
    "instance_type": "kafka.instanceType",
    "brokers": "kafka.brokers",
    "storage_gib": "kafka.storageGib",
    "storage_maximum_gib": "kafka.storageMaximumGib",
    "lag_seconds": "kafka.lagSeconds",
}
"""Argument of the cluster, or of its replicators, that a setting decides -> key within the system."""
TOPIC_KEYS = {
    "partitions": "partitions",
    "retention_hours": "retentionHours",
    "behind_seconds": "behindSeconds",
}
"""The same of a topic -> key within it."""
READER_KEYS = {"timeout_seconds": "timeoutSeconds", "source.batch": "batch"}
"""The same of its function."""


def group(name: str, each: str, stack: Stack) -> str:
    """The group as which a topic is read, the same in both regions."""
    return stack.named(name, each)


def cluster(
    given: Kafka,
    name: str,
    stack: Stack,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    vpc_id: pulumi.Input[str],
    subnet_ids: Mapping[str, pulumi.Input[str]],
) -> KafkaClusterArgs:
    """The arguments of the cluster."""
    return KafkaClusterArgs(
        tags=tags,
        cluster_name=stack.named(name, "kafka"),
        key_arn=key_arn,
        actions=[topic_arn],
        vpc_id=vpc_id,
        subnet_ids=subnet_ids,
        topics={each: _topic(topic, group(name, each, stack)) for each, topic in given.topics.items()},
        version=given.version,
        instance_type=given.instance_type,
        brokers=given.brokers,
        storage_gib=given.storage_gib,
        storage_maximum_gib=given.storage_maximum_gib,
        protect=stack.protect,
    )


def _topic(given: KafkaTopic, reader: str) -> KafkaTopicArgs:
    return KafkaTopicArgs(
        group=reader,
        partitions=given.partitions,
        retention_hours=given.retention_hours,
        behind_seconds=given.behind_seconds,
    )


def placeholder_cluster(given: Kafka, name: str, stack: Stack) -> KafkaClusterArgs:
    """The same for its checks."""
    return cluster(
        given,
        name,
        stack,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        vpc_id=PLACEHOLDER,
        subnet_ids=dict.fromkeys(stack.zones, PLACEHOLDER),
    )


def replicators(
    given: Kafka, name: str, stack: Stack, *, tags: Tags, here: End, there: End
) -> KafkaReplicatorsArgs:
    """The arguments of what copies the topics."""
    return KafkaReplicatorsArgs(
        tags=tags,
        name=stack.named(name),
        here=here,
        there=there,
        groups=[group(name, each, stack) for each in given.topics],
        topics=list(given.topics),
        lag_seconds=given.lag_seconds,
    )


def placeholder_replicators(given: Kafka, name: str, stack: Stack) -> KafkaReplicatorsArgs:
    """The same for its checks."""
    end = End(
        region=stack.region,
        cluster_arn=PLACEHOLDER,
        subnet_ids=[PLACEHOLDER],
        group_id=PLACEHOLDER,
        actions=[PLACEHOLDER],
    )
    return replicators(given, name, stack, tags=PLACEHOLDER_TAGS, here=end, there=end)


def reader(
    each: str,
    given: KafkaTopic,
    *,
    tags: Tags,
    key_arn: pulumi.Input[str],
    topic_arn: pulumi.Input[str],
    source: TopicSource,
    statements: Sequence[Statement],
    variables: Mapping[str, pulumi.Input[str]],
) -> FunctionArgs:
    """The arguments of the function that works a topic off."""
    return FunctionArgs(
        tags=tags,
        code=code(given.code),
        handler=given.handler,
        about=f"Works off the topic {each}",
        key_arn=key_arn,
        actions=[topic_arn],
        timeout_seconds=given.timeout_seconds,
        variables=variables,
        statements=statements,
        source=source,
    )


def placeholder_reader(each: str, given: KafkaTopic) -> FunctionArgs:
    """The same for its checks."""
    source = TopicSource(
        arn=PLACEHOLDER, topic=each, group=each, statements=(), enabled=True, batch=given.batch
    )
    return reader(
        each,
        given,
        tags=PLACEHOLDER_TAGS,
        key_arn=PLACEHOLDER,
        topic_arn=PLACEHOLDER,
        source=source,
        statements=(),
        variables={},
    )

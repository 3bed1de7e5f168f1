"""What can't be of the settings of Kafka."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from architectures.faults import Fault, fault, refusals
from architectures.parts.code import code_faults
from architectures.stack import Stack
from architectures.strategies import Strategy
from architectures.workers import arguments
from architectures.workers.sections import Kafka, KafkaTopic


def kafka_faults(
    given: Kafka, name: str, stack: Stack, strategy: Strategy, taken: Collection[str]
) -> Iterator[Fault]:
    """Pairs of a key within the system and what is said of it; `taken` are names of other functions."""
    if strategy is Strategy.BACKUP_AND_RESTORE:
        yield fault("kafka", "a cluster", f"nothing with {strategy}: MSK has no backups to restore it from")
        return
    cluster = arguments.placeholder_cluster(given, name, stack)
    topics = {
        f"topics[{each}].{argument}": f"kafka.topics.{each}.{key}"
        for each in given.topics
        for argument, key in arguments.TOPIC_KEYS.items()
    }
    yield from refusals(cluster.check, {**arguments.KAFKA_KEYS, **topics})
    yield from refusals(arguments.placeholder_replicators(given, name, stack).check, arguments.KAFKA_KEYS)
    for each, topic in given.topics.items():
        for key, said in _topic_faults(each, topic, taken):
            yield f"kafka.topics.{each}.{key}".rstrip("."), said


def _topic_faults(each: str, given: KafkaTopic, taken: Collection[str]) -> Iterator[Fault]:
    yield from refusals(arguments.placeholder_reader(each, given).check, arguments.READER_KEYS)
    yield from code_faults(given.code)
    if each in taken:
        yield fault("", repr(each), "another name than a worker's or a stream's: each has a function")

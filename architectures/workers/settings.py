"""The keys of a system of workers, and what is allowed in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from architectures.faults import PLACEHOLDER, Fault, fault, refusals
from architectures.keys import Slug, SystemSettings
from architectures.parts import images
from architectures.parts.arguments import PLACEHOLDER_TAGS
from architectures.parts.code import code_faults
from architectures.parts.settings import STANDBY_FRACTION
from architectures.stack import Stack
from architectures.strategies import Posture, Strategy, posture
from architectures.workers import arguments, names
from architectures.workers.kafka_faults import kafka_faults
from architectures.workers.schedule_faults import schedule_faults
from architectures.workers.sections import (
    Bus,
    Container,
    Function,
    Kafka,
    KafkaTopic,
    Schedule,
    Servers,
    Stream,
    Topic,
    Worker,
)
from components.network.cidr import MINIMUM_ZONES


class WorkersSettings(SystemSettings):
    """One system of workers."""

    kind: Literal["workers"]
    standby_fraction: float | None = None
    """Share of the active region's tasks that a warm standby keeps running, never fewer than one a zone. None: a third."""
    rebuild: bool = False
    """With backup-and-restore, in the joining stack: build the workers there, the other region being lost."""
    replicate_images: bool = True
    """Whether this stack sets the replication of its account's registry, which is one for the region: false where another one does."""
    workers: Annotated[dict[Slug, Worker], Field(min_length=1)]
    topics: dict[Slug, Topic] = Field(default_factory=dict)
    """Topics whose messages several workers get."""
    streams: dict[Slug, Stream] = Field(default_factory=dict)
    """Streams, by name."""
    bus: Bus | None = None
    """An event bus. None: there is none."""
    kafka: Kafka | None = None
    """A cluster of Amazon MSK. None: there is none."""
    schedules: dict[Slug, Schedule] = Field(default_factory=dict)
    """What sends messages by the clock, by name."""

    @property
    def contained(self) -> list[str]:
        """Workers in containers."""
        return [each for each, given in self.workers.items() if given.container is not None]

    @property
    def placed(self) -> Mapping[str, Container]:
        """Those of them that have an image."""
        return {
            each: given.container
            for each, given in self.workers.items()
            if given.container is not None and given.container.image is not None
        }

    @property
    def served(self) -> list[str]:
        """Workers on servers."""
        return [each for each, given in self.workers.items() if given.servers is not None]

    @property
    def received(self) -> Mapping[str, Mapping[str, Any]]:
        """The pattern of each worker that gets events."""
        return {each: given.events for each, given in self.workers.items() if given.events is not None}

    @property
    def kept_seconds(self) -> int:
        """How long is known what was done."""
        return arguments.kept_seconds(self.bus.archive_days if self.bus else 0)

    @property
    def in_subnets(self) -> bool:
        """Where tasks or servers run, or brokers."""
        return bool(self.contained or self.served) or self.kafka is not None

    @property
    def _topics(self) -> Mapping[str, KafkaTopic]:
        """Topics of Kafka, by name."""
        return self.kafka.topics if self.kafka else {}

    def posture(self, stack: Stack) -> Posture:
        """How the workers stand in that stack's region."""
        return posture(
            self.followed(stack),
            active=stack.active,
            share=STANDBY_FRACTION if self.standby_fraction is None else self.standby_fraction,
            rebuilt=self.rebuild and not stack.founder,
            kept=stack.founder,
        )

    def faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        """What can't be in that stack under that name: pairs of a key within the system and what is said of it."""
        yield from self._strategy_faults(stack)
        if len(set(stack.zones)) < MINIMUM_ZONES:  # the network's own fault
            return
        yield from self._table_faults(stack)
        for each, given in self.workers.items():
            for key, said in self._worker_faults(each, given, stack):
                yield f"workers.{each}.{key}", said
        yield from self._bus_faults(name, stack)
        for each, stream in self.streams.items():
            for key, said in self._stream_faults(each, stream):
                yield f"streams.{each}.{key}".rstrip("."), said
        if self.kafka is not None:
            taken = {*self.workers, *self.streams}
            yield from kafka_faults(self.kafka, name, stack, self.followed(stack), taken)
        yield from schedule_faults(self.schedules, self.workers)
        yield from self._topic_faults()

    def _strategy_faults(self, stack: Stack) -> Iterator[Fault]:
        strategy, fraction = self.followed(stack), self.standby_fraction
        if self.rebuild and (stack.founder or strategy is not Strategy.BACKUP_AND_RESTORE):
            allowed = f"false but in the joining stack with {Strategy.BACKUP_AND_RESTORE}: elsewhere all of it stands"
            yield fault("rebuild", "true", allowed)
        if fraction is not None and not 0 < fraction <= 1:
            yield fault("standbyFraction", fraction, "above 0 and at most 1")
        elif fraction is not None and strategy is not Strategy.WARM_STANDBY:
            allowed = f"nothing with {strategy}: it is a {Strategy.WARM_STANDBY}'s"
            yield fault("standbyFraction", fraction, allowed)

    def _table_faults(self, stack: Stack) -> Iterator[Fault]:
        rpo = self.objectives.rpo_minutes if self.objectives else stack.rpo_minutes
        if not rpo:
            allowed = "above 0: what waits in a lost region's queue waits until it is back"
            yield fault("objectives.rpoMinutes", 0, allowed)
        table = arguments.table(
            stack,
            self.posture(stack),
            tags=PLACEHOLDER_TAGS,
            key_arn=PLACEHOLDER,
            peer_key_arn=PLACEHOLDER,
            topic_arn=PLACEHOLDER,
        )
        yield from refusals(table.check, {})

    def _stream_faults(self, each: str, given: Stream) -> Iterator[Fault]:
        stream = arguments.placeholder_stream(given)
        yield from refusals(stream.check, arguments.STREAM_KEYS)
        function = arguments.placeholder_aggregates(each, given)
        yield from refusals(function.check, arguments.AGGREGATES_KEYS)
        if each in self.workers:
            yield fault("", repr(each), "another name than a worker's: both have a function")

    def _topic_faults(self) -> Iterator[Fault]:
        for each, topic in self.topics.items():
            for other in topic.to:
                if other not in self.workers or topic.to.count(other) > 1:
                    allowed = f"workers, each once: {', '.join(sorted(self.workers))}"
                    yield fault(f"topics.{each}.to", repr(other), allowed)
                    break

    def _bus_faults(self, name: str, stack: Stack) -> Iterator[Fault]:
        if self.bus is None:
            for each in self.received:
                allowed = "nothing without a bus: nobody sends events"
                yield fault(f"workers.{each}.events", "a pattern", allowed)
            return
        args = arguments.placeholder_bus(self.bus, self.received, name, stack)
        keys = {f"receivers[{each}]": f"workers.{each}.events" for each in self.received}
        yield from refusals(args.check, {**arguments.BUS_KEYS, **keys})

    def _worker_faults(self, each: str, given: Worker, stack: Stack) -> Iterator[Fault]:
        if len(given.who) != 1:
            allowed = "a function, a container or servers, one of them: somebody works the queue off"
            yield fault("function", " and ".join(given.who) or "nothing", allowed)
            return
        queue = arguments.placeholder_queue(given)
        yield from refusals(queue.check, arguments.QUEUE_KEYS)
        if given.function is not None:
            yield from self._function_faults(each, given.function, given.queue.visibility_seconds)
        if given.container is not None:
            yield from self._container_faults(given.container, given.queue.visibility_seconds, stack)
        if given.servers is not None:
            yield from self._servers_faults(given.servers, given.queue.visibility_seconds, stack)

    def _function_faults(self, each: str, given: Function, visibility_seconds: int) -> Iterator[Fault]:
        args = arguments.placeholder_function(each, given, visibility_seconds)
        yield from refusals(args.check, arguments.FUNCTION_KEYS)
        yield from _variable_faults("function", given.environment, {names.TABLE, names.KEPT})
        for key, said in code_faults(given.code):
            yield f"function.{key}", said

    def _container_faults(self, given: Container, visibility_seconds: int, stack: Stack) -> Iterator[Fault]:
        if given.work_seconds < 1:
            yield fault("container.workSeconds", given.work_seconds, "1 or more")
        else:
            yield from _visible_faults(
                "container.workSeconds", given.work_seconds, visibility_seconds, "task"
            )
        if given.image and (region := images.image_region(given.image)) and region != stack.region:
            allowed = f"an image in {stack.region}: the other region may be lost when a task starts"
            yield fault("container.image", repr(given.image), allowed)
        share = self.posture(stack).share or 0
        yield from refusals(
            lambda: arguments.placeholder_service(given, stack, share).check(), arguments.CONTAINER_KEYS
        )
        yield from _variable_faults("container", given.environment, _OWN)

    def _servers_faults(self, given: Servers, visibility_seconds: int, stack: Stack) -> Iterator[Fault]:
        yield from _visible_faults("servers.workSeconds", given.work_seconds, visibility_seconds, "instance")
        yield from arguments.servers_faults(given, stack, self.posture(stack).share or 0)
        yield from _variable_faults("servers", given.environment, {*_OWN, names.HOOK, names.REGION})

    def looks_back(self, _stack: Stack) -> bool:
        """Whether the program asks what its last run left: it doesn't."""
        return False

    @property
    def restored_types(self) -> set[str]:
        """Types of resources, in AWS Backup's words, whose restores are rehearsed."""
        return {"DynamoDB"}

    def hosts(self, _name: str, _stack: Stack) -> list[str]:
        """DNS names that it takes: none, producers ask AWS for its queues."""
        return []

    def parts(self, name: str) -> list[str]:
        """What its parts are called, besides the system itself."""
        return [
            *(names.worker(name, each) for each in self.workers),
            *(names.topic(name, each) for each in self.topics),
            *(names.worker(name, each) for each in self.streams),
            *(names.worker(name, each) for each in self._topics),
            *([names.kafka(name), names.replicators(name)] if self.kafka else []),
            *([names.clock(name)] if self.schedules else []),
        ]

    def image_prefixes(self, stack: Stack) -> list[str]:
        """How the names of the repositories begin whose images are copied to the other region."""
        return [images.prefix(stack)] if self.replicate_images and self.contained else []

    def agreement(self, _stack: Stack) -> Mapping[str, Any]:
        """What both regions' stacks must say alike of the system, by key."""
        return {
            "kind": self.kind,
            "leaving": self.leaving,
            "workers": sorted(self.workers),
            **{f"workers.{each}": given.who[0] for each, given in sorted(self.workers.items())},
            **{f"workers.{each}.events": given for each, given in sorted(self.received.items())},
            "bus": self.bus is not None,
            "streams": sorted(self.streams),
            "kafka.topics": sorted(self._topics) or None,
            **{f"kafka.topics.{each}.partitions": given.partitions for each, given in self._topics.items()},
            "schedules": sorted(self.schedules) or None,
            **{
                f"schedules.{each}": {
                    "schedule": given.schedule,
                    "timezone": given.timezone,
                    "queue": given.queue,
                }
                for each, given in sorted(self.schedules.items())
            },
            **{f"topics.{each}.to": sorted(given.to) for each, given in sorted(self.topics.items())},
        }


_OWN = {names.TABLE, names.KEPT, names.QUEUE, names.WORK}
"""Variables that the program sets of whoever asks the queue itself."""


def _visible_faults(key: str, work_seconds: int, visibility_seconds: int, who: str) -> Iterator[Fault]:
    if visibility_seconds <= work_seconds:
        allowed = f"more than the {work_seconds} s of {key}: else another {who} does the same work"
        yield fault("queue.visibilitySeconds", visibility_seconds, allowed)


def _variable_faults(where: str, given: Mapping[str, str], own: set[str]) -> Iterator[Fault]:
    for variable in sorted(own & given.keys()):
        yield fault(f"{where}.environment", repr(variable), "any other variable: the program sets that one")

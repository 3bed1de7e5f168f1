"""Streams of a region, and the functions that count and sum their records."""

from __future__ import annotations

from architectures.workers import arguments, names
from architectures.workers.floor import Done, Floor
from architectures.workers.sections import Stream
from components.compute import ServingFunction, StreamSource
from components.data import declare_letters
from components.facts import Fact
from components.messaging import RecordStream
from components.permissions import allow


class Streaming:
    """Each stream with its function."""

    streams: dict[str, RecordStream]
    aggregates: dict[str, ServingFunction]

    def __init__(self, floor: Floor, done: Done) -> None:
        self._floor, self._done = floor, done
        given = floor.settings.streams
        self.streams = {each: self._stream(each, stream) for each, stream in given.items()}
        self.aggregates = {each: self._aggregates(each, stream) for each, stream in given.items()}

    @property
    def functions(self) -> list[Fact]:
        """What the functions are to recovery."""
        return [
            {
                **made.recovery_fact,
                "needs": sorted([*self._done.stores, self.streams[each].recovery_fact["name"]]),
            }
            for each, made in self.aggregates.items()
        ]

    def _stream(self, each: str, given: Stream) -> RecordStream:
        floor = self._floor
        args = arguments.stream(
            given,
            tags=floor.tags,
            key_arn=floor.ground.key_arn,
            topic_arn=floor.ground.topic.arn,
            protect=floor.stack.protect,
        )
        return RecordStream(names.worker(floor.name, each), args, floor.child)

    def _aggregates(self, each: str, given: Stream) -> ServingFunction:
        floor, stream = self._floor, self.streams[each]
        name = names.worker(floor.name, each)
        letters = declare_letters(
            f"{name}-unread",
            about=f"{name}: records that nobody could count; the stream still has them",
            key_arn=floor.ground.key_arn,
            actions=[floor.ground.topic.arn],
            tags=floor.tags,
            opts=floor.child,
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
            tags=floor.tags,
            key_arn=floor.ground.key_arn,
            topic_arn=floor.ground.topic.arn,
            source=source,
            statements=self._done.statements,
            variables=self._done.told,
        )
        return ServingFunction(name, args, floor.child)

"""Kinesis as AWS has it, where moto has it otherwise.

Of a stream that isn't there moto tells by an error of Python's; and who takes one consumer by name off a stream loses all the others.
Source: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_RegisterStreamConsumer.html,
https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DeregisterStreamConsumer.html
"""

from __future__ import annotations

from typing import Any

from moto.kinesis.models import KinesisBackend, Stream


def _find_stream_by_arn(self: KinesisBackend, stream_arn: str) -> Stream:
    return self.describe_stream(stream_arn=stream_arn, stream_name=None)


def _deregister_stream_consumer(original: Any) -> Any:
    def deregister_stream_consumer(
        self: KinesisBackend, stream_arn: str, consumer_name: str, consumer_arn: str
    ) -> None:
        if not consumer_arn:
            found = self.describe_stream_consumer(stream_arn, consumer_name, "")
            consumer_arn = found.consumer_arn
        original(self, "", "", consumer_arn)

    return deregister_stream_consumer


def install() -> None:
    """Patch moto's Kinesis."""
    KinesisBackend._find_stream_by_arn = _find_stream_by_arn  # noqa: SLF001
    KinesisBackend.deregister_stream_consumer = _deregister_stream_consumer(
        KinesisBackend.deregister_stream_consumer
    )

"""Kinesis as AWS has it: streams that aren't there, and one consumer of several."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.emptied import emptied

NOWHERE = "arn:aws:kinesis:us-east-1:123456789012:stream/nowhere"


@pytest.fixture
def aws_endpoint(aws_server: Any) -> str:
    return emptied(aws_server, "kinesis")


def test_a_stream_that_is_not_there_is_aws_s_error(boto: Callable[..., Any]) -> None:
    kinesis = boto("kinesis")
    named = {"StreamARN": NOWHERE, "ConsumerName": "counts"}
    for call, given in (
        (kinesis.register_stream_consumer, named),
        (kinesis.describe_stream_consumer, named),
        (kinesis.deregister_stream_consumer, named),
        (kinesis.list_stream_consumers, {"StreamARN": NOWHERE}),
    ):
        with pytest.raises(ClientError, match=r"Stream nowhere under account \d+ not found") as told:
            call(**given)
        assert told.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_one_consumer_goes_and_the_others_stay(boto: Callable[..., Any]) -> None:
    kinesis = boto("kinesis")
    kinesis.create_stream(StreamName="clicks", ShardCount=1)
    arn = kinesis.describe_stream_summary(StreamName="clicks")["StreamDescriptionSummary"]["StreamARN"]
    made = {
        name: kinesis.register_stream_consumer(StreamARN=arn, ConsumerName=name)["Consumer"]["ConsumerARN"]
        for name in ("counts", "copies", "sums")
    }
    kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="counts")
    kinesis.deregister_stream_consumer(ConsumerARN=made["sums"])
    [left] = kinesis.list_stream_consumers(StreamARN=arn)["Consumers"]
    assert left["ConsumerName"] == "copies"
    with pytest.raises(ClientError, match="Consumer counts"):
        kinesis.deregister_stream_consumer(StreamARN=arn, ConsumerName="counts")

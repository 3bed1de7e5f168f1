"""What events flow through: event buses with their archives, Kinesis streams and their consumers."""

from __future__ import annotations

from sandbox.provider.derived.simulate import simulated
from sandbox.provider.table import Call, Read

BUS = simulated(
    "aws:cloudwatch/eventBus:EventBus",
    id="in.name",
    read=Read("DescribeEventBus", {"Name": "id"}),
    delete=(Call("DeleteEventBus", {"Name": "id"}),),
    keeps=True,
)
ARCHIVE = simulated(
    "aws:cloudwatch/eventArchive:EventArchive",
    id="in.name",
    read=Read("DescribeArchive", {"ArchiveName": "id"}),
    update=(
        Call(
            "UpdateArchive",
            {"ArchiveName": "id"},
            take=("description", "eventPattern", "retentionDays"),
            whole=True,
        ),
    ),
    delete=(Call("DeleteArchive", {"ArchiveName": "id"}),),
    replace=("name", "eventSourceArn"),
    autoname=("name", 48),
    rename={"name": "ArchiveName"},
    outputs={"arn": "ArchiveArn"},
    keeps=True,
)
STREAM = simulated(
    "aws:kinesis/stream:Stream",
    create=Call("CreateStream", {"StreamName": "in.name", "ShardCount": "in.shardCount"}),
    id="join('', ['arn:aws:kinesis:', region, ':', account, ':stream/', in.name])",
    read=Read("DescribeStreamSummary", {"StreamARN": "id"}, path="StreamDescriptionSummary"),
    delete=(Call("DeleteStream", {"StreamARN": "id", "EnforceConsumerDeletion": "`true`"}),),
    outputs={"arn": "StreamARN"},
    replace=("name", "shardCount"),
    keeps=True,
)
CONSUMER = simulated(
    "aws:kinesis/streamConsumer:StreamConsumer",
    create=Call("RegisterStreamConsumer", {"StreamARN": "in.streamArn", "ConsumerName": "in.name"}),
    id="Consumer.ConsumerARN",
    read=Read("DescribeStreamConsumer", {"ConsumerARN": "id"}, path="ConsumerDescription"),
    delete=(Call("DeregisterStreamConsumer", {"ConsumerARN": "id"}),),
    replace=("name", "streamArn"),
    outputs={"arn": "id"},
    keeps=True,
)
RESOURCES = (ARCHIVE, BUS, CONSUMER, STREAM)

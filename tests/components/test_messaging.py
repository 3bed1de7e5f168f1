"""Buses, their targets and streams: what each component refuses, and what whoever uses them may do."""

from __future__ import annotations

import json
from typing import Any

import pulumi
import pytest

from components.checks import ArgumentError
from components.messaging import RecordStream, RecordStreamArgs, RegionBus, RegionBusArgs
from components.messaging.bus import check_pattern
from tests.components.test_compute_containers import TAGS, TOPIC
from tests.pulumi_mocks import Deployment, deploy


def stream(**more: Any) -> RecordStreamArgs:
    return RecordStreamArgs(**{"tags": TAGS, "key_arn": "arn:key", "actions": [TOPIC], **more})


def bus(**more: Any) -> RegionBusArgs:
    given = {
        "tags": TAGS,
        "name": "shop-events",
        "region": "us-east-1",
        "key_arn": "arn:key",
        "receivers": {},
    }
    return RegionBusArgs(**{**given, **more})


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"actions": []}, "actions: got [], allowed is 1 or more: a consumer that is behind unseen loses records in the end"),
        ({"retention_hours": 8761}, "retention_hours: got 8761, allowed is 24 to 8760 h"),
        ({"shards": 501}, "shards: got 501, allowed is 1 to 500"),
        ({"behind_seconds": 0}, "behind_seconds: got 0, allowed is 1 to 604799 s, less than records are kept"),
    ],
)  # fmt: skip
def test_what_a_stream_can_not_be_is_told(more: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError) as told:
        stream(**more).check()
    assert str(told.value) == message


def test_shards_are_provisioned_where_they_are_said_and_the_consumer_may_only_read() -> None:
    def program() -> None:
        made = RecordStream("clicks", stream(shards=4, protect=False))
        pulumi.export("consuming", made.consuming())

    found = deploy(program)
    made = found.one("aws:kinesis/stream:Stream")
    assert (made.inputs["streamModeDetails"], made.inputs["shardCount"]) == ({"streamMode": "PROVISIONED"}, 4)
    assert not made.protect
    said = next(out for urn, out in found.outputs.items() if "pulumi:pulumi:Stack::" in urn)["consuming"]
    arns = [
        found.made[found.one(each).urn]["arn"] for each in ("aws:kinesis/stream:Stream", "StreamConsumer")
    ]
    assert [each["Resource"] for each in said] == [*arns, "arn:key"]
    assert not any("Put" in action for each in said for action in each["Action"])


@pytest.mark.parametrize(
    ("pattern", "message"),
    [
        ({}, "p: got nothing, allowed is a pattern of source, detail-type, detail, resources"),
        ({"account": ["1"]}, "p: got 'account', allowed is one of source, detail-type, detail, resources"),
        ({"source": []}, "p: got source: [], allowed is lists of values to match"),
        ({"detail": {"a": {"b": 1}}}, "p: got detail.a.b: 1, allowed is lists of values to match"),
    ],
)
def test_what_is_no_pattern_is_told(pattern: dict[str, Any], message: str) -> None:
    with pytest.raises(ArgumentError) as told:
        check_pattern("p", pattern)
    assert str(told.value) == message


def buses(**more: Any) -> Deployment:
    return deploy(lambda: RegionBus("shop", bus(**more)))


def test_a_bus_alone_sends_nothing_on_and_keeps_what_it_gets() -> None:
    found = buses(archive_days=3)
    assert [each.name for each in found.all("aws:cloudwatch/eventBus:EventBus")] == ["shop-bus"]
    assert found.all("aws:cloudwatch/eventRule:EventRule") == []
    archive = found.one("aws:cloudwatch/eventArchive:EventArchive")
    assert (archive.inputs["retentionDays"], archive.protect) == (3, True)
    with pytest.raises(ArgumentError, match="archive_days: got 0, allowed is 1 to 3650 days"):
        buses(archive_days=0)


def test_a_receiver_gets_what_is_put_in_its_region_and_what_is_replayed() -> None:
    found = buses(receivers={"mail": {"source": ["shop"]}})
    patterns = {
        each.name: json.loads(each.inputs["eventPattern"])
        for each in found.all("aws:cloudwatch/eventRule:EventRule")
    }
    assert patterns == {
        "shop-mail-here": {"source": ["shop"], "region": ["us-east-1"], "replay-name": [{"exists": False}]},
        "shop-mail-again": {"source": ["shop"], "replay-name": [{"exists": True}]},
    }

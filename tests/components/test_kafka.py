"""A cluster of Kafka and its replicators: what they refuse that no setting reaches; all else is tested with the workers."""

from __future__ import annotations

import dataclasses
from typing import Any

import pytest

from components.checks import ArgumentError
from components.compute import TopicSource
from components.kafka import End, KafkaClusterArgs, KafkaReplicatorsArgs, KafkaTopicArgs
from tests.components.test_compute_function import ARGS, TAGS

TOPICS = {"payments": KafkaTopicArgs(group="jobs-payments")}
CLUSTER = KafkaClusterArgs(
    tags=TAGS,
    cluster_name="jobs",
    key_arn="key",
    actions=["topic"],
    vpc_id="vpc",
    subnet_ids={"use1-az1": "a", "use1-az2": "b", "use1-az4": "c"},
    topics=TOPICS,
)
END = End(region="us-east-1", cluster_arn="arn", subnet_ids=["a"], group_id="g", actions=["topic"])
COPIES = KafkaReplicatorsArgs(
    tags=TAGS, name="jobs", here=END, there=END, groups=["jobs-payments"], topics=["payments"]
)
SOURCE = TopicSource(arn="arn", topic="payments", group="jobs-payments", statements=(), enabled=True)


def test_what_can_be() -> None:
    CLUSTER.check()
    COPIES.check()
    dataclasses.replace(ARGS, source=SOURCE).check()


def test_a_zone_that_is_added_behind_changes_nothing() -> None:
    more = {**CLUSTER.subnet_ids, "use1-az3": "d"}
    assert dataclasses.replace(CLUSTER, subnet_ids=more).placed == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("args", "changes", "said"),
    [
        (CLUSTER, {"actions": []}, "actions: got [], allowed is 1 or more: partitions without a leader that nobody hears of stay so"),
        (CLUSTER, {"cluster_name": "j" * 65}, f"cluster_name: got '{'j' * 65}', allowed is 64 characters at most"),
        (CLUSTER, {"topics": {}}, "topics: got [], allowed is 1 or more: clients make none"),
        (CLUSTER, {"log_days": 4}, "log_days: got 4, allowed is one of 1, 3, 5"),
        (COPIES, {"topics": []}, "topics: got [], allowed is 1 or more: a replicator copies something"),
        (COPIES, {"there": dataclasses.replace(END, actions=[])}, "actions: got [], allowed is 1 or more: what is lost with a region is what nobody heard of"),
        (ARGS, {"source": dataclasses.replace(SOURCE, batch=0)}, "source.batch: got 0, allowed is 1 to 10000 messages"),
        (ARGS, {"source": dataclasses.replace(SOURCE, group="g" * 201)}, f"source.group: got '{'g' * 201}', allowed is 200 characters at most"),
    ],
)  # fmt: skip
def test_what_can_not_be_is_said(args: Any, changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ArgumentError) as told:
        dataclasses.replace(args, **changes).check()
    assert str(told.value).startswith(said)

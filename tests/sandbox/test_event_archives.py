"""Archives of event buses: what the row makes, changes and removes, and that what was archived is replayed."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

ARCHIVE = "aws:cloudwatch/eventArchive:EventArchive"
URN = f"urn:pulumi:prod::holdfast::{ARCHIVE}::kept"


def checked(provider: Any, old: dict[str, Any], inputs: dict[str, Any]) -> dict[str, Any]:
    found, failures = provider.check(ARCHIVE, URN, old, inputs)
    assert failures == []
    return dict(found)


def test_an_archive_is_made_changed_and_removed(boto: Any, provider: Any) -> None:
    events, sqs = boto("events"), boto("sqs")
    bus = events.create_event_bus(Name="shop")["EventBusArn"]
    key = "arn:aws:kms:us-east-1:123456789012:key/1"
    inputs = {"name": "kept", "eventSourceArn": bus, "retentionDays": 14, "kmsKeyIdentifier": key}
    first = checked(provider, {}, inputs)
    id_, outputs = provider.create(ARCHIVE, first)
    found = events.describe_archive(ArchiveName="kept")
    assert (id_, outputs["arn"]) == ("kept", found["ArchiveArn"])
    assert (found["RetentionDays"], found["EventSourceArn"]) == (14, bus)
    fresh = checked(provider, first, {**inputs, "retentionDays": 7})
    outputs = provider.update(ARCHIVE, id_, outputs, first, fresh)
    assert events.describe_archive(ArchiveName="kept")["RetentionDays"] == 7
    queue = sqs.create_queue(QueueName="jobs")["QueueUrl"]
    again = {"replay-name": [{"exists": True}]}
    events.put_rule(Name="again", EventBusName="shop", EventPattern=json.dumps(again))
    target = {"Id": "jobs", "Arn": "arn:aws:sqs:us-east-1:123456789012:jobs"}
    events.put_targets(Rule="again", EventBusName="shop", Targets=[target])
    entry = {
        "Source": "example.shop",
        "DetailType": "Ordered",
        "Detail": '{"id": "A"}',
        "EventBusName": "shop",
    }
    events.put_events(Entries=[entry])
    assert "Messages" not in sqs.receive_message(QueueUrl=queue)
    now = datetime.now(UTC)
    events.start_replay(
        ReplayName="take",
        EventSourceArn=found["ArchiveArn"],
        EventStartTime=now - timedelta(hours=1),
        EventEndTime=now + timedelta(hours=1),
        Destination={"Arn": bus},
    )
    [message] = sqs.receive_message(QueueUrl=queue)["Messages"]
    assert json.loads(message["Body"])["detail"] == {"id": "A"}
    provider.delete(ARCHIVE, id_, {**outputs, **fresh}, fresh)
    assert events.list_archives()["Archives"] == []

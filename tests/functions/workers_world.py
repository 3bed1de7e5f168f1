"""Workers in the sandbox's AWS: a queue with its dead letters in each region, the table of what is done, and who works it off."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

from components.messaging.bus import OURS, REPLAYED
from functions.workers import consume

CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 30_000)
TABLE = "done"
ROUNDS = 20
"""More than any message here may come."""


@dataclass
class Region:
    """One region's queue."""

    boto: Callable[..., Any]
    name: str
    variable: Callable[[str, str], None]
    """Sets a variable of the function's environment."""
    receives: int = 3
    url: str = ""
    dead_url: str = ""
    dead_arn: str = ""
    letters: bool = True
    """Whether the queue has dead letters."""
    arn: str = ""
    archive: str = ""
    sent: list[str] = field(default_factory=list)
    """What producers were told that it is kept."""

    def __post_init__(self) -> None:
        self.dead_url, self.dead_arn = self._queue("jobs-dead", {})
        redrive = json.dumps({"deadLetterTargetArn": self.dead_arn, "maxReceiveCount": str(self.receives)})
        own = {"RedrivePolicy": redrive} if self.letters else {}
        self.url, self.arn = self._queue("jobs", {**own, "VisibilityTimeout": "180"})

    @property
    def sqs(self) -> Any:
        return self.boto("sqs", self.name)

    def _queue(self, name: str, attributes: dict[str, str]) -> tuple[str, str]:
        url = self.sqs.create_queue(QueueName=name, Attributes=attributes)["QueueUrl"]
        found = self.sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])
        return url, found["Attributes"]["QueueArn"]

    def send(self, *keys: str, **said: Any) -> None:
        """Be a producer."""
        for key in keys:
            self.sqs.send_message(QueueUrl=self.url, MessageBody=json.dumps({"id": key, **said}))
            self.sent.append(key)

    def waiting(self, url: str = "") -> int:
        """Messages that wait or are in flight."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        found = self.sqs.get_queue_attributes(QueueUrl=url or self.url, AttributeNames=names)["Attributes"]
        return sum(int(found[name]) for name in names)

    def work(self) -> list[str]:
        """Be Lambda's poller once: a batch, of which what the function names comes again. Returns the bodies of the batch.

        What failed is visible at once: the time-out is over.
        """
        found = self.sqs.receive_message(QueueUrl=self.url, MaxNumberOfMessages=10, WaitTimeSeconds=0)
        messages = {each["MessageId"]: each for each in found.get("Messages", [])}
        if not messages:
            return []
        records = [{"messageId": id_, "body": each["Body"]} for id_, each in messages.items()]
        self.here()
        told = consume.handler({"Records": records}, CONTEXT)
        failed = {each["itemIdentifier"] for each in told["batchItemFailures"]}
        for id_, each in messages.items():
            handle = {"QueueUrl": self.url, "ReceiptHandle": each["ReceiptHandle"]}
            if id_ in failed:
                self.sqs.change_message_visibility(**handle, VisibilityTimeout=0)
            else:
                self.sqs.delete_message(**handle)
        return [each["Body"] for each in messages.values()]

    def here(self) -> None:
        """Run functions in this region from now on."""
        self.variable("AWS_DEFAULT_REGION", self.name)
        consume._table.cache_clear()

    def bus(self, peer: str, receives: Mapping[str, Any]) -> None:
        """The region's bus as the component makes it: its archive, the rule to the other region, the two of the queue."""
        events = self.boto("events", self.name)
        arn = events.create_event_bus(Name="jobs")["EventBusArn"]
        self.archive = events.create_archive(ArchiveName="jobs", EventSourceArn=arn)["ArchiveArn"]
        here = {"region": [self.name], **OURS}
        self._rule("to-peer", here, arn.replace(self.name, peer))
        self._rule("here", {**receives, **here}, self.arn)
        self._rule("again", {**receives, **REPLAYED}, self.arn)

    def _rule(self, name: str, pattern: Mapping[str, Any], arn: str) -> None:
        events = self.boto("events", self.name)
        events.put_rule(Name=name, EventBusName="jobs", EventPattern=json.dumps(pattern))
        events.put_targets(Rule=name, EventBusName="jobs", Targets=[{"Id": name, "Arn": arn}])

    def put(self, *keys: str, kind: str = "Ordered") -> None:
        """Be a producer of events."""
        entry = {"Source": "example.shop", "DetailType": kind, "EventBusName": "jobs"}
        for key in keys:
            self.boto("events", self.name).put_events(Entries=[{**entry, "Detail": json.dumps({"id": key})}])

    def replay(self, name: str = "take-over") -> None:
        """Replay the last hour from the region's archive."""
        now = datetime.now(UTC)
        self.boto("events", self.name).start_replay(
            ReplayName=name,
            EventSourceArn=self.archive,
            EventStartTime=now - timedelta(hours=1),
            EventEndTime=now + timedelta(minutes=1),
            Destination={"Arn": f"arn:aws:events:{self.name}:123456789012:event-bus/jobs"},
        )

    def drain(self) -> None:
        """Work until nothing comes any more. AssertionError names the message that comes for ever, and why."""
        came: Counter[str] = Counter()
        while bodies := self.work():
            came.update(bodies)
            body, times = came.most_common(1)[0]
            if times > ROUNDS:
                policy = self.sqs.get_queue_attributes(QueueUrl=self.url, AttributeNames=["RedrivePolicy"])
                why = (
                    "dead letters take it too late"
                    if policy.get("Attributes")
                    else "the queue has no dead letters"
                )
                raise AssertionError(f"{body} has come {times} times: {why}")


def table(boto: Callable[..., Any], region: str, *replicas: str) -> None:
    """The table of what is done."""
    client = boto("dynamodb", region)
    client.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[{"AttributeName": key, "AttributeType": "S"} for key in ("pk", "sk")],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    for each in replicas:
        client.update_table(TableName=TABLE, ReplicaUpdates=[{"Create": {"RegionName": each}}])

"""Users' files in a copy of what is deployed: a user who writes and deletes, and the functions, which run in this process."""

from __future__ import annotations

import json
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from functions.content import aws, compare, reconcile, record
from sandbox.aws.client import environment
from sandbox.drills.ground import Ground
from sandbox.drills.world import World

EAST, WEST = "us-east-1", "us-west-2"
CONTEXT = SimpleNamespace(get_remaining_time_in_millis=lambda: 900_000)
OWNER = "0b5d5b9e-4e4b-4b0e-9a55-0d3f6c1a2b3c"


class Files:
    """Both regions of the system, in a copy: functions run in this process, with the variables that they are deployed with."""

    def __init__(self, ground: Ground, world: World, setenv: Callable[[str, str], None]) -> None:
        self.world, self.setenv = world, setenv
        self.told = {
            outputs["foundation"]["region"]: outputs["systems"]["files"] for outputs in ground.outputs
        }
        for region in self.told:
            client = world.boto("lambda", region)
            for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
                client.delete_event_source_mapping(UUID=mapping["UUID"])

    def s3(self, region: str) -> Any:
        return self.world.boto("s3", region)

    def bucket(self, region: str) -> str:
        return str(self.told[region]["blobs"]["bucket"])

    def put(self, name: str, content: bytes, region: str = EAST) -> str:
        """Be a user. Returns the version."""
        made = self.s3(region).put_object(Bucket=self.bucket(region), Key=f"{OWNER}/{name}", Body=content)
        return str(made["VersionId"])

    def delete(self, name: str, region: str = EAST) -> None:
        self.s3(region).delete_object(Bucket=self.bucket(region), Key=f"{OWNER}/{name}")

    def here(self, region: str, function: str) -> None:
        """Run a function of that region from now on."""
        deployed = self.world.boto("lambda", region).get_function_configuration(
            FunctionName=self.told[region]["functions"][function], Qualifier="live"
        )
        variables = deployed["Environment"]["Variables"] | environment(self.world.aws.endpoint, region)
        for name, value in variables.items():
            self.setenv(name, value)
        aws.forget()

    def events(self, region: str) -> list[Any]:
        """What waits in the region's queue, each message's body; taken out."""
        sqs, url, found = self.world.boto("sqs", region), self.told[region]["events"], []
        while messages := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get(
            "Messages"
        ):
            for each in messages:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
                found.append(each["Body"])
        return [body for body in found if json.loads(body).get("Event") != record.TEST]

    def record(self, region: str, bodies: list[str] | None = None) -> None:
        """Be Lambda's poller: everything that waits, or these."""
        self.here(region, "record")
        given = self.events(region) if bodies is None else bodies
        batch = [{"messageId": str(number), "body": body} for number, body in enumerate(given)]
        assert record.handler({"Records": batch}, CONTEXT) == {"batchItemFailures": []}

    def follow(self) -> None:
        """Let replication and the functions of both regions do what they have to."""
        for region in self.told:
            self.s3(region).list_objects_v2(Bucket=self.bucket(region))
            self.record(region)

    def item(self, region: str, name: str) -> dict[str, Any]:
        key = {"pk": {"S": f"{region}#{OWNER}"}, "sk": {"S": f"{OWNER}/{name}"}}
        table = self.told[EAST]["table"]["name"]
        found = self.world.boto("dynamodb", WEST).get_item(TableName=table, Key=key).get("Item", {})
        return {name: next(iter(value.values())) for name, value in found.items()}

    def round(self, region: str) -> dict[str, int]:
        """A round in that region; what was changed until now has been told of."""
        self.here(region, "reconcile")
        self.setenv("GRACE_MINUTES", "-1")
        found = reconcile.handler({}, CONTEXT)
        assert found.pop("ended")
        return dict(found)

    def compare(self, region: str, other: str) -> dict[str, list[dict[str, Any]]]:
        self.here(region, "compare")
        return compare.handler({"region": other}, CONTEXT)

    def faults(self, regions: dict[str, Any]) -> None:
        self.world.aws.call("POST", "/sandbox/faults", {"regions": regions})

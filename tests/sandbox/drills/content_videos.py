"""Videos among users' files in a copy of what is deployed: the function that has them converted runs in this process.

moto has no MediaConvert: what the function asks of it is held against AWS's model, and answered by botocore's stub.
"""

from __future__ import annotations

import itertools
import json
from typing import Any

import boto3
from botocore.stub import Stubber

from functions.content import convert, videos
from sandbox.provider import models
from sandbox.provider.derived.validate import Findings, checked
from tests.sandbox.drills.content_files import CONTEXT, OWNER, Files

NUMBERS = itertools.count(1)


class Videos:
    """Originals of both regions, and the jobs that were begun."""

    def __init__(self, files: Files, setattr_: Any) -> None:
        self.files = files
        self.jobs: list[tuple[str, dict[str, Any]]] = []
        """Region and request of each."""
        self.fails: list[str] = []
        """Codes with which MediaConvert answers first."""
        setattr_(convert, "mediaconvert", lambda: self)

    def create_job(self, **asked: Any) -> Any:
        """Be MediaConvert: a request that its model refuses is an error."""
        found = Findings()
        shape = models.request("mediaconvert", "CreateJob")
        checked(asked, shape, None, "", found)
        assert (found.wrong, found.unchecked) == ([], [])
        with Stubber(boto3.client("mediaconvert")) as stub:
            if self.fails:
                stub.add_client_error("create_job", self.fails.pop(0))
            else:
                job = {"Id": f"job-{next(NUMBERS)}", "Role": asked["Role"], "Settings": {}}
                stub.add_response("create_job", {"Job": job}, asked)
            answer = stub.client.create_job(**asked)
        self.jobs.append((str(boto3.session.Session().region_name), asked))
        return answer

    def convert(self, region: str, *said: dict[str, Any]) -> list[dict[str, Any]]:
        """Be Lambda's poller of that region's originals: what waits, after these were sent. Returns what is to come again."""
        self.files.here(region, "convert")
        sqs, url = self.files.world.boto("sqs", region), self.files.told[region]["video"]["queue"]
        for each in said:
            sqs.send_message(QueueUrl=url, MessageBody=json.dumps(each))
        failed = []
        while found := sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0).get(
            "Messages"
        ):
            batch = [{"messageId": each["MessageId"], "body": each["Body"]} for each in found]
            told = convert.handler({"Records": batch}, CONTEXT)["batchItemFailures"]
            again = {each["itemIdentifier"] for each in told}
            failed += [json.loads(each["Body"]) for each in found if each["MessageId"] in again]
            for each in found:
                sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
        return failed

    def end(self, region: str, status: str, job: str, name: str) -> None:
        """Be MediaConvert when a job ends: its event comes by the region's default bus and the rule that is deployed."""
        queue = self.files.world.boto("lambda", region).get_function_configuration(
            FunctionName=self.files.told[region]["functions"]["convert"], Qualifier="live"
        )["Environment"]["Variables"]["CONVERTER"]
        detail = {"status": status, "jobId": job, "queue": queue, "userMetadata": {"name": name}}
        if status == "ERROR":
            detail |= {"errorCode": 1040, "errorMessage": "no picture"}
        entry = {"Source": "aws.mediaconvert", "DetailType": "MediaConvert Job State Change"}
        self.files.world.boto("events", region).put_events(Entries=[{**entry, "Detail": json.dumps(detail)}])

    def known(self, region: str, name: str, version: str) -> dict[str, Any]:
        """What is written down of a version."""
        known = videos.name(f"{OWNER}/{name}", version)
        key = {"pk": {"S": f"video#{region}#{known}"}, "sk": {"S": "video"}}
        table = self.files.told[region]["table"]["name"]
        found = self.files.world.boto("dynamodb", region).get_item(TableName=table, Key=key).get("Item", {})
        return {name: next(iter(value.values())) for name, value in found.items()}

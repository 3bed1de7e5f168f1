"""Works off a region's queue of mail: sends each mail once, and writes down what SES tells of it.

Each is claimed by its id in the table that both regions have, sent, and its id kept: a message that comes twice, or in both regions more
than about a second apart, is sent once. SES knows no such key: an invocation that dies between sending and writing that down has its mail
sent again. What fails comes again later, each time after twice as long, until it is a dead letter: SES throttles, an account may send no
more today, or has been stopped. An event of SES is known by what it says the mail's id is, and adds to what became of the mail.

Environment: TABLE, KEPT_SECONDS (how long is known what was sent), QUEUE_URL, SENDER, CONFIGURATION_SET.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import random
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from botocore.config import Config

from functions.serverless_api.idempotency import Once

from .letter import Letter, letter

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
ID = "mail"
"""The tag by which SES's events say which mail they are about."""
SOURCE = "aws.ses"
FIRST_SECONDS, LONGEST_SECONDS = 60, 3600
"""After the first failure, and at most: then it waits so long."""
RESERVE_MS = 4_000
"""Less time than that is left to others: sending one may take it."""
_CONFIG = Config(connect_timeout=1, read_timeout=2, retries={"mode": "standard", "total_max_attempts": 1})


@functools.cache
def ses() -> Any:
    """The region's SES: tried once, since what failed comes again."""
    return boto3.client("sesv2", config=_CONFIG)


@functools.cache
def sqs() -> Any:
    """Its SQS."""
    return boto3.client("sqs")


@functools.cache
def table() -> Any:
    """The table that TABLE names."""
    return boto3.resource("dynamodb").Table(os.environ["TABLE"])


def forget() -> None:
    """Make clients anew: the environment has changed."""
    for each in (ses, sqs, table):
        each.cache_clear()


def _kept() -> float:
    return float(os.environ["KEPT_SECONDS"])


def note(key: str, what: str) -> None:
    """Add to what became of a mail; in whatever order, however often."""
    table().update_item(
        Key={"pk": f"mail#{key}", "sk": "mail"},
        UpdateExpression="ADD outcomes :what SET expires = :expires",
        ExpressionAttributeValues={":what": {what}, ":expires": int(time.time() + _kept())},
    )


def _send(given: Letter) -> dict[str, Any]:
    if given.until is not None and given.until < datetime.now(UTC):
        note(given.id, "Expired")
        return {"expired": given.until.isoformat()}
    sent = ses().send_email(
        FromEmailAddress=os.environ["SENDER"],
        Destination={"ToAddresses": list(given.to)},
        Content=given.content(),
        ConfigurationSetName=os.environ["CONFIGURATION_SET"],
        EmailTags=[{"Name": ID, "Value": given.id}],
    )
    return {"message": sent["MessageId"]}


def work(body: str, left_ms: int) -> None:
    """Send what the message says, or write down what the event tells. TimeoutError when there is no time left to."""
    if left_ms < RESERVE_MS:
        raise TimeoutError(f"{left_ms} ms are left")
    said = json.loads(body)
    if isinstance(said, Mapping) and said.get("source") == SOURCE:
        detail = said["detail"]
        for key in detail["mail"]["tags"][ID]:
            note(key, detail["eventType"])
        return
    given = letter(said)
    Once(table(), kept_seconds=_kept()).do(given.id, said, left_ms / 1000, lambda: _send(given))


def pause(received: int) -> int:
    """Seconds until a message comes again that was received so often: twice as long each time, up to an hour, spread by a quarter."""
    bound: int = min(LONGEST_SECONDS, FIRST_SECONDS * 2 ** (received - 1))
    return round(bound * random.uniform(0.75, 1))  # noqa: S311  nobody guards anything by it


def later(record: Mapping[str, Any]) -> None:
    """Have a message come again later. Should that fail, it comes when its time is over."""
    wait = pause(int(record["attributes"]["ApproximateReceiveCount"]))
    try:
        sqs().change_message_visibility(
            QueueUrl=os.environ["QUEUE_URL"],
            ReceiptHandle=record["receiptHandle"],
            VisibilityTimeout=wait,
        )
    except Exception:
        log.exception("message %s comes again at once", record["messageId"])


def handler(event: Any, context: Any) -> dict[str, Any]:
    """Work off a batch of SQS. Answers which messages are to come again."""
    failed = []
    for each in event["Records"]:
        try:
            work(each["body"], context.get_remaining_time_in_millis())
        except Exception:
            log.exception("message %s", each["messageId"])
            later(each)
            failed.append({"itemIdentifier": each["messageId"]})
    return {"batchItemFailures": failed}

"""Does what was accepted: each message of the queue names a job. Messages that failed are told one by one, and come again.

A message may come twice: what is done stays done. Environment: TABLE.
"""

from __future__ import annotations

import json
import logging
from typing import Any

from botocore.exceptions import ClientError

from .answers import table
from .jobs import at
from .retry import again

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
_REFUSED = "ConditionalCheckFailedException"


def work(given: Any) -> Any:
    """The work itself: the sample counts what it was given."""
    return {"fields": len(given)}


def done(id_: str) -> None:
    """Do a job that isn't done yet. Raises LookupError for one that nobody accepted."""
    found = again(lambda: table().get_item(Key=at(id_), ConsistentRead=True)).get("Item")
    if found is None:
        raise LookupError(f"there is no job {id_}")
    if found["status"] == "done":
        return
    result = work(found["input"])
    try:
        again(
            lambda: table().update_item(
                Key=at(id_),
                UpdateExpression="SET #status = :done, #result = :result",
                ConditionExpression="#status <> :done",
                ExpressionAttributeNames={"#status": "status", "#result": "result"},
                ExpressionAttributeValues={":done": "done", ":result": result},
            )
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _REFUSED:  # else another delivery was faster
            raise


def handler(event: Any, _context: Any) -> dict[str, Any]:
    """Work off a batch of SQS. Answers which messages are to come again."""
    failed = []
    for record in event["Records"]:
        try:
            done(json.loads(record["body"])["job"])
        except Exception:
            log.exception("message %s", record["messageId"])
            failed.append({"itemIdentifier": record["messageId"]})
    return {"batchItemFailures": failed}

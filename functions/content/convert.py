"""Works off a region's queue of originals: begins a job of MediaConvert for each version once, and writes down how it ended.

What is known of a version is an item, `video#<region>#<name of the version>`: `starting`, then `converting` with its job, then `done` with
where its results are, or `failed` and why. MediaConvert knows a job's token for a minute; for longer the item does. A message that comes
while another invocation begins the job comes again; an invocation that died there has its claim until CLAIM_SECONDS later, and then a
second job writes the same results. A version that is no longer current isn't converted: the one that took its place is.

A person says `"again": true` for a version that failed, and sends those that a lost region didn't finish to the other region's queue.
Environment: BUCKET, TABLE, UPLOADS, RESULTS, WIDTHS, ROLE, CONVERTER (the ARN of MediaConvert's queue), KEY_ARN.
"""

from __future__ import annotations

import functools
import json
import logging
import os
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import boto3
from boto3.dynamodb.conditions import Attr, ConditionBase
from botocore.exceptions import ClientError

from . import jobs, videos
from .aws import region, s3, table
from .blobs import Blob, look, moment

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
STARTING, CONVERTING, DONE, FAILED, REPLACED = "starting", "converting", "done", "failed", "replaced"
SOURCE = "aws.mediaconvert"
ENDS = {"COMPLETE": DONE, "ERROR": FAILED, "CANCELED": FAILED}
"""https://docs.aws.amazon.com/mediaconvert/latest/ug/mediaconvert_event_list.html"""
CLAIM_SECONDS = 60
"""Longer than an invocation takes, and as long as MediaConvert knows a token.
https://docs.aws.amazon.com/mediaconvert/latest/apireference/idempotency.html"""
_REFUSED = "ConditionalCheckFailedException"


class InProgressError(Exception):
    """Another invocation begins the job."""


@functools.cache
def mediaconvert() -> Any:
    """The region's MediaConvert."""
    return boto3.client("mediaconvert")


def _place(name: str) -> dict[str, str]:
    return {"pk": f"video#{region()}#{name}", "sk": "video"}


def _set(name: str, said: Mapping[str, Any], condition: ConditionBase) -> bool:
    """Change the item if that holds of it. Returns whether it was changed."""
    told = {**said, "at": moment(datetime.now(UTC))}
    try:
        table().update_item(
            Key=_place(name),
            UpdateExpression="SET " + ", ".join(f"#{key} = :{key}" for key in told),
            ExpressionAttributeNames={f"#{key}": key for key in told},
            ExpressionAttributeValues={f":{key}": value for key, value in told.items()},
            ConditionExpression=condition,
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != _REFUSED:
            raise
        return False
    return True


def _claim(name: str, what: Mapping[str, Any], *, again: bool) -> bool:
    """Whether the job is this invocation's to begin. InProgressError while another one may be at it."""
    now = int(time.time())
    free = Attr("pk").not_exists() | (Attr("state").eq(STARTING) & Attr("claimed").lt(now - CLAIM_SECONDS))
    if again:
        free = free | Attr("state").is_in([FAILED, REPLACED])
    if _set(name, {**what, "state": STARTING, "claimed": now}, free):
        return True
    known = table().get_item(Key=_place(name), ConsistentRead=True).get("Item", {})
    if known.get("state") in (None, STARTING):
        raise InProgressError(name)
    return False


def begin(said: Mapping[str, Any]) -> None:
    """Begin the job of a version, unless it has begun. ValueError for what is no original."""
    key, version = said["key"], said["version"]
    if not videos.original(key):
        raise ValueError(f"{key!r} is no original: its name would begin with {os.environ['UPLOADS']!r}")
    name = videos.name(key, version)
    where = jobs.results(key, version, os.environ["RESULTS"])
    what = {"key": key, "version": version, "results": where}
    if not _claim(name, what, again=said.get("again") is True):
        return
    mine = Attr("state").eq(STARTING)
    seen = look(s3(), os.environ["BUCKET"], key)
    if not isinstance(seen, Blob) or seen.version != version:
        _set(name, {"state": REPLACED}, mine)
        return
    widths = [int(each) for each in os.environ["WIDTHS"].split()]
    made = mediaconvert().create_job(
        ClientRequestToken=name,
        Queue=os.environ["CONVERTER"],
        Role=os.environ["ROLE"],
        UserMetadata={"name": name},
        Settings=jobs.settings(os.environ["BUCKET"], key, where, widths, os.environ["KEY_ARN"]),
    )
    _set(name, {"state": CONVERTING, "job": made["Job"]["Id"]}, mine)


def end(detail: Mapping[str, Any]) -> None:
    """Write down how a job ended; of a job that another one took the place of, nothing."""
    name, state = detail["userMetadata"]["name"], ENDS[detail["status"]]
    said: dict[str, Any] = {"state": state, "job": detail["jobId"]}
    if state == FAILED:
        said["why"] = (
            f"{detail['status']} {detail.get('errorCode', '')} {detail.get('errorMessage', '')}".strip()
        )
    own = Attr("job").eq(detail["jobId"]) | Attr("state").eq(STARTING)
    if not _set(name, said, Attr("pk").exists() & own):
        log.warning("job %s: its original %s is another one's", detail["jobId"], name)


def handler(event: Any, _context: Any) -> dict[str, Any]:
    """Work off a batch of SQS. Answers which messages are to come again."""
    failed = []
    for each in event["Records"]:
        try:
            said = json.loads(each["body"])
            if said.get("source") == SOURCE:
                end(said["detail"])
            else:
                begin(said)
        except Exception:
            log.exception("message %s", each["messageId"])
            failed.append({"itemIdentifier": each["messageId"]})
    return {"batchItemFailures": failed}

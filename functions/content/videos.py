"""Which objects are originals of videos, and who converts them: the region that they were uploaded to.

An object's key is `<owner>/<name>`; it is an original when its name begins with UPLOADS, and results of the owner's have names that begin
with RESULTS, so that no result is an original. Replication makes the same object in the other region, and an event of it: S3 says that it
is a replica, and it is left alone there. https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-status.html
Environment: VIDEO_QUEUE (the URL; none where videos aren't converted), UPLOADS.
"""

from __future__ import annotations

import hashlib
import json
import os

from .aws import sqs
from .blobs import Blob, Gone


def original(key: str) -> bool:
    """Whether an object of that key is converted."""
    return key.partition("/")[2].startswith(os.environ["UPLOADS"])


def name(key: str, version: str) -> str:
    """What a version of an original is known by: 64 characters."""
    return hashlib.sha256(f"{key}\0{version}".encode()).hexdigest()


def submit(key: str, seen: Blob | Gone) -> None:
    """Have it converted, if it is an original that was uploaded here. However often that is said, it is done once."""
    queue = os.environ.get("VIDEO_QUEUE")
    if queue and isinstance(seen, Blob) and not seen.replica and original(key):
        sqs().send_message(QueueUrl=queue, MessageBody=json.dumps({"key": key, "version": seen.version}))

"""The same in a container or on an instance, which asks the queue itself: `python -m functions.workers.poll`.

Environment: as of `consume`, and QUEUE_URL, WORK_SECONDS (the longest that a batch takes; the queue's visibility time-out is longer).
It ends at SIGTERM, when what it has taken is done.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from typing import Any

import boto3

from .consume import failed

BATCH, WAIT_SECONDS = 10, 20
"""Messages, and the time that an empty queue is asked for: the most that SQS takes."""


def batch(sqs: Any, url: str, seconds: float, wait: int = WAIT_SECONDS) -> int:
    """Take messages once, and delete those that were worked off. Returns how many came."""
    found = sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=BATCH, WaitTimeSeconds=wait)
    messages = found.get("Messages", [])
    left = failed([(each["MessageId"], each["Body"]) for each in messages], seconds)
    for each in messages:
        if each["MessageId"] not in left:
            sqs.delete_message(QueueUrl=url, ReceiptHandle=each["ReceiptHandle"])
    return len(messages)


def run(sqs: Any, url: str, seconds: float, going: Callable[[], bool]) -> None:
    """Take messages as long as it is `going`."""
    while going():
        batch(sqs, url, seconds)


def main() -> None:
    """Until the task is told to stop."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    run(
        boto3.client("sqs"),
        os.environ["QUEUE_URL"],
        float(os.environ["WORK_SECONDS"]),
        lambda: not told,
    )


if __name__ == "__main__":
    main()

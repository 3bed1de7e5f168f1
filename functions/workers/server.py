"""The same on an instance of an Auto Scaling group: `python -m functions.workers.server`.

It takes messages while the group has the instance in service. When the group is to terminate it, the instance learns so from its metadata,
does what it has taken, and tells the group's lifecycle hook to go on, which has held it until then. Metadata that don't answer end nothing.
Environment: as of `poll`, and HOOK (the name of that lifecycle hook).
Source: https://docs.aws.amazon.com/autoscaling/ec2/userguide/retrieving-target-lifecycle-state-through-imds.html
"""

from __future__ import annotations

import logging
import os
import signal
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from . import poll

log = logging.getLogger(__name__)
log.setLevel(logging.INFO)
METADATA = "http://169.254.169.254/latest"
STATE, GROUP, INSTANCE = (
    "autoscaling/target-lifecycle-state",
    "tags/instance/aws:autoscaling:groupName",
    "instance-id",
)
IN_SERVICE, TERMINATED = "InService", "Terminated"
ASK_SECONDS, TOKEN_SECONDS = 2, 60
TRIES, PAUSE_SECONDS = 6, 5
"""How often the hook is told, and the pause between: the state may be known before the hook holds the instance."""
Ask = Callable[[str], str | None]
"""What the metadata say at a path. None: nothing is there, or they don't answer."""


def metadata(path: str, base: str = METADATA) -> str | None:
    """Ask the instance metadata service, version 2."""
    lasts = {"X-aws-ec2-metadata-token-ttl-seconds": str(TOKEN_SECONDS)}
    try:
        token = _answer(f"{base}/api/token", "PUT", lasts)
        return _answer(f"{base}/meta-data/{path}", "GET", {"X-aws-ec2-metadata-token": token})
    except OSError as error:  # HTTPError is one: 404 before the instance has been in a group
        log.info("metadata %s: %s", path, error)
        return None


def _answer(url: str, method: str, headers: dict[str, str]) -> str:
    request = urllib.request.Request(url, method=method, headers=headers)  # noqa: S310  METADATA is http
    with urllib.request.urlopen(request, timeout=ASK_SECONDS) as answer:  # noqa: S310
        found: bytes = answer.read()
        return found.decode()


def run(
    take: Callable[[], Any],
    ask: Ask,
    going: Callable[[], bool],
    sleep: Callable[[float], None] = time.sleep,
) -> bool:
    """Take as long as it is `going` and the group wants the instance in service. Returns whether the group is to terminate it."""
    while going():
        state = ask(STATE)
        if state == TERMINATED:
            return True
        if state in (None, IN_SERVICE):
            take()
        else:  # set aside by a person, or warm and waiting
            sleep(poll.WAIT_SECONDS)
    return False


def leave(autoscaling: Any, ask: Ask, hook: str, sleep: Callable[[float], None] = time.sleep) -> bool:
    """Tell the hook that the instance may go. Returns whether it was told: otherwise it goes when the hook's time is over."""
    group, instance = ask(GROUP), ask(INSTANCE)
    if not group or not instance:
        return False
    for _ in range(TRIES):
        try:
            autoscaling.complete_lifecycle_action(
                LifecycleHookName=hook,
                AutoScalingGroupName=group,
                InstanceId=instance,
                LifecycleActionResult="CONTINUE",
            )
        except (BotoCoreError, ClientError):
            log.exception("the hook %s of %s", hook, group)
            sleep(PAUSE_SECONDS)
        else:
            return True
    return False


def main() -> None:
    """Until the instance is to go, or is told to stop."""
    told: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: told.append(number))
    sqs, url = boto3.client("sqs"), os.environ["QUEUE_URL"]
    seconds = float(os.environ["WORK_SECONDS"])
    if run(lambda: poll.batch(sqs, url, seconds), metadata, lambda: not told):
        leave(boto3.client("autoscaling"), metadata, os.environ["HOOK"])


if __name__ == "__main__":
    main()

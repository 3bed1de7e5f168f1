"""EventBridge Scheduler on the clock: schedules at a rate that invoke a Lambda function or send to a queue of SQS.

Others stand still, and are said to.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import functions, scope
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}


def start() -> None:
    """Begin to invoke and to send, each schedule after its first period."""
    from moto.scheduler.models import scheduler_backends

    for region, backend in list(scheduler_backends[ACCOUNT].items()):
        for group in backend.schedule_groups.values():
            for schedule in group.schedules.values():
                _begin(region, group, schedule)


def _begin(region: str, group: Any, schedule: Any) -> None:
    rate = _RATE.fullmatch(schedule.schedule_expression)
    service = schedule.target["Arn"].split(":")[2]
    if rate is None or service not in _TARGETS:
        said = "only rates that invoke functions or send to queues are"
        CLOCK.note("Scheduler", f"{schedule.name} isn't simulated: {said}", region)
        return
    played, reach = _TARGETS[service]
    if not played(region, schedule.target["Arn"]):
        return

    def fire() -> None:
        there = group.schedules.get(schedule.name)
        if there is None or there.state != "ENABLED" or TABLE.region_lost(region):
            return
        reach(region, there)

    CLOCK.every(int(rate[1]) * _SECONDS[rate[2]], fire)


def _invoke(region: str, schedule: Any) -> None:
    functions.invoke(region, schedule.target["Arn"], json.loads(schedule.target.get("Input") or "{}"))


def _queue(region: str, arn: str) -> Any | None:
    from moto.sqs.models import sqs_backends

    return sqs_backends[ACCOUNT][region].queues.get(arn.rpartition(":")[2])


def _queue_played(region: str, arn: str) -> bool:
    """Whether the clock plays a queue, or nobody knows whose it is."""
    queue = _queue(region, arn)
    return queue is None or scope.plays(queue.tags)


def _send(region: str, schedule: Any) -> None:
    """Put the message into the queue; the moment that it is due stands in it where it says so."""
    from moto.sqs.models import sqs_backends

    queue = _queue(region, schedule.target["Arn"])
    if queue is None:
        CLOCK.note("Scheduler", f"{schedule.name}: its queue is not there", region)
        return
    due = (CLOCK.epoch + timedelta(seconds=CLOCK.now)).strftime("%Y-%m-%dT%H:%M:%SZ")
    body = schedule.target["Input"].replace("<aws.scheduler.scheduled-time>", due)
    sqs_backends[ACCOUNT][region].send_message(queue.name, body)
    CLOCK.note("Scheduler", f"{schedule.name} sends to {queue.name}", region)


_TARGETS = {"lambda": (functions.played, _invoke), "sqs": (_queue_played, _send)}
"""By the service of a target: whether the clock plays it, and how it is reached."""

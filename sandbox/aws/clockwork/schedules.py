"""EventBridge Scheduler on the clock: schedules at a rate that invoke a Lambda function. Others stand still, and are said to."""

from __future__ import annotations

import json
import re
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import functions
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

_RATE = re.compile(r"rate\((\d+) (minute|hour|day)s?\)")
_SECONDS = {"minute": 60.0, "hour": 3600.0, "day": 86400.0}


def start() -> None:
    """Begin to invoke, each schedule after its first period."""
    from moto.scheduler.models import scheduler_backends

    for region, backend in list(scheduler_backends[ACCOUNT].items()):
        for group in backend.schedule_groups.values():
            for schedule in group.schedules.values():
                _begin(region, group, schedule)


def _begin(region: str, group: Any, schedule: Any) -> None:
    rate = _RATE.fullmatch(schedule.schedule_expression)
    if rate is None or ":function:" not in schedule.target["Arn"]:
        CLOCK.note(
            "Scheduler", f"{schedule.name} isn't simulated: only rates that invoke functions are", region
        )
        return
    if not functions.played(region, schedule.target["Arn"]):
        return

    def fire() -> None:
        there = group.schedules.get(schedule.name)
        if there is None or there.state != "ENABLED" or TABLE.region_lost(region):
            return
        functions.invoke(region, there.target["Arn"], json.loads(there.target.get("Input") or "{}"))

    CLOCK.every(int(rate[1]) * _SECONDS[rate[2]], fire)

"""When a schedule of EventBridge Scheduler is due: which expressions there are.

https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html
"""

from __future__ import annotations

import re
from datetime import datetime

from components.checks import need
from components.recovery.schedule import validate_cron


def check_moment(argument: str, text: str) -> None:
    """Raise ArgumentError for what is no expression of EventBridge Scheduler: a rate, a cron expression in six fields or one moment."""
    if text.startswith("cron("):
        validate_cron(argument, text)
        return
    rate = re.fullmatch(r"rate\((?:1 (?:minute|hour|day)|(\d+) (?:minutes|hours|days))\)", text, re.ASCII)
    fits = rate is not None and (rate[1] is None or int(rate[1]) > 1)
    allowed = (
        "rate(1 hour), rate(5 minutes), cron(0 7 ? * MON-FRI *) or at(2027-01-31T07:00:00), in such a form"
    )
    need(fits or _moment(text), argument, repr(text), allowed)


def _moment(text: str) -> bool:
    found = re.fullmatch(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)", text, re.ASCII)
    try:
        return found is not None and bool(datetime.fromisoformat(found[1]))
    except ValueError:
        return False

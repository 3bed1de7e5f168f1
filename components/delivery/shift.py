"""How requests move from one version of a function to the next, in the names that CodeDeploy has for it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass

from components.checks import between, need

_NAME = re.compile(
    r"Canary(?P<canary>\d{1,4})Percent(?P<after>\d{1,5})Minutes|Linear(?P<linear>\d{1,4})PercentEvery(?P<every>\d{1,5})Minutes?",
    re.ASCII,
)
PREDEFINED = (
    *(f"Canary10Percent{minutes}Minutes" for minutes in (5, 10, 15, 30)),
    "Linear10PercentEvery1Minute",
    *(f"Linear10PercentEvery{minutes}Minutes" for minutes in (2, 3, 10)),
)
"""Those that AWS has for Lambda; its LambdaAllAtOnce is none: no alarm could take it back in time.
https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-configurations.html"""
CANARY_PERCENT, LINEAR_PERCENT = (1, 10), (1, 50)
"""A canary is a tenth of the requests at most, as in AWS's own: it is who a bad version hurts. Steps of a linear shift, each of which is
watched, are half of them at most."""
LONGEST_MINUTES = 1440
"""From first to last; CodeBuild, which waits for the end, waits 36 h at most.
https://docs.aws.amazon.com/codebuild/latest/userguide/limits.html"""


@dataclass(frozen=True, kw_only=True)
class Shift:
    """A share of the requests first, and the rest later or step by step."""

    linear: bool
    """Steps of that share; else one, and then all."""
    percent: int
    minutes: int
    """Between two of them."""

    @property
    def lasts_minutes(self) -> int:
        """From the first request to the last."""
        return self.minutes * (math.ceil(100 / self.percent) - 1 if self.linear else 1)

    @property
    def name(self) -> str:
        """What CodeDeploy calls one like it."""
        if not self.linear:
            return f"Canary{self.percent}Percent{self.minutes}Minutes"
        return f"Linear{self.percent}PercentEvery{self.minutes}Minute{'s' if self.minutes > 1 else ''}"

    def check(self) -> None:
        """Raise ArgumentError for what isn't allowed."""
        low, high = LINEAR_PERCENT if self.linear else CANARY_PERCENT
        between("shift", self.percent, low, high, "percent")
        need(self.minutes >= 1, "shift", self.minutes, "1 minute or more")
        allowed = f"at most {LONGEST_MINUTES} minutes from first to last"
        need(self.lasts_minutes <= LONGEST_MINUTES, "shift", f"{self.lasts_minutes} minutes", allowed)


def parsed(name: str) -> Shift:
    """The shift of that name. Raises ArgumentError for one that CodeDeploy has no name like it."""
    found = _NAME.fullmatch(name)
    allowed = (
        "such as Canary10Percent5Minutes or Linear10PercentEvery1Minute: percent of the requests, and minutes"
    )
    need(found is not None, "shift", repr(name), allowed)
    assert found is not None  # noqa: S101 - just made sure of
    linear = found["linear"] is not None
    shift = Shift(
        linear=linear,
        percent=int(found["linear"] if linear else found["canary"]),
        minutes=int(found["every"] if linear else found["after"]),
    )
    shift.check()
    return shift

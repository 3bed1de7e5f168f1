"""CodeDeploy on the clock, for functions: an alias's calls move to another version step by step, and back when an alarm rings.

Source: https://docs.aws.amazon.com/codedeploy/latest/userguide/deployment-steps-lambda.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import callers
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

_NAMED = re.compile(r"CodeDeployDefault\.Lambda(Canary|Linear)(\d+)Percent(?:Every)?(\d+)Minutes?")
WHOLE = 100
_under_way: list[Moving] = []


@dataclass(frozen=True, kw_only=True)
class Routing:
    """A share first, and the rest after so many minutes; `linear`: step by step."""

    linear: bool
    percent: int
    minutes: int


class Moving:
    """A deployment that is under way."""

    def __init__(self, region: str, info: Any, said: Mapping[str, str], routing: Routing) -> None:
        """`said` are the properties of the function in the AppSpec."""
        self.region, self.info, self.said, self._routing = region, info, said, routing
        self._moved = 0

    def begin(self) -> None:
        """Move the first share, unless an alarm rings already."""
        self.info.status = "InProgress"
        self._note(f"moves {self.said['Name']} from version {self._current} to {self._target}")
        _under_way.append(self)
        for name in self._alarms:
            if _rings(self.region, name):
                self.stop(f"alarm {name} rings")
                return
        self._go_on()

    @property
    def _current(self) -> str:
        return self.said["CurrentVersion"]

    @property
    def _target(self) -> str:
        return self.said["TargetVersion"]

    @property
    def _alarms(self) -> list[str]:
        said = self.info.deployment_group.alarm_configuration or {}
        return list(said.get("alarms") or ()) if said.get("enabled") else []

    def watches(self, alarm: str) -> bool:
        """Whether that alarm stops it."""
        return alarm in self._alarms

    def _go_on(self) -> None:
        if self not in _under_way:
            return
        if TABLE.region_lost(self.region):
            return
        first = self._moved == 0
        more = self._routing.percent if self._routing.linear or first else WHOLE
        self._moved = min(WHOLE, self._moved + more)
        if self._moved < WHOLE:
            self._lead(self._current, {self._target: self._moved / WHOLE})
            CLOCK.after(self._routing.minutes * 60.0, self._go_on)
            return
        self._lead(self._target, {})
        self._end("Succeeded", "all calls")

    def stop(self, why: str) -> None:
        """Stop it; the calls go back where the group wants that."""
        back = self.info.deployment_group.auto_rollback_configuration or {}
        goes = bool(back.get("enabled")) and "DEPLOYMENT_STOP_ON_ALARM" in (back.get("events") or ())
        if goes:
            self._lead(self._current, {})
        self._end(
            "Stopped", f"{why}; " + (f"all calls to version {self._current}" if goes else "nothing goes back")
        )

    def _end(self, status: str, why: str) -> None:
        _under_way.remove(self)
        self.info.status = status
        self._note(f"{status}: {why}")

    def _lead(self, version: str, more: Mapping[str, float]) -> None:
        from moto.awslambda.utils import get_backend

        alias = get_backend(ACCOUNT, self.region).get_alias(self.said["Alias"], self.said["Name"])
        alias.update(None, version, {"AdditionalVersionWeights": dict(more)} if more else {})
        shares = callers.weights(self.region, self.said["Name"], self.said["Alias"])
        told = ", ".join(f"{share:.0%} to version {each}" for each, share in sorted(shares.items()))
        self._note(f"{self.said['Name']}:{self.said['Alias']}: {told}")

    def _note(self, what: str) -> None:
        CLOCK.note("CodeDeploy", what, self.region)


def rang(region: str, alarm: str) -> None:
    """An alarm went to ALARM: what it watches is stopped."""
    for each in [moving for moving in _under_way if moving.region == region and moving.watches(alarm)]:
        each.stop(f"alarm {alarm} rings")


def routing_of(name: str) -> Routing | None:
    """The routing of one of AWS's own configurations for functions; None for another name."""
    found = _NAMED.fullmatch(name)
    if found is None:
        whole = Routing(linear=False, percent=WHOLE, minutes=0)
        return whole if name == "CodeDeployDefault.LambdaAllAtOnce" else None
    return Routing(linear=found[1] == "Linear", percent=int(found[2]), minutes=int(found[3]))


def forget() -> None:
    """Nothing is under way, and nothing fails."""
    _under_way.clear()
    callers.FAILING.clear()


def _rings(region: str, name: str) -> bool:
    from moto.cloudwatch.models import cloudwatch_backends

    alarm = cloudwatch_backends[ACCOUNT][region].alarms.get(name)
    return alarm is not None and alarm.state_value == "ALARM"

"""Two target groups on simulated time: health checks with intervals, phases, thresholds and timeouts; draining.

As https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html says: one passed check admits a new
target, `healthy` checks in a row an unhealthy one, `unhealthy` failed ones in a row take a target out.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.functions.pair_time import Loop

INTERVAL, TIMEOUT, UNHEALTHY, HEALTHY, DRAIN = 5.0, 2.0, 2, 2, 5.0
REASONS = {
    "initial": "Elb.InitialHealthChecking",
    "unhealthy": "Target.Timeout",
    "draining": "Target.DeregistrationInProgress",
}


@dataclass
class Registration:
    since: float = 0
    state: str = "initial"
    streak: int = 0


@dataclass
class TargetGroup:
    """One group. `answers` says whether an instance's application answers now."""

    loop: Loop
    dice: random.Random
    answers: Callable[[str], bool]
    lag: float = 0.0
    """The most seconds between a registration and the load balancer's beginning to check: no figure is published."""
    targets: dict[str, Registration] = field(default_factory=dict)

    def register(self, id_: str) -> None:
        there = self.targets.get(id_)
        if there is None or there.state == "draining":
            made = self.targets[id_] = Registration(self.loop.now)
            self.loop.after(
                self.dice.uniform(0, self.lag) + self.dice.uniform(0, INTERVAL),
                lambda: self._check(id_, made),
            )

    def deregister(self, id_: str) -> None:
        there = self.targets.get(id_)
        if there is not None and there.state != "draining":
            there.state = "draining"
            self.loop.after(DRAIN, lambda: self._drop(id_, there))

    def registered(self) -> list[str]:
        return [id_ for id_, each in self.targets.items() if each.state != "draining"]

    def shown(self) -> dict[str, Any]:
        """What DescribeTargetHealth answers."""
        return {
            "TargetHealthDescriptions": [
                {
                    "Target": {"Id": id_, "Port": 80},
                    "TargetHealth": {
                        "State": each.state,
                        **({"Reason": REASONS[each.state]} if each.state in REASONS else {}),
                    },
                }
                for id_, each in self.targets.items()
            ]
        }

    def _drop(self, id_: str, which: Registration) -> None:
        if self.targets.get(id_) is which:
            del self.targets[id_]

    def _check(self, id_: str, which: Registration) -> None:
        if self.targets.get(id_) is not which or which.state == "draining":
            return
        passed = self.answers(id_)
        self.loop.after(0.02 if passed else TIMEOUT, lambda: self._judge(which, passed=passed))
        self.loop.after(INTERVAL, lambda: self._check(id_, which))

    @staticmethod
    def _judge(which: Registration, *, passed: bool) -> None:
        verdict = "healthy" if passed else "unhealthy"
        if which.state in (verdict, "draining"):
            which.streak = 0
            return
        which.streak += 1
        needed = 1 if passed and which.state == "initial" else HEALTHY if passed else UNHEALTHY
        if which.streak >= needed:
            which.state, which.streak = verdict, 0

"""Blue/green deployments of ECS services on the clock: a whole new set of tasks, all requests at once, and the old ones kept for a while.

The circuit breaker has no say in them. Where nothing else ends a stage, ECS does after a day.
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/blue-green-deployment-how-it-works.html
"""

from __future__ import annotations

from typing import Any

from sandbox.aws.clockwork import releases, rollouts, tasks
from sandbox.aws.clockwork.clock import CLOCK

STRATEGY = "BLUE_GREEN"
LONGEST_STAGE = 86_400.0
"""Seconds."""
_MINUTE = 60.0


class BlueGreen(rollouts.Deployment):
    """One such deployment."""

    def __post_init__(self) -> None:
        self._since, self._shifted = CLOCK.now, False
        self._blue = {id(each): releases.serving(self.service, each) for each in self.service.load_balancers}
        self._green = self._groups(other=True)
        super().__post_init__()

    def _groups(self, *, other: bool) -> list[Any]:
        """Target groups of the tasks that serve, or of those beside them."""
        from moto.elbv2.models import elbv2_backends

        from sandbox.aws.client import ACCOUNT

        there = elbv2_backends[ACCOUNT][self.service.region_name].target_groups
        return [
            there[arn]
            for each in self.service.load_balancers
            for arn in releases.pair(each)
            if (arn != self._blue[id(each)]) is other
        ]

    def settle(self) -> None:
        """As many tasks of each release, until one of them isn't needed any more."""
        if self.status == rollouts.FAILED:
            return
        releases_, there = {self.before: self._groups(other=False)}, tasks.of(self.service)
        if self.status == rollouts.UNDER_WAY:
            releases_[self.after] = self._green
        for task in [task for task in there if task.release not in releases_]:
            tasks.leaves(task)
        for release, into in releases_.items():
            for _ in range(int(self.service.desired_count) - sum(task.release == release for task in there)):
                tasks.launch(self.service, release, into)

    def lost(self, task: tasks.Task) -> None:
        """Nobody counts them."""

    def proceed(self) -> None:
        """Send requests to the new tasks once all of them work; let the old ones go when nobody has complained for long enough."""
        tasks.settle(self.service)
        passed = CLOCK.now - self._since
        good = sum(task.release == self.after and self.works(task) for task in tasks.of(self.service))
        bake = float(releases.configuration(self.service).get("bakeTimeInMinutes", 0)) * _MINUTE
        if self.status == rollouts.GOES_BACK:
            self.end()
        elif not self._shifted and good >= int(self.service.desired_count):
            self._shift(back=False)
        elif self._shifted and passed >= bake:
            for task in [task for task in tasks.of(self.service) if task.release == self.before]:
                tasks.leaves(task)
            self.end()
        elif passed >= LONGEST_STAGE:
            self.fail("a stage has taken 24 hours", back=True)

    def revert(self) -> None:
        """Requests go to the old tasks again, which are still there."""
        if self._shifted:
            self._shift(back=True)

    def _shift(self, *, back: bool) -> None:
        for each in self.service.load_balancers:
            [other] = [arn for arn in releases.pair(each) if arn != self._blue[id(each)]]
            releases.lead(self.service, each, self._blue[id(each)] if back else other)
        self._since, self._shifted = CLOCK.now, not back
        self._note(f"sends all requests to {self._named(self.before if back else self.after)}")

"""Deployments of ECS services on the clock: rolling ones, with the circuit breaker, and the alarms of both kinds.

https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-circuit-breaker.html
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/deployment-alarm-failure.html
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import releases, targets, tasks
from sandbox.aws.clockwork.clock import CLOCK
from sandbox.aws.faults import TABLE

LOOKS = 5.0
"""Simulated seconds between two looks of the scheduler at a deployment: less than `deploy.look` has at most."""
LEAST, MOST = 3, 200
"""Failed tasks that a bounded threshold takes at least and at most."""
UNDER_WAY, DONE, FAILED = "IN_PROGRESS", "SUCCESSFUL", "STOPPED"
GOES_BACK, WENT_BACK = "ROLLBACK_IN_PROGRESS", "ROLLBACK_SUCCESSFUL"
_ROLLOUT = {UNDER_WAY: "IN_PROGRESS", GOES_BACK: "IN_PROGRESS", FAILED: "FAILED"}
DEPLOYMENTS: list[Deployment] = []
"""Those that there were, in the order in which they began."""


@dataclass
class Deployment:
    """One, from one release to another."""

    service: Any
    before: str
    """ARN of the task definition that was there."""
    after: str
    number: int
    began: Any
    """Date and time."""
    status: str = UNDER_WAY
    why: str = ""
    failures: int = 0

    def __post_init__(self) -> None:
        self._keep()
        self._note(f"deploys {self._named(self.after)}")
        tasks.KEEPERS[self.service.arn] = self
        CLOCK.after(LOOKS, self._look)

    # What ECS asks of it.

    def settle(self) -> None:
        """New tasks beside the old ones, as many as there may be, and old ones only for as long as new ones don't work."""
        if self.status == FAILED:
            return
        desired, there = int(self.service.desired_count), tasks.of(self.service)
        wanted = [task for task in there if task.release == self._target]
        rest = sorted((task for task in there if task.release != self._target), key=self.works)
        spare = sum(map(self.works, wanted)) + len(rest) - self._least(desired)
        for task in rest[: max(0, min(spare, len(rest)))]:
            tasks.leaves(task)
            rest.remove(task)
        room = self._most(desired) - len(wanted) - len(rest)
        for _ in range(min(desired - len(wanted), room)):
            tasks.launch(self.service, self._target)

    def lost(self, task: tasks.Task) -> None:
        """The circuit breaker counts tasks of the new release that had to be stopped."""
        if task.release != self.after or self.status != UNDER_WAY:
            return
        self.failures += 1
        limit = threshold(self.breaker, int(self.service.desired_count))
        if self.breaker.get("enable") and self.failures >= limit:
            self.fail(f"{self.failures} tasks failed to start", back=bool(self.breaker.get("rollback")))

    def rang(self, alarm: str) -> None:
        """An alarm that the deployment watches."""
        said = releases.configuration(self.service).get("alarms") or {}
        if self.open and said.get("enable") and alarm in (said.get("alarmNames") or ()):
            self.fail(f"alarm {alarm} rings", back=bool(said.get("rollback")))

    # What becomes of it.

    @property
    def open(self) -> bool:
        """Whether the new release can still fail."""
        return self.status == UNDER_WAY

    @property
    def breaker(self) -> Mapping[str, Any]:
        """How its circuit breaker is set."""
        return dict(releases.configuration(self.service).get("deploymentCircuitBreaker") or {})

    def fail(self, why: str, *, back: bool) -> None:
        """It has failed: back to what was there, or no further."""
        self.why, self.status = why, GOES_BACK if back else FAILED
        self._note(f"deployment failed: {why}; " + ("goes back" if back else "nothing goes back"))
        if back:
            self.service.task_definition = self.before
            self.revert()
        self._keep()
        if back:
            self.proceed()

    def supersede(self) -> None:
        """Another deployment has begun."""
        self.status, self.why = FAILED, "another deployment has begun"

    def revert(self) -> None:
        """Before tasks of the former release are started again."""

    def works(self, task: tasks.Task) -> bool:
        """Whether a task runs, and its load balancers find it healthy."""
        return task.alive and all(task.address in targets.healthy(group) for group in task.into)

    @property
    def _target(self) -> str:
        return self.before if self.status == GOES_BACK else self.after

    def _least(self, desired: int) -> int:
        return math.ceil(
            desired * int(releases.configuration(self.service).get("minimumHealthyPercent", 100)) / 100
        )

    def _most(self, desired: int) -> int:
        return desired * int(releases.configuration(self.service).get("maximumPercent", 200)) // 100

    def _look(self) -> None:
        if TABLE.region_lost(self.service.region_name) or self.status not in (UNDER_WAY, GOES_BACK):
            return
        self.proceed()
        if self.status in (UNDER_WAY, GOES_BACK):
            CLOCK.after(LOOKS, self._look)

    def proceed(self) -> None:
        """Go on as far as it goes now."""
        tasks.settle(self.service)
        there = tasks.of(self.service)
        good = [task for task in there if task.release == self._target and self.works(task)]
        if good and self.breaker.get("resetOnHealthyTask", True) and self.open:
            self.failures = 0
        if len(good) == len(there) == int(self.service.desired_count):
            self.end()

    def end(self) -> None:
        """All of the service's tasks are of the release that is wanted."""
        self.status = WENT_BACK if self.status == GOES_BACK else DONE
        del tasks.KEEPERS[self.service.arn]
        self._keep()
        self._note(f"{self.status}: {self._named(self.service.task_definition)} serves")

    def _keep(self) -> None:
        """What DescribeServices tells."""
        for each in self.service.deployments[:1]:
            each |= {
                "taskDefinition": self.service.task_definition,
                "rolloutState": _ROLLOUT.get(self.status, "COMPLETED"),
                "rolloutStateReason": f"ECS deployment {each['id']}: {self.why or self.status.lower()}.",
                "failedTasks": self.failures,
            }

    @property
    def arn(self) -> str:
        """Its ARN."""
        name = f"{self.service.cluster_name}/{self.service.name}/{self.number:020d}"
        return f"arn:aws:ecs:{self.service.region_name}:{ACCOUNT}:service-deployment/{name}"

    def _named(self, release: str) -> str:
        return f"{release.rpartition('/')[2]} of {self.service.name}"

    def _note(self, what: str) -> None:
        CLOCK.note("ECS", what, self.service.region_name)


def threshold(breaker: Mapping[str, Any], desired: int) -> int:
    """Failed tasks after which a deployment has failed: half of the tasks that are wanted, 3 to 200, unless the service says otherwise."""
    said = breaker.get("thresholdConfiguration") or {}
    kind, value = said.get("type", "BOUNDED_PERCENT"), int(said.get("value", 50))
    if kind == "COUNT":
        return value
    share = math.ceil(desired * value / 100)
    return share if kind == "UNBOUNDED_PERCENT" else min(max(share, LEAST), MOST)


def of(service: Any) -> list[Deployment]:
    """A service's deployments, the last one first."""
    return [each for each in reversed(DEPLOYMENTS) if each.service is service]


def rang(region: str, alarm: str) -> None:
    """An alarm went to ALARM: what it watches has failed."""
    for each in DEPLOYMENTS:
        if each.service.region_name == region and each.status == UNDER_WAY:
            each.rang(alarm)


def forget() -> None:
    """Nothing is under way, and nothing fails."""
    DEPLOYMENTS.clear()
    releases.FAILING.clear()

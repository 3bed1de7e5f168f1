"""The person in a drill: is told, decides, acts, and looks whether it goes on. Takes as long as the estimator reckons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from botocore.exceptions import ClientError

from sandbox.aws.clockwork.clock import lasting
from sandbox.drills import copy_back, files, rebuild, restore, roles, ways
from sandbox.drills.rebuild import Stacks
from sandbox.drills.scenario import Act, Break, Scenario
from sandbox.drills.system import Place, System
from sandbox.drills.world import OPERATOR, World

_WATCHERS = ("Route 53", "CloudWatch")
_BAD = ("unhealthy", ": ALARM")
_LOOKS = 30.0
"""Simulated seconds between two looks at what was started."""


class Operator:
    """One person, for one drill."""

    def __init__(
        self,
        world: World,
        system: System,
        scenario: Scenario,
        pace: float,
        *,
        runbook: Any = None,
        stacks: Stacks | None = None,
    ) -> None:
        """`runbook`: calls to make as they are written down, in place of what is deployed. `stacks`: what can be run again."""
        self._world, self._system, self._scenario, self._pace = world, system, scenario, pace
        self._runbook, self._stacks = runbook, stacks
        self._notices = self._acts = float("inf")
        self._work: Any = None
        self._looked = 0.0
        self.problem = ""
        """Why it can't go on; the drill has failed then."""

    def begin(self) -> None:
        """Something has broken, or a planned move begins."""
        scenario, now = self._scenario, self._world.now
        if scenario.act is Act.NONE or self._system.api:
            return
        if scenario.act is Act.SWITCH:
            self._acts = now
            return
        key = "detect.corruption" if scenario.breaks is Break.ROWS else "detect.human"
        self._notices = now + lasting(key, self._pace)

    @property
    def rests_until(self) -> float:
        """Simulated second before which a look does nothing, unless something happens."""
        if self._work is None or self.problem:
            return min(self._notices, self._acts)
        looks = max(self._looked + _LOOKS, getattr(self._work, "rests_until", 0.0))
        return min(self._notices, self._acts, looks)

    def look(self, fresh: Iterable[Mapping[str, Any]]) -> None:
        """Time has passed, and this has happened meanwhile."""
        world = self._world
        told = self._scenario.breaks is not Break.ROWS and any(map(_alarming, fresh))
        if self._notices < float("inf") and (told or world.now >= self._notices):
            self._notices = float("inf")
            self._acts = world.now + lasting("decide.person", self._pace)
            world.note(OPERATOR, "is told by an alarm" if told else "notices by themselves")
        try:
            if self._acts <= world.now:
                self._acts = float("inf")
                self._work = self._start()
                world.note(OPERATOR, self._work.what, self._work.region)
            if self._work is not None and not self.problem and world.now - self._looked >= _LOOKS:
                self._looked = world.now
                self.problem = self._work.problem(world)
        except (ClientError, LookupError) as error:
            self.problem = f"{self._scenario.act}: {error}"
            world.note(OPERATOR, f"can't go on: {error}")

    def _start(self) -> Any:
        act, system = self._scenario.act, self._system
        if self._runbook is not None:
            return restore.follow(self._world, self._runbook)
        if act is Act.TAKE_OVER and system.other is None and self._stacks is not None:
            return rebuild.Rebuild(self._world, system, self._stacks)
        if act is Act.RESTORE:
            return (copy_back.CopyBack if system.cluster else restore.Restore)(self._world, system)
        if act is Act.SWITCH:
            return self._switch(system.away)
        return ways.take_over(self._world, system, system.away, lossy=True)

    @property
    def built(self) -> Place | None:
        """What has been built where nothing was."""
        return self._work.place if isinstance(self._work, rebuild.Rebuild) else None

    def back(self) -> None:
        """Begin a planned move to where the system was before. What AWS refuses is the problem then."""
        world, home = self._world, self._system.home
        try:
            if self._system.files:
                self._work = files.FollowedFirst(world, self._system, home, then=lambda: self._switch(home))
            else:
                self._work = self._switch(home)
            world.note(OPERATOR, self._work.what, home.region)
        except (ClientError, LookupError) as error:
            self.problem = f"the way back: {error}"

    def _switch(self, to: Place) -> Any:
        """A planned move: by what is deployed for it, else by hand."""
        world, system = self._world, self._system
        deployed = ways.plan_of(world, system, to.region) or ways.machine_of(world, system, to.region)
        if deployed:
            return ways.take_over(world, system, to, lossy=False)
        return roles.Swap(world, system, to)


def _alarming(line: Mapping[str, Any]) -> bool:
    return line["who"] in _WATCHERS and any(word in line["what"] for word in _BAD)

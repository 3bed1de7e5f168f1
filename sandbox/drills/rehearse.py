"""One drill from beginning to end: warm up, break, let the machinery and the person act, and judge."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from sandbox.aws.clockwork.clock import lasting
from sandbox.drills import breaks, causes, checks, release
from sandbox.drills.checks import Check
from sandbox.drills.client import Client
from sandbox.drills.operator import Operator
from sandbox.drills.promise import Promise, Span, beside, of_release, of_servers, promise
from sandbox.drills.rebuild import Stacks
from sandbox.drills.scenario import Act, Break, Loss, Scenario
from sandbox.drills.system import Place, System
from sandbox.drills.world import DRILL, World

WARM = 130.0
"""Simulated seconds before anything breaks: checks, alarms and load have settled."""
QUIET = 60.0
"""Simulated seconds for which all must go well before it counts as back."""
LATE = 300.0
"""Simulated seconds after the promised time for which a drill still looks, to say how late it is."""
_NEVER_MIND = 0.0005
"""Simulated seconds after the loss at which the copy of a backup that is under way would have been there, or after the corruption at
which the next backup begins: the most is lost then."""
_SYNCED = 1800.0
"""Simulated seconds of rows before the clock, of a system with files: longer than files take to cross."""
UNPROMISED = 7200.0
"""After so many simulated seconds a drill that nothing is promised for has failed."""


@dataclass
class Result:
    """What a drill came to."""

    scenario: Scenario
    system: System
    pace: float
    seconds: float | None = None
    """Simulated seconds from the loss until all was well again; None when it never was."""
    lost: float = 0.0
    """Simulated seconds before the loss whose acknowledged rows are gone."""
    promised: Promise | None = None
    checks: list[Check] = field(default_factory=list)
    causes: list[str] = field(default_factory=list)
    """Why it failed; empty when it didn't."""
    timeline: list[dict[str, Any]] = field(default_factory=list)
    acknowledged: int = 0
    refused: int = 0
    broke: float = 0.0
    """Simulated second of the loss."""
    failed_for: float = 0.0
    """Simulated seconds from the first row that was refused afterwards to the last one."""

    @property
    def name(self) -> str:
        """Scenario and system."""
        return f"{self.scenario.name} of {self.system.name}"

    @property
    def passed(self) -> bool:
        """Whether everything is as it must be."""
        return not self.causes and bool(self.checks) and all(each.holds for each in self.checks)


class Drill:
    """Carries a scenario out on a world of its own."""

    def __init__(
        self,
        world: World,
        system: System,
        scenario: Scenario,
        report: Mapping[str, Any],
        *,
        pace: float = 0.5,
        runbook: Any = None,
        stacks: Stacks | None = None,
    ) -> None:
        if scenario.act is Act.RESTORE and system.cluster:
            scenario = replace(scenario, loses=Loss.BACKED_UP)
        self._world, self._system, self._scenario = world, system, scenario
        self._promised: Promise | None = None
        self._beside: Mapping[str, Span] = {}
        """What the estimator promises of the loss of stores beside the database when a region is lost."""
        if system.stores or system.api:
            self._beside = beside(report, system.name)
        if scenario.breaks is Break.RELEASE and system.tasks:
            self._promised = of_release(report, system.name, system.home.region)
        elif scenario.breaks is Break.TIER and scenario.failure:
            self._promised = of_servers(report, scenario.failure, system.name)
        elif scenario.failure:
            self._promised = promise(report, scenario.failure, system.name, stores=system.stores)
        self._client = Client(world, system, lasting("propagate.alias", pace))
        self._operator = Operator(world, system, scenario, pace, runbook=runbook, stacks=stacks)
        self._returns = False
        self._over = 0.0
        """Simulated second until which the drill goes on, unless it isn't well meanwhile."""
        self._most = 0
        """Servers that were registered for clients at one time."""
        self.result = Result(scenario, system, pace, promised=self._promised)

    def run(self) -> Result:
        """Carry it out. Raises ServerError or ClientError when the copy itself is broken, never for what the drill shows."""
        world, scenario = self._world, self._scenario
        world.start(self.result.pace, without=[name for name in world.systems if name != self._system.name])
        if self._restores and self._promised is not None:
            self._client.remembers((self._promised.loss.high or 0) + WARM)
            world.call("backups", arrives=WARM + _NEVER_MIND)
        elif scenario.loses is Loss.BACKED_UP and self._promised is not None:
            self._client.remembers((self._promised.loss.high or 0) + WARM)
            world.call("backups", begins=WARM + _NEVER_MIND)
        elif self._system.files:
            self._client.remembers(_SYNCED)
        self._client.pass_seconds(int(WARM))
        world.broke = world.now
        breaks.do(world, self._system, scenario.breaks)
        self._operator.begin()
        since = self._until_well()
        self.result.seconds = None if since is None else since - world.broke
        world.restored = world.now if since is None else since
        if since is not None and scenario.back:
            self._back()
        self._judge(self._place)
        return self.result

    @property
    def _restores(self) -> bool:
        """Whether the system comes back from what was copied to the other region."""
        return self._system.other is None and self._scenario.elsewhere

    @property
    def _place(self) -> Place | None:
        """Where the system is to serve; None while nothing is there."""
        if self._returns:
            return self._system.home
        return None if self._restores else self._scenario.ends_in(self._system)

    def _pass(self) -> bool:
        """Let a step of time pass; whether all goes well at its end."""
        world, scenario, place = self._world, self._scenario, self._place
        if place is None:
            self._operator.look(
                self._client.pass_time(scenario.every, self._times(scenario.every))["timeline"]
            )
            if not world.ahead:
                world.advance(0)
            if self._operator.built is not None:
                self._system = self.result.system = replace(self._system, other=self._operator.built)
            return False
        step = scenario.step(self._system)
        asked = breaks.asked(self._system, scenario)
        found = self._client.pass_time(step, self._times(step), capacity=place.asked, **asked)
        self._operator.look(found["timeline"])
        last = self._client.tries[-1]
        self._most = max(self._most, found["capacity"]["registered"])
        well = not last.refused and last.region == place.region and checks.capacity(found["capacity"]).holds
        return well and breaks.done(world, self._system, scenario, found)

    def _times(self, step: float) -> int:
        """How many steps may be made at once: until the person may do something, or the drill may be over.

        Whether a release is under way is asked at each step.
        """
        if self._scenario.breaks is Break.RELEASE:
            return 1
        until = min(self._operator.rests_until, self._over)
        return max(1, math.ceil((until - self._world.now) / step - _NEVER_MIND))  # rather one too few

    def _until_well(self) -> float | None:
        """Let time pass until all goes well there for a while, and say since when; None when it takes too long."""
        world, high = self._world, self._promised.time.high if self._promised else None
        limit = world.now + (UNPROMISED if high is None else high + LATE)
        least = world.now + breaks.seen_after(self._scenario.breaks)
        since: float | None = None
        step = self._scenario.step(self._system)
        unbroken, ill = True, False
        while world.now < limit and not self._operator.problem:
            well_since = world.now + step if since is None else since
            # What was ill stays so in steps at once: they end with what changes.
            self._over = limit if ill else min(limit, max(least, well_since + QUIET))
            ill = self._place is not None
            well = self._pass()
            ill = ill and not well
            unbroken = unbroken and well
            since = (world.now if since is None else since) if well else None
            if since is not None and world.now >= max(least, since + QUIET):
                return world.broke if unbroken else since
        return None

    def _back(self) -> None:
        """Move to where it was before, as planned, and wait until all is well there."""
        world = self._world
        world.note(DRILL, "the way back begins")
        self._operator.back()
        self._returns = True
        well = self._until_well()
        said = "not back" if well is None else f"back in {self._system.home.region}"
        self.result.checks.append(Check("fails back", well is not None, said))

    def _judge(self, place: Place | None) -> None:
        world, result, client = self._world, self.result, self._client
        if place is None:
            result.checks.append(Check("serves", holds=False, said="nothing was built that could"))
            self._end()
            return
        result.checks += [
            checks.serves(client, place),
            checks.capacity(world.call("capacity", **place.asked)),
        ]
        if self._system.home.inner:
            result.checks.append(checks.in_zones(client, world))
        if self._system.kept:
            result.checks.append(checks.alone(self._most))
        if self._system.stores:
            found = world.call("rows", host=place.load_balancer)
            result.checks += [
                checks.writer(found, place),
                *checks.open_stores(found, place),
                checks.rows(found, world, client, self._scenario, self._promised),
                *checks.stores(found, world, client, self._scenario, self._beside),
            ]
            result.lost = checks.lost(found, world, client)
        if self._system.api:
            found = world.call("rows", host=place.load_balancer)
            result.checks += checks.tables(found, world, client, self._scenario, self._beside)
        if self._scenario.breaks is Break.RELEASE:
            result.checks += release.checks(world, self._system, client, self._promised)
        if self._promised is None:
            result.checks.append(checks.ends(result.seconds))
        else:
            result.checks.append(checks.in_time(result.seconds, self._promised))
        self._end()

    def _end(self) -> None:
        """What happened, and why it failed if it did."""
        world, result, client = self._world, self.result, self._client
        world.advance(0)
        result.timeline = list(world.timeline)
        result.acknowledged = len(client.acknowledged)
        result.refused = len(client.tries) - result.acknowledged
        result.broke, result.failed_for = world.broke, checks.failed_for(client, world)
        if self._operator.problem or not all(each.holds for each in result.checks):
            result.causes = causes.find(world, self._system, self._scenario, result, self._operator.problem)

"""A client of the site: it resolves the name, keeps the answer for its time to live, and writes one numbered row after the other."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.drills.system import System
from sandbox.drills.world import CLIENT, World

OK = 200
_EVERY = 300.0
"""Seconds between rows of the time before the clock."""


@dataclass(frozen=True)
class Try:
    """One row that the client tried to write."""

    number: int
    at: float
    """Simulated seconds."""
    region: str
    """Where it was answered; empty where nobody was."""
    refused: str
    """Why it was not acknowledged; empty where it was."""
    zones: tuple[str, ...] = ()
    """Zones that it was in, from tier to tier, down to the database that was read; none where there is one tier."""


class Client:
    """Resolves through Route 53's resolver, as the world has it."""

    def __init__(self, world: World, system: System, keeps: float) -> None:
        """`keeps`: seconds for which the name's answer is kept, the time to live of its alias."""
        self._world, self._system, self._keeps = world, system, keeps
        self._host, self._until = "", -1.0
        self.tries: list[Try] = []

    def remembers(self, seconds: float) -> None:
        """Rows that were acknowledged before the clock was started, one every five minutes for that long."""
        world, host, region = self._world, self._system.home.load_balancer, self._system.home.region
        moments = [-each * _EVERY for each in range(int(seconds / _EVERY), 0, -1)]
        self.tries += [Try(number, at, region, "") for number, at in enumerate(moments)]
        world.call("before", host=host, rows=list(enumerate(moments)))

    def resolve(self) -> str:
        """What the site's name leads to now, kept or asked anew."""
        world, system = self._world, self._system
        if not self._keeps_until(world.now):
            answer = world.boto("route53", system.home.region, CLIENT).test_dns_answer(
                HostedZoneId=system.zone_id,
                RecordName=system.site,
                RecordType="A",
                ResolverIP=f"sandbox:{system.home.region}",
            )
            self._keep(next(iter(answer["RecordData"]), ""))
        return self._host

    def _keep(self, host: str) -> None:
        self._host, self._until = host, self._world.now + self._keeps

    def _keeps_until(self, moment: float) -> bool:
        return moment < self._until

    def pass_time(self, seconds: float, times: int = 1, **then: Any) -> Any:
        """Let time pass, then try to write the next row. Answers as `World.step` does, which may make so many steps at once."""
        asked = {"host": self._host, "until": self._until, "keeps": self._keeps, "name": self._name}
        answer = self._world.step(seconds, times, request={**asked, "row": len(self.tries)}, **then)
        if not self._keeps_until(self._world.now):
            self._keep(answer["request"]["host"])
        self._note(answer["request"])
        return answer

    def pass_seconds(self, seconds: int) -> None:
        """Let time pass, and try to write a row each second of it."""
        end = self._world.now + seconds
        while self._world.now < end:
            # Until the name is asked anew all rows go to one host: one request for all of them.
            times = int(min(math.ceil(self._until) - 1, end) - self._world.now)
            if times > 0:
                for answer in self._world.write(self._host, len(self.tries), times=times, every=1):
                    self._note(answer, answer["at"])
            else:
                self.pass_time(1)

    @property
    def _name(self) -> Mapping[str, str]:
        system = self._system
        return {"zone": system.zone_id, "name": system.site, "region": system.home.region}

    def _note(self, answer: Mapping[str, Any], at: float | None = None) -> None:
        at = self._world.now if at is None else at
        # A static page acknowledges no row.
        refused = answer["said"] or (
            "" if answer["status"] == OK and answer["region"] else "not acknowledged"
        )
        self.tries.append(Try(len(self.tries), at, answer["region"], refused, tuple(answer["zones"])))

    @property
    def acknowledged(self) -> list[Try]:
        """The rows that the site said it has."""
        return [each for each in self.tries if not each.refused]

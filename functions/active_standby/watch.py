"""Looks again and again, and does what is decided."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from .clock import Clock
from .configuration import Configuration
from .decide import Done, Look, Register, Remove, Rules, Seen, Step, Wait
from .lease import Lease, Leases, Move
from .machines import Machines
from .mirror import Grant, Point, Release
from .targets import ABSENT, Groups
from .telling import Voice

MEASURE_SECONDS = 30
TRIES = 5


@dataclass
class Watcher:
    """One invocation's eyes and hands."""

    configuration: Configuration
    leases: Leases
    groups: Groups
    voice: Voice
    clock: Clock
    machines: Machines | None = None
    """Of a pair with a mirrored disk."""
    seen: Seen = field(default_factory=Seen)
    _said: set[str] = field(default_factory=set)
    _measured: dict[str, float] = field(default_factory=dict)
    _measured_at: float = 0
    _asked: float = 0
    """When the lease was asked for."""

    def look(self) -> Look:
        """Ask for everything, the lease last: what is registered by it must be fresh."""
        at = self.clock.now()
        serving, members = self.groups.serving(), self.groups.members()
        try:
            self.groups.learn(members)
        except (ClientError, BotoCoreError) as error:
            self.failed(error)  # those that are known can be swapped all the same
        routes = self.machines.routes() if self.machines else {}
        self._asked = asked = self.clock.now()
        wall, lease = self.clock.wall(), self.leases.read()
        look = Look(
            at=at,
            wall=wall,
            lease=lease,
            asked=asked,
            state=self._state(lease),
            routes=routes,
            starting=self._starting(lease, wall),
            serving=serving,
            members=members,
            owners=dict(self.groups.known),
        )
        self.seen = self.seen.after(look, self.clock.now())
        return look

    def _state(self, lease: Lease) -> str:
        """EC2's of a primary that is to be none any more; asked after the lease, so that a renewal which came later is seen."""
        if self.machines is None or lease.primary in ("", lease.instance):
            return ""
        try:
            return self.machines.state(lease.primary)
        except (ClientError, BotoCoreError) as error:
            self.failed(error)  # its silence will tell
            return ""

    def _starting(self, lease: Lease, wall: float) -> bool:
        told = self.configuration.mirror
        return told is not None and lease.primary == lease.instance and wall < lease.granted_at + told.starts

    def poll(self, wish: str = "", request: str = "") -> tuple[Look, Step]:
        """One look and one step."""
        look = self.look()
        rules = Rules(self.configuration.members, self.configuration.timing, self.configuration.mirror)
        step = rules.step(look, self.seen, wish, request)
        match step:
            case Move():
                self._move(look, step)
            case Remove(targets):
                self._write(look, "deregister", sorted(targets), lambda: self.groups.deregister(targets))
            case Register(instance):
                self._write(look, "register", [instance], lambda: self.groups.register(instance))
            case Release() | Grant() | Point():
                self._mirrored(look, step)
            case Done():
                self._done(look)
            case Wait(why, refused=refused):
                self._wait(look, why, refused=refused)
        self._measure(look)
        return look, step

    def watch(self, go_on: Callable[[], bool]) -> None:
        """Poll while `go_on` says so. Raises RuntimeError when no look succeeded at all."""
        looks, problem = 0, ""
        while True:
            pause: float = self.configuration.timing.poll
            try:
                _, step = self.poll()
                looks += 1
                pause = self.pace(step)
                if isinstance(step, Wait | Done):
                    self.voice.flush()
            except (ClientError, BotoCoreError) as error:
                problem = self.failed(error)
            if not go_on():
                break
            self.clock.sleep(pause)
        self.voice.flush()
        self.voice.say("watched", looks=looks)
        if not looks:
            raise RuntimeError(
                f"{self.configuration.pair}: no look succeeded, the last one failed with {problem}"
            )

    def insist(self, work: Callable[[], Any]) -> Any:
        """Do what somebody asked for, again when AWS fails, a few times. Raises AWS's last error."""
        for _ in range(TRIES - 1):
            try:
                return work()
            except (ClientError, BotoCoreError) as error:
                self.failed(error)
                self.clock.sleep(self.configuration.timing.hurry)
        return work()

    def pace(self, step: Step) -> float:
        """Seconds until the next look: none after a change of the lease, few while something is under way."""
        timing = self.configuration.timing
        match step:
            case Move():
                return 0
            case Remove() | Register() | Release() | Grant() | Point():
                return timing.hurry
            case Wait(seconds=float(seconds)):
                return seconds
        return timing.poll

    def failed(self, error: Exception) -> str:
        """Say that a call failed; another look comes."""
        self.voice.say("call failed", error=str(error))
        return str(error)

    def _move(self, look: Look, move: Move) -> None:
        if self._late(look.at, self.configuration.timing.stale, "move of the lease", [move.instance]):
            return
        told = {"epoch": look.lease.epoch + 1, "instance": move.instance, "member": move.member}
        if not self.leases.move(look.lease, move, look.wall):
            self.voice.say("lease changed by another", **told)
            return
        self.voice.say("lease moved", former=look.lease.instance, why=move.why, **told)
        if move.swap:
            self.voice.message(f"swapping to {move.member}", former=look.lease.instance, why=move.why, **told)

    def _write(self, look: Look, what: str, instances: list[str], send: Callable[[], None]) -> None:
        """Send a change of the serving group while the lease that it follows from is fresh."""
        timing = self.configuration.timing
        self.voice.say(what, instances=instances, epoch=look.lease.epoch)
        if self._late(look.at, timing.stale, what, instances):
            return
        if not self._late(self._asked, timing.fresh, what, instances):
            send()  # nothing may come between the check and this

    def _mirrored(self, look: Look, step: Release | Grant | Point) -> None:
        """Change who may be primary, or where the address leads."""
        lease, machines = look.lease, self.machines
        assert machines is not None  # noqa: S101 - without a disk there is no such step
        told = {"epoch": lease.epoch, "grant": lease.granted}
        match step:
            case Release(instance, why, silent):
                if silent:
                    try:
                        machines.stop(instance)
                    except (ClientError, BotoCoreError) as error:
                        self.failed(error)  # it has no right any more all the same
                done = self.leases.release(lease)
                self.voice.say(
                    "grant taken back" if done else "grant renewed", instance=instance, why=why, **told
                )
            case Grant(instance):
                done = self.leases.grant(lease, look.wall)
                self.voice.say("granted" if done else "not granted", instance=instance, **told)
            case Point(interface, tables):
                self.voice.say("address", interface=interface, tables=list(tables), **told)
                for table in tables:
                    machines.point(table, interface)

    def _late(self, asked: float, most: float, what: str, instances: list[str]) -> bool:
        """Whether what this follows from is too old: the process was stopped, or AWS is slow. The next look tells more."""
        late = self.clock.now() - asked
        if late > most:
            self.voice.say("too late", step=what, instances=instances, seconds=round(late, 3))
        return late > most

    def _done(self, look: Look) -> None:
        lease, target = look.lease, look.serving[look.lease.instance]
        if lease.served or not target.healthy or not self.leases.serves(lease):
            return
        seconds = round(self.clock.wall() - lease.began, 1)
        told = {"epoch": lease.epoch, "instance": lease.instance, "why": lease.why}
        if lease.former:
            self.voice.measure("swapped", {"Swaps": 1, "SwapSeconds": seconds}, **told)
        self.voice.message(f"{lease.member} serves", seconds=seconds, former=lease.former, **told)

    def _wait(self, look: Look, why: str, *, refused: bool) -> None:
        if why in self._said:
            return
        self._said.add(why)
        if refused:
            self.voice.measure("swap refused", {"Refused": 1}, why=why, epoch=look.lease.epoch)
        else:
            self.voice.say("waiting", why=why, epoch=look.lease.epoch)

    def _measure(self, look: Look) -> None:
        """Write the states when they change, and often enough that each minute has some."""
        states = self.states(look)
        if states != self._measured or look.at >= self._measured_at + MEASURE_SECONDS:
            self._measured, self._measured_at = states, look.at
            self.voice.measure("state", states, **shown(look))

    def states(self, look: Look) -> dict[str, float]:
        """The metrics of state: each 0 or 1."""
        lease = look.lease
        serves = look.registered == [lease.instance] and look.serving[lease.instance].healthy
        standby = [member for member in self.configuration.members if member != lease.member]
        ready = any(
            look.members.get(look.of(member), ABSENT).healthy and not lease.lacks(member)
            for member in standby
        )
        return {
            "Serving": float(serves),
            "StandbyHealthy": float(ready),
            "Paused": float(lease.paused(look.wall)),
        }


def shown(look: Look) -> dict[str, Any]:
    """A look, for people."""
    return {
        "epoch": look.lease.epoch,
        "active": {"member": look.lease.member, "instance": look.lease.instance, "served": look.lease.served},
        "serving": {id_: target.state for id_, target in look.serving.items()},
        "members": {
            id_: {"member": look.owners.get(id_, ""), "state": target.state}
            for id_, target in look.members.items()
        },
    }

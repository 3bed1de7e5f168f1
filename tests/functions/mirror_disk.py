"""A block device that two machines mirror, on simulated time: what DRBD does with `fencing resource-and-stonith`.

Each write of the primary is a number. It reaches the local disk at once and the other one a little later; with protocol C it is
acknowledged then, with A at once, while what is under way fits the send buffer. When the connection is lost writes freeze until the handler
has said that the peer is outdated. Connected again, the one that was primary last is copied to the other one.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.functions.pair_time import Loop

WRITES, TRAVELS, SYNC = 0.25, 0.004, 6.0
"""Seconds between two writes, of a write's way to the other disk, and of catching up."""
BUFFER = 3
"""Writes that are under way at most, with protocol A."""


class RefusedError(Exception):
    """drbdadm ends with an error."""


@dataclass
class Side:
    """One machine's half: a disk, which outlives machines, and the role of who runs now."""

    name: str
    disk: set[int] = field(default_factory=set)
    generation: int = 0
    """Of the data: grows when one goes on alone."""
    whole: bool = False
    """False: it was never copied to, or is being copied to."""
    running: bool = True
    suspended: bool = False
    awoke: bool = False
    """Whether it was suspended as primary, and not reset since: it may still call itself so, but must not write."""
    primary: bool = False
    frozen: bool = False
    alone: bool = False
    """Whether the handler said that the other one is outdated."""
    outdates: Callable[[Callable[[bool], None]], None] = lambda _: None
    """Starts the handler; calls back whether it succeeded."""


class Mirror:
    """Both halves."""

    def __init__(self, loop: Loop, protocol: str) -> None:
        self.loop, self.protocol = loop, protocol
        self.sides = [Side("a"), Side("b")]
        self.linked = True
        self.acknowledged: set[int] = set()
        self.wrong: list[str] = []
        self.lost = 0
        """The most acknowledged writes that a primary lacked."""
        self.freezes = True
        self._numbers, self._under_way, self._link = itertools.count(), 0, 0
        self._write()

    def other(self, side: Side) -> Side:
        return self.sides[1 - self.sides.index(side)]

    @property
    def connected(self) -> bool:
        return self.linked and all(side.running and not side.suspended for side in self.sides)

    # what an agent asks for

    def promote(self, side: Side, handled: Callable[[], bool], *, force: bool) -> None:
        """`drbdadm primary`. Raises RefusedError."""
        other = self.other(side)
        if self.connected and other.primary:
            raise RefusedError("the peer is primary")
        if not (side.whole or force):
            raise RefusedError("its data isn't up to date")
        if not self.connected:
            if not handled():
                raise RefusedError("the peer couldn't be outdated")
            if not side.running or self.connected:
                raise RefusedError("all has changed meanwhile")
            side.generation, side.alone = max(s.generation for s in self.sides) + 1, True
        first = force and not side.whole
        side.primary, side.frozen, side.whole = True, False, True
        self._look(side)
        if first:
            side.generation += 1
            self._catch_up(other)

    def demote(self, side: Side) -> None:
        """`drbdadm secondary`, which waits for what is under way, and can't while writes are frozen."""
        if side.frozen:
            raise RefusedError("writes are frozen")
        if side.primary and self.connected and self.other(side).whole:
            self.other(side).disk |= side.disk
        side.primary = side.alone = False

    def mirrored(self, side: Side) -> bool:
        return self.connected and side.whole and self.other(side).whole

    # what happens

    def crash(self, side: Side) -> None:
        side.running = side.primary = side.frozen = side.alone = side.suspended = side.awoke = False
        self._cut()

    def boot(self, side: Side) -> None:
        side.running = True
        self._join()

    def suspend(self, side: Side) -> None:
        if side.running:
            side.suspended, side.awoke = True, side.primary
            self._cut()

    def resume(self, side: Side) -> None:
        side.suspended = False
        self._cut()
        self._join()

    def link(self, *, up: bool) -> None:
        self.linked = up
        self._join() if up else self._cut()

    def _cut(self) -> None:
        self._link += 1
        self._under_way = 0
        for side in self.sides:
            if side.primary and side.running and not side.suspended and not side.alone:
                side.frozen = self.freezes
                side.outdates(lambda done, side=side: self._handled(side, done=done))

    def _handled(self, side: Side, *, done: bool) -> None:
        if done and side.primary and side.running and not self.connected:
            side.frozen, side.alone = False, True
            side.generation = max(s.generation for s in self.sides) + 1

    def _join(self) -> None:
        if not self.connected:
            return
        self._link += 1
        a, b = self.sides
        if a.primary and b.primary:
            return  # DRBD refuses a second one, and the connection
        if any(side.primary and self.other(side).generation > side.generation for side in self.sides):
            return  # a primary is never copied to (`rr-conflict disconnect`): one whose data is the older stays frozen
        for side in self.sides:
            side.frozen = False
        source = next((side for side in self.sides if side.primary), None)
        if source is None:
            source = max(self.sides, key=lambda side: (side.whole, side.generation, len(side.disk)))
        source.alone = False
        target = self.other(source)
        if not target.primary and source.whole:
            self._catch_up(target)

    def _catch_up(self, target: Side) -> None:
        target.whole, link = False, self._link
        self.loop.after(SYNC, lambda: self._caught_up(target, link))

    def _caught_up(self, target: Side, link: int) -> None:
        source = self.other(target)
        if link == self._link and self.connected and not target.primary:
            target.disk, target.generation = set(source.disk), source.generation
            target.whole = True

    def _write(self) -> None:
        self.loop.after(WRITES, self._write)
        active = [s for s in self.sides if s.primary and s.running and not s.suspended]
        if len(active) > 1 and not any(side.awoke and side.frozen for side in active):
            self.wrong.append(f"{self.loop.now:.2f}: two are primary")
        for side in active:
            if not side.frozen:
                self._one(side, next(self._numbers))

    def _one(self, side: Side, number: int) -> None:
        other, link = self.other(side), self._link
        if side.alone or not self.connected or not other.whole:
            side.disk.add(number)
            if side.alone or not self.freezes or (self.connected and not other.whole):
                self._acknowledge(side, number)
            return
        if self.protocol == "A" and self._under_way < BUFFER:
            self._acknowledge(side, number)
        elif self.protocol == "A":
            return  # who writes waits
        side.disk.add(number)
        self._under_way += 1
        slow = 0.0 if self.protocol == "C" else 0.5
        self.loop.after(TRAVELS + slow, lambda: self._arrives(side, number, link))

    def _arrives(self, side: Side, number: int, link: int) -> None:
        if link != self._link:
            return
        self._under_way -= 1
        self.other(side).disk.add(number)
        if self.protocol == "C" and side.primary:
            self._acknowledge(side, number)

    def _acknowledge(self, side: Side, number: int) -> None:
        self._look(side)
        self.acknowledged.add(number)
        side.disk.add(number)

    def _look(self, side: Side) -> None:
        """What a primary lacks of what was acknowledged is lost."""
        lacks = self.acknowledged - side.disk
        self.lost = max(self.lost, len(lacks))
        if len(lacks) > (BUFFER if self.protocol == "A" else 0):
            self.wrong.append(f"{self.loop.now:.2f}: {side.name} lacks {len(lacks)} acknowledged writes")
        self.acknowledged -= lacks

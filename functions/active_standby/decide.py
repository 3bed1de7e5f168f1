"""What is to be done, from what is seen. Nothing here calls anything, so every case can be tried."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from . import mirror
from .lease import Lease, Move
from .mirror import Grant, Mirror, Point, Release
from .targets import ABSENT, Group
from .timing import Timing


@dataclass(frozen=True, kw_only=True)
class Look:
    """What one poll found. The lease was asked for last."""

    at: float
    """When the first question was sent, by the clock that measures."""
    wall: float
    lease: Lease
    serving: Group
    members: Group
    owners: Mapping[str, str]
    asked: float = 0
    """When the lease was asked for, by the clock that measures."""
    state: str = ""
    """EC2's, of the mirrored disk's primary, where the lease doesn't name it."""
    routes: Mapping[str, str] = field(default_factory=dict)
    """Where each route table leads the address."""
    starting: bool = False
    """Whether what serves may still be starting: the disk was granted a short while ago."""

    def of(self, member: str) -> str:
        """The member's instance: a healthy one before others, else empty."""
        its = [id_ for id_ in self.members if self.owners.get(id_) == member]
        return min(its, key=lambda id_: (not self.members[id_].healthy, id_), default="")

    @property
    def registered(self) -> list[str]:
        """Who gets requests, or would if healthy."""
        return sorted(id_ for id_, target in self.serving.items() if target.registered)

    @property
    def ill(self) -> bool | None:
        """Whether the lease's instance can't serve, by either group; None: load balancers can't tell."""
        holder = self.lease.instance
        member, serving = self.members.get(holder, ABSENT), self.serving.get(holder, ABSENT)
        if member.unknown or serving.unknown:
            return None
        if serving.state == "unhealthy" and not self.starting:
            return True
        return not (member.healthy or (member.state == "initial" and serving.healthy))


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What an invocation remembers of its looks."""

    epoch: int = -1
    known: float = 0
    """When it learned of the epoch."""
    ill: int = 0
    """Looks in a row at this epoch that found its instance ill."""
    began: float = 0
    """When the first of these was, in seconds since 1970."""
    healthy: Mapping[str, int] = field(default_factory=dict)
    """Looks in a row that found an instance healthy."""
    grant: tuple[str, int, int] = ("", 0, 0)
    """The mirrored disk's primary, its grant, and how often that was renewed."""
    renewed: float = 0
    """When it learned of that."""

    def after(self, look: Look, now: float) -> Seen:
        """The memory with one more look, whose last answer came at `now`."""
        same = look.lease.epoch == self.epoch
        grant = (look.lease.primary, look.lease.granted, look.lease.renewed)
        ill = (self.ill if same else 0) + (look.ill is True) if look.ill is not False else 0
        return Seen(
            epoch=look.lease.epoch,
            known=self.known if same else now,
            ill=ill,
            began=self.began if ill > 1 else look.wall,
            healthy={id_: self.healthy.get(id_, 0) + 1 for id_, t in look.members.items() if t.healthy},
            grant=grant,
            renewed=self.renewed if grant == self.grant else now,
        )


@dataclass(frozen=True)
class Remove:
    """Deregister these."""

    targets: Group


@dataclass(frozen=True)
class Register:
    """Register this."""

    instance: str


@dataclass(frozen=True)
class Wait:
    """Do nothing now. `refused`: a swap was due, and a guarantee forbids it."""

    why: str
    refused: bool = False
    seconds: float | None = None
    """After which another look is worth it, when something is under way."""


@dataclass(frozen=True)
class Done:
    """The lease's instance, alone, is registered."""


Step = Move | Remove | Register | Release | Grant | Point | Wait | Done


@dataclass(frozen=True)
class Rules:
    """The settings that decide."""

    members: tuple[str, str]
    timing: Timing
    mirror: Mirror | None = None
    """None: what serves has no disk that both have."""

    def step(self, look: Look, seen: Seen, wish: str = "", request: str = "") -> Step:
        """The next step. `wish`: the member that somebody wants to serve, by the invocation `request`."""
        lease = look.lease
        if not lease.epoch:
            first = self.members[0]
            return _move(look, first, look.of(first), "first lease", look.wall)
        if wish and wish != lease.member:
            return self._wished(look, seen, wish, request)
        moved = self._ill(look, seen) if seen.ill >= self.timing.unhealthy_polls else None
        if isinstance(moved, Move):
            return moved
        step = self._converge(look, seen)
        return moved if moved and isinstance(step, Wait | Done) else step

    def _able(self, look: Look, seen: Seen, member: str) -> str:
        """The member's instance if it has been healthy for long enough and lacks nothing, else empty."""
        if look.lease.lacks(member):
            return ""
        instance = look.of(member)
        return instance if seen.healthy.get(instance, 0) >= self.timing.healthy_polls else ""

    def _wished(self, look: Look, seen: Seen, wish: str, request: str) -> Step:
        instance = look.of(wish)
        if not look.members.get(instance, ABSENT).healthy:
            return Wait(f"{wish} has no healthy instance", refused=True)
        if look.lease.lacks(wish):
            return Wait(f"the disk of {wish} isn't up to date", refused=True)
        if not self._able(look, seen, wish):
            return Wait(f"{instance} of {wish} must be found healthy again")
        return _move(look, wish, instance, "by hand", look.wall, swap=True, request=request)

    def _ill(self, look: Look, seen: Seen) -> Step | None:
        """The lease's instance can't serve: another one of its member, or of the other member, gets the lease."""
        lease, holder = look.lease, look.lease.instance
        state = look.members.get(holder, ABSENT)
        why = f"{holder or lease.member} is {state.state} {state.reason}".strip()
        own = self._able(look, seen, lease.member)
        if own and own != holder:
            return _move(look, lease.member, own, f"{why}, {own} replaces it", seen.began)
        (other,) = (member for member in self.members if member != lease.member)
        standby = self._able(look, seen, other)
        if not standby:
            lacks = "isn't up to date" if lease.lacks(other) else "isn't healthy"
            return Wait(f"{why}, and {other} {lacks}", refused=True)
        if lease.paused(look.wall):
            return Wait(f"{why}, and swaps are paused: {lease.reason}", refused=True)
        # One that doesn't serve has nothing to lose by another swap; one that leaves for good can't bring the next.
        stays = holder in look.registered and state.registered
        if stays and look.wall < lease.swapped + self.timing.cool_down:
            return Wait(f"{why}, and the last swap's cool-down isn't over", refused=True)
        return _move(look, other, standby, why, seen.began, swap=True, by_itself=True)

    def _converge(self, look: Look, seen: Seen) -> Step:
        """Bring the serving group to what the lease says."""
        holder = look.lease.instance
        able = look.members.get(holder, ABSENT).healthy
        strangers = [id_ for id_ in look.registered if id_ != holder]
        if strangers and holder not in look.registered and not able:
            # The lease's instance can't take over: what serves of the pair stays, but only one.
            ours = [id_ for id_ in strangers if id_ in look.owners]
            kept = min(ours, key=lambda id_: (not look.serving[id_].healthy, id_), default="")
            strangers = [id_ for id_ in strangers if id_ != kept]
        if strangers:
            return Remove({id_: look.serving[id_] for id_ in strangers})
        if self.mirror and (step := self._mirrored(self.mirror, look, seen, able=able)):
            return step
        return Done() if holder in look.registered else self._enter(look, seen, able=able)

    def _enter(self, look: Look, seen: Seen, *, able: bool) -> Step:
        """Have the lease's instance serve, when nothing else can any more."""
        holder = look.lease.instance
        if not able:
            return Wait(f"{holder or look.lease.member} isn't healthy")
        if set(look.serving) - {holder}:
            return Wait("another instance drains", seconds=self.timing.hurry)
        settles = seen.known + self.timing.settle - look.at
        if settles > 0:
            return Wait(
                "requests of the epoch before may still land", seconds=min(settles, self.timing.hurry)
            )
        return Register(holder)

    def _mirrored(self, mirrored: Mirror, look: Look, seen: Seen, *, able: bool) -> Step | None:
        """What comes first where they have a disk in common; None: nothing."""
        silent = look.asked - seen.renewed
        found = mirror.step(
            mirrored, look.lease, state=look.state, silent=silent, able=able, routes=look.routes
        )
        return Wait(found, seconds=self.timing.hurry) if isinstance(found, str) else found


def _move(
    look: Look,
    member: str,
    instance: str,
    why: str,
    began: float,
    *,
    swap: bool = False,
    by_itself: bool = False,
    request: str = "",
) -> Move:
    return Move(
        member=member,
        instance=instance,
        why=why,
        swap=swap and instance != look.lease.instance,
        by_itself=by_itself,
        began=began,
        request=request,
    )

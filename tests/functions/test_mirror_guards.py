"""Each guard of a mirrored disk against the case that it is for: with it nothing goes wrong, and without it something does."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from architectures.replicated_disk.node import agent
from functions.active_standby import decide, lease, mirror
from tests.functions.mirror_world import MirrorWorld, Node
from tests.functions.pair_fates import Fate, calm

TO_B = {"action": "swap", "to": "pair-b"}


def begun(**more: Any) -> MirrorWorld:
    """Both are there and in step, and the first one serves."""
    world = MirrorWorld(5, **more)
    world.schedule(6)
    world.loop.run(150, stop=world.well)
    assert world.well(), world.lines[-10:]
    return until(world, 5)


def until(world: MirrorWorld, seconds: float) -> MirrorWorld:
    world.loop.run(world.loop.now + seconds)
    return world


def node(world: MirrorWorld, which: str = "pair-a") -> Node:
    return world.nodes[which]


def deaf(world: MirrorWorld) -> None:
    """Nothing that the first machine's agent asks AWS for is answered."""
    its = node(world).process
    world.fates = lambda dice, called, request: (
        Fate(refused=True) if world.calling is its else calm(dice, called, request)
    )


def a_link_that_is_lost_and_then_its_primary() -> MirrorWorld:
    world = begun()
    world.mirror.link(up=False)
    until(world, 5)
    node(world).off()
    return until(world, 60)


def a_link_that_is_lost_as_the_lease_moves(**more: Any) -> MirrorWorld:
    world = begun(**more)
    first = world.holder
    world.invoke(TO_B)
    world.loop.run(world.loop.now + 30, stop=lambda: world.holder != first)
    world.mirror.link(up=False)
    return until(world, 60)


def a_link_that_is_lost_as_the_lease_moves_without_freezing() -> MirrorWorld:
    world = begun()
    world.mirror.freezes = False
    first = world.holder
    deaf(world)
    world.invoke(TO_B)
    world.loop.run(world.loop.now + 30, stop=lambda: world.holder != first)
    world.mirror.link(up=False)
    return until(world, 60)


def a_link_that_is_lost_just_when_both_were_alike() -> MirrorWorld:
    world = begun()
    world.mirror.link(up=False)
    until(world, 5)
    real = Node.Disk.mirrored

    def mirrored(self: Node.Disk) -> bool:
        found = real(self)
        if found:
            self.mirror.link(up=False)
            self.process.wait(lambda: self.node._later(3, self.process))
        return found

    world.mirror.link(up=True)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Node.Disk, "mirrored", mirrored)
        until(world, 14)
    node(world).off()
    return until(world, 60)


def a_primary_that_is_cut_off(**more: Any) -> MirrorWorld:
    world = begun(**more)
    deaf(world)
    first = world.holder
    world.invoke(TO_B)
    world.loop.run(world.loop.now + 30, stop=lambda: world.holder != first)
    world.mirror.link(up=False)
    return until(world, 60)


def a_primary_that_is_cut_off_and_has_no_watchdog() -> MirrorWorld:
    return a_primary_that_is_cut_off(bites=False)


# the guards, left out

_able, _step, _update, _outdate = decide.Rules._able, mirror.step, lease.Leases._update, agent.outdate


def able_though_outdated(self: Any, look: Any, seen: Any, member: str) -> str:
    return _able(
        self, dataclasses.replace(look, lease=dataclasses.replace(look.lease, sole="")), seen, member
    )


def without(text: str) -> Callable[..., bool]:
    """Writes of the lease whose condition lacks this."""

    def update(self: Any, values: Any, condition: str | None, more: Any) -> bool:
        kept = (condition or "").replace(f" AND {text}", "")
        return _update(self, values, kept, {name: value for name, value in more.items() if name in kept})

    return update


def granted_at_once(told: Any, held: Any, **seen: Any) -> Any:
    if held.primary not in ("", held.instance):
        return mirror.Grant(held.instance) if seen["able"] else None
    return _step(told, held, **seen)


def any_answer(found: agent.Table) -> int:
    _outdate(found)
    return agent.OUTDATED


def whoever_serves(self: agent.Table, grant: int) -> Any:
    change = "SET sole = :mine, fence = if_not_exists(fence, :zero) + :one"
    return self._write(change, grant, mine=self.member, zero=0, one=1)


def whichever_mark(self: agent.Table, grant: int, fence: int) -> Any:
    return self._write("SET sole = :both", grant, both="")


NOBODY = "(attribute_not_exists(#primary) OR #primary = :nobody)"
Case = tuple[Callable[[], MirrorWorld], list[tuple[Any, str, Any]], str]
CASES: dict[str, Case] = {
    "moves to nobody who is outdated": (
        a_link_that_is_lost_and_then_its_primary,
        [(decide.Rules, "_able", able_though_outdated), (lease.Leases, "_update", without(lease._CURRENT))],
        "acknowledged writes",
    ),
    "marks the other one on condition": (
        a_primary_that_is_cut_off,
        [(agent, "outdate", any_answer)],
        "acknowledged writes",
    ),
    "marks the other one only while it is to serve": (
        a_link_that_is_lost_as_the_lease_moves,
        [(agent.Table, "outdate", whoever_serves), (lease.Leases, "_update", without(lease._CURRENT))],
        "acknowledged writes",
    ),
    "takes away the mark that it has seen": (
        a_link_that_is_lost_just_when_both_were_alike,
        [(agent.Table, "current", whichever_mark)],
        "acknowledged writes",
    ),
    "grants what nobody has": (
        a_primary_that_is_cut_off,
        [(mirror, "step", granted_at_once), (lease.Leases, "_update", without(NOBODY))],
        "two are primary",
    ),
    "waits until silence tells": (a_primary_that_is_cut_off, [(mirror, "EXPIRY", 0)], "two are primary"),
    "resets a machine that can't unmount": (
        a_primary_that_is_cut_off,
        [(Node, "pet", lambda _self: None)],
        "two are primary",
    ),
}


@pytest.mark.parametrize("guard", CASES)
def test_with_its_guard_nothing_goes_wrong_and_without_it_something_does(
    monkeypatch: pytest.MonkeyPatch, guard: str
) -> None:
    case, broken, what = CASES[guard]
    kept = case()
    kept.close()
    assert kept.troubles == []
    for owner, name, value in broken:
        monkeypatch.setattr(owner, name, value)
    left = case()
    left.close()
    assert any(what in line for line in left.troubles), (left.troubles, left.lines[-5:])


def test_without_frozen_writes_some_are_lost() -> None:
    """What DRBD's `resource-and-stonith` is for."""
    world = a_link_that_is_lost_as_the_lease_moves_without_freezing()
    world.close()
    assert any("acknowledged writes" in line for line in world.troubles)


def test_a_watchdog_that_fails_costs_no_write() -> None:
    """Two call themselves primary then, and the former one's writes stay frozen."""
    world = a_primary_that_is_cut_off_and_has_no_watchdog()
    world.close()
    assert any("two are primary" in line for line in world.troubles)
    assert not any("acknowledged writes" in line for line in world.troubles)

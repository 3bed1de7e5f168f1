"""Each guard of the active-standby function against the case that it is for: with it nothing goes wrong, and without it something does."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable
from typing import Any

import pytest

from functions.active_standby import decide, lease, timing
from functions.active_standby.targets import ABSENT, Target
from tests.functions.pair_fates import Fate, calm
from tests.functions.pair_world import World

WATCH = {"action": "watch"}
TO_B = {"action": "swap", "to": "pair-b"}
SLOW = Fate(lands=3.9)
"""A write that lands almost as late as it may: its caller has given up."""


def begun(watches=1, up=True, **settings):
    """A pair that is watched, just after the first lease."""
    world = World(7, settings=settings)
    for instance in world.instances.values():
        instance.up = up
    for _ in range(watches):
        world.invoke(WATCH)
    world.loop.run(60, stop=lambda: bool(world.history))
    return world


def served(**settings):
    world = begun(**settings)
    return serves(world, "i-0a")


def serves(world, instance):
    world.loop.run(
        world.loop.now + 60, stop=lambda: world.holder == instance and bool(world.item()["served"])
    )
    assert world.serves()
    return world


def until(world, seconds):
    world.loop.run(world.loop.now + seconds)
    return world


def next_calls(world, operation, *fates, then=None):
    """The next calls of an operation have these fates; with the first, `then` happens."""
    left = list(fates)

    def fate(dice, called, request):
        if called != operation or not left:
            return calm(dice, called, request)
        if then and len(left) == len(fates):
            world.loop.after(0.01, then)
        return left.pop(0)

    world.fates = fate


def a_swap_with_a_slow_end():
    world = served()
    next_calls(world, "deregister_targets", SLOW)
    world.invoke(TO_B)
    return until(world, 30)


def a_registration_that_lands_after_the_lease_has_moved():
    world = begun(watches=2)
    swap = lambda: world.invoke(TO_B)  # noqa: E731
    next_calls(world, "register_targets", SLOW, Fate(refused=True), then=swap)
    return until(world, 40)


def stopped(world, operation, seconds, which=lambda count: True):
    """The first watch is stopped in a call of the poll that registers."""
    begun_at, count = world.history[0][0], itertools.count(1)

    def fate(dice, called, request):
        if world.calling is not world.processes[0] or called != operation:
            return calm(dice, called, request)
        registers = 6.2 < world.loop.now - begun_at < 8
        return Fate(stopped=seconds) if which(next(count)) and registers else calm(dice, called, request)

    world.fates = fate


def a_process_that_stops_before_it_registers():
    world = begun()
    stopped(world, "get_item", 11)  # a swap is done meanwhile
    world.loop.after(7, lambda: world.invoke(TO_B))
    return until(world, 60)


def a_process_that_stops_while_it_looks():
    world = begun()
    stopped(
        world, "describe_target_health", 25, lambda count: count % 2 == 0
    )  # the members, after the serving group
    world.loop.after(7, lambda: setattr(world.instances["i-0a"], "up", False))
    return until(world, 60)


def a_change_of_the_lease_that_lands_late():
    world = served()
    next_calls(world, "update_item", Fate(lands=6))
    world.invoke(TO_B)
    return until(world, 30)


def both_fail():
    world = served()
    world.instances["i-1b"].up = False
    until(world, 25)
    world.instances["i-0a"].up = False
    return until(world, 20)


def neither_is_up():
    return until(begun(up=False), 30)


def the_new_one_fails_soon_after_a_swap():
    world = served(coolDown=60)
    world.instances["i-0a"].up = False
    serves(world, "i-1b")
    world.instances["i-0a"].up = True
    until(world, 16)
    world.instances["i-1b"].up = False
    return until(world, 40)


def a_failure_in_a_pause():
    world = served()
    world.invoke({"action": "pause", "reason": "a release"})
    until(world, 3)
    world.instances["i-0a"].up = False
    return until(world, 40)


# the guards, left out

_converge, _update, _after, _ill, _move = (
    decide.Rules._converge,
    lease.Leases._update,
    decide.Seen.after,
    decide.Rules._ill,
    lease.Leases.move,
)


def no_confirm(self, look, seen):
    alone = {id_: t for id_, t in look.serving.items() if t.registered or id_ == look.lease.instance}
    return _converge(self, dataclasses.replace(look, serving=alone), seen)


def register_first(self, look, seen):
    holder = look.lease.instance
    if look.members.get(holder, ABSENT).healthy and holder not in look.registered:
        return decide.Register(holder)
    return _converge(self, look, seen)


def any_condition(self, values, condition, more):
    return _update(self, values, None, {})


def any_epoch(self, look, now):
    known = self.known or now
    return dataclasses.replace(_after(self, look, now), known=known)


def any_state(self, look, seen, member):
    return look.of(member)


def able_whatever(self, look, seen):
    holder = look.lease.instance
    return _converge(
        self, dataclasses.replace(look, members={**look.members, holder: Target("healthy")}), seen
    )


def uncooled(self, look, seen):
    return _ill(self, dataclasses.replace(look, lease=dataclasses.replace(look.lease, swapped=0.0)), seen)


def moves_in_pauses(self, seen, to, wall):
    return _move(self, seen, dataclasses.replace(to, by_itself=False), wall)


Case = tuple[Callable[[], World], list[tuple[Any, str, Any]], str]
CASES: dict[str, Case] = {
    "confirms that the other is gone": (
        a_swap_with_a_slow_end,
        [(decide.Rules, "_converge", no_confirm)],
        "beside",
    ),
    "deregisters before it registers": (
        a_swap_with_a_slow_end,
        [(decide.Rules, "_converge", register_first)],
        "beside",
    ),
    "waits for what may still land": (
        a_registration_that_lands_after_the_lease_has_moved,
        [(timing.Timing, "settle", 0.0)],
        "beside",
    ),
    "waits anew at each epoch": (
        a_registration_that_lands_after_the_lease_has_moved,
        [(decide.Seen, "after", any_epoch)],
        "beside",
    ),
    "registers by a fresh lease": (
        a_process_that_stops_before_it_registers,
        [(timing.Timing, "fresh", 1e9)],
        "beside",
    ),
    "moves the lease on condition": (
        a_change_of_the_lease_that_lands_late,
        [(lease.Leases, "_update", any_condition)],
        "epoch 2 after epoch 2",
    ),
    "acts on fresh looks": (
        a_process_that_stops_while_it_looks,
        [(timing.Timing, "stale", 1e9), (timing.Timing, "reserve", 14.0)],
        "though not healthy",
    ),
    "swaps to a healthy one alone": (
        both_fail,
        [(decide.Rules, "_able", any_state)],
        "swapped to i-1b though not healthy",
    ),
    "registers a healthy one alone": (
        neither_is_up,
        [(decide.Rules, "_converge", able_whatever)],
        "registered though not healthy",
    ),
    "keeps the cool-down": (
        the_new_one_fails_soon_after_a_swap,
        [(decide.Rules, "_ill", uncooled)],
        "in a cool-down",
    ),
    "keeps to a pause": (
        a_failure_in_a_pause,
        [(lease.Lease, "paused", lambda *_: False), (lease.Leases, "move", moves_in_pauses)],
        "in a pause",
    ),
}


@pytest.mark.parametrize("guard", CASES)
def test_with_its_guard_nothing_goes_wrong_and_without_it_something_does(monkeypatch, guard):
    case, without, what = CASES[guard]
    kept = case()
    kept.close()
    assert kept.wrong == []
    for owner, name, value in without:
        monkeypatch.setattr(owner, name, value)
    broken = case()
    broken.close()
    assert any(what in line for line in broken.wrong), broken.wrong

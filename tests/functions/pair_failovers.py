"""How long a pair is down when what serves is lost: the real handler on simulated time, at random moments.

What is drawn, evenly each: the moment of the loss; when in its minute each invocation comes (60-second precision:
https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html), and its start (up to 2 s); the phases of the health checks of
both groups, every 5 s, of which a lost host's run into their timeout of 2 s; the load balancer's own time for a registration (up to 1 s:
no figure is published); each call's 20 to 80 ms, one in a hundred up to a second, one in two hundred throttled.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from tests.functions.pair_fates import Fate
from tests.functions.pair_world import World

WARM = 120
"""Seconds after which a second invocation has begun."""


def usual(dice: random.Random, operation: str, request: int) -> Fate:
    """AWS on a usual day."""
    if dice.random() < 0.005:
        return Fate(refused=True)
    return Fate(lands=dice.uniform(0.1, 0.9) if dice.random() < 0.01 else dice.uniform(0.01, 0.06))


def failover(seed: int, **settings: int) -> float:
    """Seconds from the loss of the instance that serves until the load balancer sends requests to the other one."""
    world = World(seed, fates=usual, settings=settings, lag=1.0, cold=2.0)
    world.begin()
    world.schedule(4)
    lost = world.dice.uniform(WARM, WARM + 60)
    world.loop.run(lost)
    assert world.serves()
    former = world.holder
    world.instances[former].up = False
    world.loop.run(
        lost + 300,
        stop=lambda: any(t.state == "healthy" and id_ != former for id_, t in world.serving.targets.items()),
    )
    world.close()
    assert world.serves()
    assert world.wrong == []
    return world.loop.now - lost


def failovers(count: int, **settings: int) -> Iterator[float]:
    """So many of them, by seeds."""
    return (failover(seed, **settings) for seed in range(count))


def percentile(ordered: Sequence[float], percent: int) -> float:
    """The smallest value that so many percent don't exceed."""
    return ordered[-(-len(ordered) * percent // 100) - 1]

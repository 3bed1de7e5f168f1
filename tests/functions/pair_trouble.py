"""Trouble for a pair: what fails when, while any number of invocations run, and whether the pair is well some time after it ends."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tests.functions.pair_fates import calm, hostile
from tests.functions.pair_services import MEMBERS
from tests.functions.pair_world import World

KINDS = ("swap", "swap", "fail", "fail", "heal", "heal", "replace", "kill", "watch", "pause", "resume")
MORE: Mapping[str, list[dict[str, Any]]] = {
    "watch": [{}],
    "swap": [{"to": MEMBERS[0]}, {"to": MEMBERS[1]}, {}],
    "pause": [{"reason": "a release", "minutes": 1}],
    "resume": [{}],
}
"""What else an event of an action has."""
RESTLESS = ("swap",) * 12 + ("heal", "heal", "heal", "fail", "replace", "watch", "kill")
LASTS = 180
"""Seconds of trouble."""
SETTINGS = {"coolDown": 30}
RECOVERS = 180
"""Seconds after the end of all trouble by which exactly one healthy instance serves: 119 until the next watch at most, when all were
killed; the cool-down; and what a swap takes."""


@dataclass(frozen=True)
class Trouble:
    at: float
    kind: str
    which: int = 0


def apply(world: World, trouble: Trouble) -> None:
    member = MEMBERS[trouble.which % 2]
    running = [p for p in world.processes if not p.done]
    match trouble.kind:
        case "fail" | "heal":
            for id_, each in world.instances.items():
                if each.member == member and id_ in world.members.registered():
                    each.up = trouble.kind == "heal"
        case "replace":
            world.replace(member)
        case "kill":
            for process in running[trouble.which : trouble.which + 1]:
                process.kill()
        case action:
            choices = MORE[action]
            world.invoke({"action": action, **choices[trouble.which % len(choices)]})


def play(seed: int, troubles: Sequence[Trouble], **more: Any) -> World:
    """Trouble, then none: the world after it has had time to recover. `close` it."""
    world = World(seed, fates=hostile, settings=SETTINGS, **more)
    world.schedule(6)
    for trouble in troubles:
        world.loop.at(trouble.at, lambda trouble=trouble: apply(world, trouble))
    world.loop.run(LASTS)
    world.fates = calm
    for member in range(2):
        apply(world, Trouble(LASTS, "heal", member))
    world.loop.run(LASTS + 1)
    apply(world, Trouble(LASTS, "resume"))
    world.loop.run(LASTS + RECOVERS)
    return world


def random_troubles(seed: int) -> list[Trouble]:
    import random

    dice = random.Random(seed)
    count = dice.randrange(6, 40)
    first, last = sorted((dice.uniform(50, LASTS), dice.uniform(50, LASTS)))
    kinds = dice.choice((KINDS, RESTLESS))
    return [Trouble(dice.uniform(first, last), dice.choice(kinds), dice.randrange(4)) for _ in range(count)]

"""A drill of a system of a ground, on a copy of it, and what was done in it."""

from __future__ import annotations

from collections.abc import Callable

from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Drill, Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World

Prepare = Callable[[World], None]


def carried_out(
    ground: Ground, system: str, scenario: str, prepare: Prepare | None = None, pace: float = 0.5
) -> Result:
    """What came of it, with all that its client asked for (`tries`). `prepare` changes the copy before."""
    with ground.copy() as world:
        if prepare is not None:
            prepare(world)
        drill = Drill(world, ground.system(system), BY_NAME[scenario], ground.report, pace=pace)
        result = drill.run()
        result.tries = drill._client.tries
        return result


def what(result: Result, who: str) -> list[str]:
    """What somebody did, in order."""
    return [line["what"] for line in result.timeline if line["who"] == who]

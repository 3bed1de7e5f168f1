"""The repository's own two stacks, deployed once, and drilled on copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.drills import ground as grounds
from sandbox.drills.ground import Ground
from sandbox.drills.rehearse import Drill, Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from sandbox.engines.model import StackChoice
from tests.sandbox.projects import in_process

ROOT = Path(__file__).resolve().parents[3]
Prepare = Callable[[World], None]


@pytest.fixture(scope="module")
def ground() -> Iterator[Ground]:
    stacks = [StackChoice("prod"), StackChoice("dr")]
    with in_process(), grounds.deployed(ROOT, "runner", stacks, lambda _event: None) as found:
        yield found


@pytest.fixture
def drill(ground: Ground) -> Callable[..., Result]:
    """`drill(scenario, prepare)` carries one out on a copy that `prepare` has changed."""

    def run(scenario: str, prepare: Prepare | None = None, pace: float = 0.5, **given: Any) -> Result:
        with ground.copy() as world:
            if prepare is not None:
                prepare(world)
            system = given.pop("system", ground.system("web"))
            return Drill(world, system, BY_NAME[scenario], ground.report, pace=pace, **given).run()

    return run

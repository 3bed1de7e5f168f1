"""The repository's own two stacks, deployed once, and drilled on copies."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from sandbox.drills.ground import Ground, ground_of
from sandbox.drills.rehearse import Drill, Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from tests.sandbox.conftest import Whole

Prepare = Callable[[World], None]


@pytest.fixture(scope="session")
def ground(whole: Whole) -> Ground:
    return ground_of(whole.results, ["prod", "dr"], whole.state)


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

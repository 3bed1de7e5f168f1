"""The repository's own two stacks, deployed once, and drilled on copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
import yaml

from sandbox.drills import ground as grounds
from sandbox.drills.ground import Ground, ground_of
from sandbox.drills.rehearse import Drill, Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from sandbox.engines.model import StackChoice
from tests.sandbox.conftest import Whole
from tests.sandbox.drills.rehearsals import ROOT
from tests.sandbox.projects import in_process
from tests.test_examples import config

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


@pytest.fixture(scope="session")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """A cluster's nodes and an environment's instances, which services of AWS keep: the systems of both examples, deployed once."""
    folder, stacks = tmp_path_factory.mktemp("kept"), []
    for stack in ("prod", "dr"):
        said = dict(config(ROOT / "examples" / "kubernetes", stack))
        beside = config(ROOT / "examples" / "elastic-beanstalk", stack)["holdfast:systems"]
        said["holdfast:systems"] = {**said["holdfast:systems"], **beside}
        (folder / f"{stack}.yaml").write_text(yaml.safe_dump({"config": said}))
        stacks.append(StackChoice(stack, config_file=folder / f"{stack}.yaml"))
    with ExitStack() as until_the_end:
        with in_process():
            found = until_the_end.enter_context(grounds.deployed(ROOT, "runner", stacks, lambda _event: None))
        yield found

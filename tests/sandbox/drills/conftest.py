"""The repository's own two stacks, deployed once, and drilled on copies."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sandbox.drills.ground import Ground, ground_of
from sandbox.drills.rehearse import Drill, Result
from sandbox.drills.scenarios import BY_NAME
from sandbox.drills.world import World
from tests.architectures.sharded_database.conftest import configured
from tests.functions.sqlite_driver import placed
from tests.sandbox.conftest import Whole
from tests.sandbox.drills.examples import STACKS, beside, example, grounded
from tests.sandbox.runbooks import BOTH

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
def managed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """Systems that services of AWS keep or run: nodes of a cluster, an environment's instances, APEX, an API, users' files."""
    names = ("kubernetes", "elastic-beanstalk", "apex", "serverless-api", "content")
    said = {stack: beside(*(example(name, stack) for name in names)) for stack in STACKS}
    with grounded(tmp_path_factory.mktemp("managed"), said) as found:
        yield found


@pytest.fixture(scope="session")
def shards(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Has the driver of a sharded database's migrations, and a file for each shard's host in `hosts`."""
    folder = tmp_path_factory.mktemp("shards")
    placed(folder / "driver")
    return folder


@pytest.fixture(scope="session")
def services(tmp_path_factory: pytest.TempPathFactory, shards: Path) -> Iterator[Ground]:
    """Services in containers; two tiers of servers whose requests stay in their zone; a sharded database, with a function for migrations; one of Aurora DSQL."""
    said = {}
    for stack in STACKS:
        zonal = example("zone-affinity", stack)
        zonal["holdfast:systems"] = {
            "zonal": {**zonal["holdfast:systems"]["shop"], "site": "zonal.holdfast.example"}
        }
        sharded = configured(stack, migrations={"driver": str(shards / "driver")})
        both = {**zonal, "holdfast:systems": {"both": BOTH}}
        said[stack] = beside(example("containers", stack), zonal, sharded, both)
    with grounded(tmp_path_factory.mktemp("services"), said) as found:
        yield found

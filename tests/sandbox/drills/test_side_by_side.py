"""Examples' systems on one ground: each keeps what its own example promises, and what doesn't fit is said."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from sandbox.engines.runner import engine
from tests.sandbox.drills.examples import NETWORK, STACKS, SYSTEMS, beside, example
from tests.sandbox.projects import InProcess, made_in_process


@pytest.mark.parametrize("stack", STACKS)
def test_each_system_says_what_its_example_says_for_it(stack: str) -> None:
    crm, orders = example("apex", stack), example("serverless-api", stack)
    whole = beside(crm, orders)
    for said, name in ((crm, "crm"), (orders, "orders")):
        promised = {"objectives": said["holdfast:objectives"], "strategy": said["holdfast:strategy"]}
        assert whole[SYSTEMS][name] == {**promised, **said[SYSTEMS][name]}
        assert set(said[NETWORK]["interfaceEndpoints"]) <= set(whole[NETWORK]["interfaceEndpoints"])
    assert whole[SYSTEMS]["crm"]["objectives"] != whole[SYSTEMS]["orders"]["objectives"]


def test_what_does_not_fit_is_said() -> None:
    shop, east = example("containers", "prod"), example("apex", "prod")
    with pytest.raises(ValueError, match="two systems are called shop"):
        beside(shop, example("kubernetes", "prod"))
    with pytest.raises(ValueError, match="different grounds"):
        beside(east, example("serverless-api", "dr"))
    with pytest.raises(ValueError, match="different grounds"):
        beside(east, {**shop, NETWORK: {**shop[NETWORK], "nat": "single"}})


def test_who_has_a_ground_runs_other_programs_in_processes_of_their_own() -> None:
    usual = engine.Worker

    @contextmanager
    def ground() -> Iterator[type]:
        yield engine.Worker

    with made_in_process(ground()) as worker:
        assert worker is InProcess
        assert engine.Worker is usual

"""What is rehearsed of each strategy stays within what the estimator promises, and docs/recovery.md shows both."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from policies.recovery.document import DOCUMENT
from sandbox.drills.ground import Ground
from tests.sandbox.drills import rehearsals
from tests.sandbox.drills.rehearsals import JUDGED, PACES, SYSTEMS, Rehearsed, fill
from tests.sandbox.projects import in_process


@pytest.fixture(scope="module")
def four() -> Iterator[Ground]:
    with in_process(), rehearsals.ground() as found:
        yield found


@pytest.fixture(scope="module")
def made(four: Ground) -> Rehearsed:
    return rehearsals.rehearse(four)


def test_every_drill_is_there_but_where_nothing_could_serve(made: Rehearsed) -> None:
    everything = {(name, scenario.name) for name in SYSTEMS for scenario in JUDGED}
    assert everything - set(made) == {("restore", "region-loss")}
    assert {scenario.failure for scenario in JUDGED} == {"instance", "zone", "region", "corruption"}
    assert all([result.pace for result in results] == list(PACES) for results in made.values())


@pytest.mark.parametrize("name", SYSTEMS)
def test_it_passes_and_stays_within_what_is_promised(made: Rehearsed, name: str) -> None:
    for result in (each for (system, _), found in made.items() if system == name for each in found):
        assert result.passed, (result.name, result.pace, result.causes)
        assert result.promised is not None
        assert result.seconds is not None
        time, loss = result.promised.time, result.promised.loss
        assert time.high is not None
        assert loss.high is not None
        assert 0 < result.promised.least <= result.seconds <= time.high, (result.name, result.pace)
        assert 0 <= result.lost <= loss.high, (result.name, result.pace)


def test_a_lost_region_loses_rows_and_nothing_else_does(made: Rehearsed) -> None:
    for (_, scenario), (_, high) in made.items():
        assert (high.lost > 0) == (scenario == "region-loss")


def test_the_document_shows_them_beside_each_other(made: Rehearsed) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    assert fill(text, made) == text, "run python -m tests.sandbox.drills.rehearsals"

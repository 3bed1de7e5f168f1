"""The simulated clock: order, moments, and that nothing waits where it isn't running."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from policies.recovery.figures import Figures
from sandbox.aws.clockwork import clock as clocks
from sandbox.aws.clockwork.clock import Clock, pace_of


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    """A clock of its own that leaves this process's timestamps alone."""
    monkeypatch.setattr(clocks, "_simulate_time", lambda _clock: None)
    found = Clock()
    found.start(0.5)
    return found


def test_without_a_clock_everything_happens_at_once() -> None:
    done: list[str] = []
    still = Clock()
    still.after(60, lambda: done.append("later"))
    still.once("name", 60, lambda: done.append("once"))
    still.once("name", 60, lambda: done.append("again"))
    still.note("RDS", "fails over")
    assert done == ["later", "once", "again"]
    assert (still.timeline, still.now, still.lasts("aurora.promote")) == ([], 0, 0)


@given(st.lists(st.integers(0, 50)), st.lists(st.integers(0, 20)))
def test_what_is_due_happens_in_order_each_at_its_moment(due: list[int], steps: list[int]) -> None:
    with pytest.MonkeyPatch.context() as changed:
        changed.setattr(clocks, "_simulate_time", lambda _clock: None)
        clock, seen = Clock(), []
        clock.start(0)
        for number, seconds in enumerate(due):
            clock.after(seconds, lambda number=number: seen.append((clock.now, number)))
        for step in steps:
            clock.advance(step)
        assert clock.now == sum(steps)
        assert seen == sorted((at, number) for number, at in enumerate(due) if steps and at <= sum(steps))


def test_what_is_done_again_and_again_keeps_its_period(clock: Clock) -> None:
    seen: list[float] = []
    clock.every(10, lambda: seen.append(clock.now))
    clock.advance(25)
    clock.advance(10)
    assert seen == [10, 20, 30]


def test_one_of_a_name_waits_at_a_time(clock: Clock) -> None:
    seen: list[Any] = []
    clock.once("promote", 10, lambda: seen.append(("first", clock.now)))
    clock.once("promote", 1, lambda: seen.append(("second", clock.now)))
    clock.advance(20)
    clock.once("promote", 1, lambda: seen.append(("third", clock.now)))
    clock.advance(20)
    assert seen == [("first", 10), ("third", 21)]


def test_durations_are_the_estimators_figures(clock: Clock) -> None:
    figures = Figures()
    low, high = figures["aurora.promote"].low, figures["aurora.promote"].high
    assert low < clock.lasts("aurora.promote") == (low + high) / 2 < high
    both = clock.lasts("aurora.promote", "propagate.database_endpoint")
    assert both == (low + high) / 2 + figures["propagate.database_endpoint"].low


def test_somebody_at_work_holds_the_time(clock: Clock) -> None:
    asked: list[float] = []
    clock.settled = lambda: asked.append(clock.now)
    clock.after(5, lambda: None)
    clock.advance(10)
    assert asked == [0, 5]


def test_what_is_no_pace_or_no_time_is_refused(clock: Clock) -> None:
    with pytest.raises(RuntimeError, match="runs already"):
        clock.start(0)
    with pytest.raises(ValueError, match=r"pace is 1.5, allowed is 0 \(low end of each figure\) to 1"):
        Clock().start(1.5)
    with pytest.raises(ValueError, match="seconds is -1, allowed is 0 or more"):
        clock.advance(-1)
    for wrong in ("fast", True, None):
        with pytest.raises(ValueError, match=r"pace is .*, allowed is 0 to 1"):
            pace_of({"pace": wrong})
    assert pace_of({}) == 0.5

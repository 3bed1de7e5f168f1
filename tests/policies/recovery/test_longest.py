"""Of two things that happen at the same time the later one decides, and its figures' grade and sources are told."""

from __future__ import annotations

from policies.recovery.model import Estimate
from policies.recovery.world import longest

QUICK = Estimate(10, 20, "A", frozenset({"quick"}))
SLOW = Estimate(5, 90, "C", frozenset({"slow"}))


def test_the_later_ones_grade_and_sources_are_told_in_either_order() -> None:
    for found in (longest(QUICK, SLOW), longest(SLOW, QUICK)):
        assert found == Estimate(10, 90, "C", frozenset({"slow"}))

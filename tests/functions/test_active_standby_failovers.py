"""How long a failover takes, in simulated time: a smaller sample of what `make bench` measures."""

from __future__ import annotations

from benchmarks.active_standby import MOST_P99
from tests.functions.pair_failovers import failovers, percentile


def test_a_failover_takes_at_most_half_a_minute():
    took = sorted(failovers(60))
    assert percentile(took, 99) <= MOST_P99
    assert percentile(took, 50) > 12, (
        "checks, settling and admission can't be quicker than this: the simulation would be wrong"
    )


def test_watches_that_leave_a_gap_are_too_slow():
    """Why a watch lasts two minutes: Scheduler's invocations are up to 119 seconds apart."""
    took = sorted(failovers(40, watch=60))
    assert percentile(took, 99) > MOST_P99


def test_percentiles():
    assert [percentile([1, 2, 3, 4], percent) for percent in (1, 25, 26, 99, 100)] == [1, 1, 2, 4, 4]

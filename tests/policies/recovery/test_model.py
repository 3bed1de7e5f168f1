"""Estimates, verdicts, schedules, figures, settings."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from policies.graph import Unknown
from policies.recovery import settings_from
from policies.recovery.figures import Figures
from policies.recovery.model import GRADES, UNRECOVERABLE, Estimate, Verdict
from policies.recovery.schedule import largest_gap
from policies.recovery.verdict import judge

seconds = st.floats(min_value=0, max_value=1e7) | st.just(math.inf)


@st.composite
def estimates(draw: st.DrawFn) -> Estimate:
    low, high = sorted((draw(seconds), draw(seconds)))
    return Estimate(
        low, high, draw(st.sampled_from(GRADES)), frozenset(draw(st.sets(st.sampled_from("abc"))))
    )


@given(estimates(), estimates(), estimates())
def test_addition_is_associative_and_commutative(a: Estimate, b: Estimate, c: Estimate) -> None:
    assert (a + b) + c == a + (b + c)
    assert a + b == b + a


@given(estimates(), estimates())
def test_a_sum_is_as_good_as_its_worst_part(a: Estimate, b: Estimate) -> None:
    assert GRADES.index((a + b).grade) == max(GRADES.index(a.grade), GRADES.index(b.grade))
    assert (a + b).sources == a.sources | b.sources


def test_whole_seconds_outwards() -> None:
    assert (Estimate(1.9, 2.1).low, Estimate(1.9, 2.1).high) == (1, 3)


@pytest.mark.parametrize(
    ("low", "high", "grade"), [(2, 1, "A"), (-1, 1, "A"), (math.nan, 1, "A"), (1, 2, "E")]
)
def test_an_impossible_estimate(low: float, high: float, grade: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        Estimate(low, high, grade)


def test_no_way_back_stays_none() -> None:
    assert not (UNRECOVERABLE + Estimate(1, 2)).recoverable
    assert UNRECOVERABLE.as_json() == {"low": None, "high": None}
    assert Estimate(5, math.inf).as_json() == {"low": 5, "high": None}


def test_an_unknown_is_no_condition() -> None:
    with pytest.raises(TypeError, match=r"db\.multiAz"):
        bool(Unknown("db.multiAz"))


A, D = Estimate(50, 100, "A"), Estimate(50, 100, "D")


@pytest.mark.parametrize(
    ("estimate", "limit", "unknown", "parts", "verdict"),
    [
        (A, 100, [], [A], Verdict.MET),
        (D, 100, [], [D], Verdict.MET_IF),
        (A + D, 200, [], [A, D], Verdict.MET_IF),  # half of it is assumed
        (Estimate(50, 101, "D") + D, 201, [], [Estimate(50, 101), D], Verdict.MET),  # less than half
        (A, 99, [], [A], Verdict.AT_RISK),
        (A, 99, ["x"], [A], Verdict.UNDETERMINED),
        (A, 100, ["x"], [A], Verdict.MET),
        (A, 49, [], [A], Verdict.BREACHED),
        (A, 49, ["x"], [A], Verdict.BREACHED),
        (Estimate(0, 0), 0, [], [], Verdict.BREACHED),
        (UNRECOVERABLE, None, [], [], Verdict.UNATTAINABLE),
        (A, None, [], [A], Verdict.MET),
        (A, Unknown("t"), [], [A], Verdict.UNDETERMINED),
    ],
)
def test_verdicts(
    estimate: Estimate, limit: float | None, unknown: list[str], parts: list[Estimate], verdict: Verdict
) -> None:
    assert judge(estimate, limit, unknown, parts) is verdict


HOUR, DAY = 3600, 86400


@pytest.mark.parametrize(
    ("expression", "gap"),
    [
        ("cron(0 5 ? * * *)", DAY),
        ("cron(0 5 * * ? *)", DAY),
        ("cron(0 5 ? * MON-FRI *)", 3 * DAY),
        ("cron(0 5,17 ? * MON-FRI *)", 2 * DAY + 12 * HOUR),  # Friday 17:00 to Monday 05:00
        ("cron(0/15 * * * ? *)", 15 * 60),
        ("cron(0 0/6 * * ? *)", 6 * HOUR),
        ("cron(0 8-18 ? * * *)", 14 * HOUR),
        ("cron(0 5 ? * SUN *)", 7 * DAY),
        ("cron(0 5 ? * 1 *)", 7 * DAY),
        ("cron(0 5 ? * SAT-MON *)", 5 * DAY),
        ("cron(0 5 1 * ? *)", 31 * DAY),
        ("cron(0 5 L * ? *)", 31 * DAY),
        ("cron(0 5 15W * ? *)", 32 * DAY),
        ("cron(0 5 ? * 6L *)", 35 * DAY),
        ("cron(0 5 ? * SUN#1 *)", 35 * DAY),
        ("cron(0 5 1 1,7 ? *)", 184 * DAY),
        ("rate(12 hours)", 12 * HOUR),
        ("rate(1 day)", DAY),
        ("cron(0 5 1 1 ? 2027)", None),
    ],
)
def test_the_largest_gap_of_a_schedule(expression: str, gap: int | None) -> None:
    assert largest_gap(expression) == gap


@pytest.mark.parametrize(
    "expression",
    [
        "",
        "daily",
        "cron(0 5 * * *)",
        "cron(99 5 ? * * *)",
        "cron(0 5 1 * MON *)",
        "cron(0 5 ? * FOO *)",
        "rate(0 days)",
        "cron(0/0 * * * ? *)",
    ],
)
def test_a_schedule_that_cant_be_read(expression: str) -> None:
    with pytest.raises(ValueError, match="schedule"):
        largest_gap(expression)


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(0, 23), min_size=1), st.integers(0, 23))
def test_another_run_never_widens_the_gap(hours: set[int], more: int) -> None:
    def gap(found: set[int]) -> int:
        return largest_gap(f"cron(0 {','.join(map(str, sorted(found)))} ? * * *)") or 0

    assert gap(hours | {more}) <= gap(hours)


def test_every_figure_is_complete() -> None:
    for figure in Figures():
        assert 0 <= figure.low <= figure.high
        assert figure.grade in GRADES
        assert figure.about
        assert figure.source.startswith("https://") == (figure.grade != "D") or figure.grade == "D"
        assert (figure.grade == "D") or figure.source.startswith("https://")


def test_a_figure_can_be_overridden() -> None:
    settings = settings_from(
        {"figures": {"decide.person": 300, "rds.multi_az": {"high": 90, "grade": "measured"}}}
    )
    assert settings.figures["decide.person"] == Estimate(300, 300, "declared", frozenset({"decide.person"}))
    assert settings.figures["rds.multi_az"] == Estimate(60, 90, "measured", frozenset({"rds.multi_az"}))


@pytest.mark.parametrize(
    ("config", "named"),
    [
        ({"figure": {}}, "figure"),
        ({"figures": {"rds.nope": 1}}, "rds.nope"),
        ({"figures": {"rds.multi_az": -1}}, "rds.multi_az"),
        ({"figures": {"rds.multi_az": {"low": 200}}}, "above high"),
        ({"figures": {"rds.multi_az": {"grade": "Z"}}}, "grade"),
        ({"figures": {"rds.multi_az": {"middle": 1}}}, "middle"),
        ({"figures": 7}, "figures"),
        ({"tiers": {"4": {}}}, "'4'"),
        ({"tiers": {"1": {"rto": 1}}}, "'rto'"),
        ({"tiers": {"1": {"rto-hours": "one"}}}, "tiers.1.rto-hours"),
        ({"default-tier": 9}, "default-tier"),
        ({"data-gib": -5}, "data-gib"),
        ({"region": 5}, "region"),
    ],
)
def test_bad_configuration_is_named(config: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named):
        settings_from(config)

"""The checks on arguments, over their whole range."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.data import checks, engine_port
from components.data.engines import AURORA, ENGINES, INSTANCE, VERSION_EXAMPLES, engine_of

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
WEEK = 7 * 24 * 60


def clock(minute: int) -> str:
    return f"{minute // 60 % 24:02}:{minute % 60:02}"


def weekly(start: int, length: int) -> str:
    end = (start + length) % WEEK
    return f"{DAYS[start // 1440]}:{clock(start)}-{DAYS[end // 1440]}:{clock(end)}"


@given(st.integers(0, 1439), st.integers(30, 300), st.integers(0, WEEK - 1), st.integers(30, 300))
def test_windows_are_refused_exactly_when_some_minute_is_in_both(
    daily: int, daily_length: int, start: int, length: int
):
    backup = f"{clock(daily)}-{clock(daily + daily_length)}"
    maintenance = weekly(start, length)
    shared = {m % 1440 for m in range(daily, daily + daily_length)} & {
        m % 1440 for m in range(start, start + length)
    }
    if shared:
        with pytest.raises(ValueError, match="overlaps"):
            checks.windows(backup, maintenance)
    else:
        checks.windows(backup, maintenance)


@pytest.mark.parametrize(
    ("backup", "maintenance", "message"),
    [
        (
            "2:00-3:00",
            "sun:08:00-sun:09:00",
            "preferred_backup_window: got '2:00-3:00', allowed is hh:mm-hh:mm in UTC, e.g.",
        ),
        (
            "24:00-01:00",
            "sun:08:00-sun:09:00",
            "preferred_backup_window: got '24:00-01:00', allowed is hh:mm-hh:mm in UTC, e.g.",
        ),
        (
            "02:00-02:29",
            "sun:08:00-sun:09:00",
            "preferred_backup_window: got '02:00-02:29' of 29 minutes, allowed is 30 to 1440 minutes",
        ),
        (
            "02:00-03:00",
            "so:08:00-so:09:00",
            "preferred_maintenance_window: got 'so:08:00-so:09:00', allowed is ddd:hh:mm-ddd:hh:mm in UTC, e.g.",
        ),
        (
            "02:00-03:00",
            "sun:08:00-sun:08:10",
            "preferred_maintenance_window: got 'sun:08:00-sun:08:10' of 10 minutes, allowed is 30 to 1440 minutes",
        ),
        ("02:00-03:00", "mon:08:00-wed:08:00", "preferred_maintenance_window: "),
    ],
)
def test_malformed_windows(backup: str, maintenance: str, message: str):
    with pytest.raises(ValueError, match=re.escape(message)):
        checks.windows(backup, maintenance)


@given(st.integers(-100, 1000), st.sampled_from(["standard", "advanced"]))
def test_insights_keep_data_as_long_as_aws_lets_them(days: int, mode: str):
    legal = days in (7, 731) or (days % 31 == 0 and 31 <= days <= 713)
    if legal and (mode == "standard" or days >= 465):
        checks.insights(mode, days)
    else:
        with pytest.raises(ValueError, match=f"insights_retention_days: got {days}, allowed is"):
            checks.insights(mode, days)


@given(st.integers(-100, 100))
def test_backups_are_kept_1_to_35_days(days: int):
    if 1 <= days <= 35:
        checks.backup_retention(days)
    else:
        with pytest.raises(ValueError, match=f"backup_retention_days: got {days}, allowed is 1 to 35 days"):
            checks.backup_retention(days)


def test_every_engine_knows_a_version_of_its_own_and_no_other():
    for name, example in VERSION_EXAMPLES.items():
        family = ENGINES[name].parameter_family(example)
        assert family.startswith(name)
        assert ENGINES[name].logs
        assert set(ENGINES[name].logs) <= ENGINES[name].all_logs
    assert ENGINES["mariadb"].parameter_family("10.11.9") == "mariadb10.11"
    assert ENGINES["mysql"].parameter_family("8.0.40") == "mysql8.0"
    assert ENGINES["postgres"].parameter_family("17") == "postgres17"
    for name, version in (
        ("mysql", "5.7.44"),
        ("aurora-mysql", "8.0.40"),
        ("postgres", "9.6"),
        ("mariadb", "10.3"),
    ):
        with pytest.raises(ValueError, match="engine_version"):
            ENGINES[name].parameter_family(version)


def test_engines_are_known_by_where_they_run():
    assert engine_port("aurora-mysql") == 3306
    assert engine_of("postgres", INSTANCE).port == 5432
    with pytest.raises(ValueError, match="engine: got 'postgres', allowed is one of aurora-mysql,"):
        engine_of("postgres", AURORA)


@pytest.mark.parametrize(
    ("backup", "maintenance"),
    [
        ("02:00-03:00", "sun:03:00-sun:04:00"),
        ("03:00-04:00", "sun:02:00-sun:03:00"),
        ("23:30-00:30", "mon:00:30-mon:01:00"),
    ],
)
def test_windows_may_touch(backup: str, maintenance: str):
    checks.windows(backup, maintenance)

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.recovery import DAILY, MONTHLY, WEEKLY, BackupRule, Retention, VaultLock, times_a_day
from components.recovery.rules import validate_rules
from components.recovery.vault import validate_lock, vault_name
from policies.recovery.schedule import largest_gap

LOCK = VaultLock()


def keep(days: int, cold: int | None = None) -> Retention:
    return Retention(delete_after_days=days, cold_after_days=cold)


def test_defaults_are_allowed_and_as_documented() -> None:
    validate_rules((DAILY, WEEKLY, MONTHLY), LOCK)
    assert DAILY.schedule == "cron(0 5 ? * * *)"
    assert DAILY.retention == DAILY.copy_retention == keep(35)
    assert (DAILY.start_window_minutes, DAILY.completion_window_minutes) == (60, 180)
    assert WEEKLY.retention.cold_after_days == MONTHLY.retention.cold_after_days == 30


@pytest.mark.parametrize("rule", [WEEKLY, MONTHLY, *map(times_a_day, (1, 2, 3, 4, 6, 8, 12, 24))])
def test_the_gap_is_that_of_the_schedule(rule: BackupRule) -> None:
    validate_rules((rule,), LOCK)
    assert largest_gap(rule.schedule) == rule.gap_hours * 3600


def test_several_times_a_day_are_spread_evenly_and_one_is_at_five() -> None:
    assert times_a_day(1) == DAILY
    assert times_a_day(3).schedule == "cron(0 5/8 ? * * *)"
    assert times_a_day(24).gap_hours == 1


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (
            replace(DAILY, name="a b"),
            r"rules\[a b\]\.name: got 'a b', allowed is 1 to 50 letters, digits and -_\.",
        ),
        (replace(DAILY, name=""), r"rules\[\].name"),
        (replace(DAILY, name="x" * 51), r"rules\[xxxxxxxxxxxxxxxxxxxxxxxx"),
        (
            replace(DAILY, schedule="daily"),
            r"rules\[daily\]\.schedule: got 'daily', allowed is cron\(minutes hours day-of-month",
        ),
        (
            replace(DAILY, start_window_minutes=59),
            r"rules\[daily\]\.start_window_minutes: got 59, allowed is 60 or more",
        ),
        (
            replace(DAILY, completion_window_minutes=60),
            r"rules\[daily\]\.completion_window_minutes: got 60, allowed is more than start_window_minutes \(60\)",
        ),
        (
            replace(DAILY, retention=keep(0)),
            r"rules\[daily\]\.retention\.delete_after_days: got 0, allowed is 1 to 36500",
        ),
        (
            replace(DAILY, retention=keep(36_501)),
            r"rules\[daily\]\.retention\.delete_after_days: got 36501, allowed is 1 to 36500",
        ),
        (
            replace(DAILY, retention=keep(120, 0)),
            r"rules\[daily\]\.retention\.cold_after_days: got 0, allowed is 1 or more",
        ),
        (
            replace(DAILY, retention=keep(119, 30)),
            r"rules\[daily\]\.retention\.delete_after_days: got 119, allowed is at least 120 with cold_after_days",
        ),
        (
            replace(DAILY, copy_retention=keep(119, 30)),
            r"rules\[daily\]\.copy_retention\.delete_after_days: got 119, allowed is at least 120 with cold_after_days",
        ),
        (
            replace(DAILY, retention=keep(6)),
            r"rules\[daily\]\.retention\.delete_after_days: got 6, allowed is 7 to 366 days, the vault lock's",
        ),
        (
            replace(DAILY, copy_retention=keep(367)),
            r"rules\[daily\]\.copy_retention\.delete_after_days: got 367, allowed is 7 to 366 days, the vault lock's",
        ),
        (
            replace(DAILY, continuous=True, retention=keep(36)),
            r"rules\[daily\]\.retention\.delete_after_days: got 36, allowed is 1 to 35 days with continuous",
        ),
        (
            replace(DAILY, continuous=True, retention=keep(120, 30)),
            r"rules\[daily\]\.retention\.cold_after_days: got 30, allowed is None with continuous backups",
        ),
    ],
)
def test_refused_rules(rule: BackupRule, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        validate_rules((rule,), LOCK)


def test_refused_plans() -> None:
    with pytest.raises(ValueError, match=r"rules: got \[\], allowed is 1 or more: a plan needs one"):
        validate_rules((), LOCK)
    with pytest.raises(ValueError, match=r"rules.name: got daily more than once"):
        validate_rules((DAILY, DAILY), LOCK)
    both = (replace(DAILY, continuous=True), replace(DAILY, name="again", continuous=True))
    with pytest.raises(ValueError, match=r"rules.continuous: got daily, again, allowed is one"):
        validate_rules(both, LOCK)


def test_an_unknown_lock_limits_nothing() -> None:
    validate_rules((replace(DAILY, retention=keep(2)),), None)


def test_continuous_copies_may_be_kept_longer() -> None:
    validate_rules((replace(DAILY, continuous=True, copy_retention=keep(180, 30)),), LOCK)


@given(
    days=st.integers(-1, 36_600),
    cold=st.none() | st.integers(-1, 36_600),
    low=st.integers(1, 400),
    high=st.integers(1, 40_000),
)
def test_retention_is_allowed_exactly_when_aws_and_the_lock_allow_it(
    days: int, cold: int | None, low: int, high: int
) -> None:
    allowed = 1 <= days <= 36_500 and (cold is None or 1 <= cold <= days - 90) and low <= days <= high
    rules = (replace(DAILY, copy_retention=keep(days, cold), retention=keep(days, cold)),)
    lock = VaultLock(min_retention_days=low, max_retention_days=high)
    if allowed:
        validate_rules(rules, lock)
    else:
        with pytest.raises(ValueError, match="rules"):
            validate_rules(rules, lock)


@pytest.mark.parametrize(
    ("lock", "message"),
    [
        (VaultLock(min_retention_days=0), r"lock\.min_retention_days: got 0, allowed is 1 to 36500"),
        (
            VaultLock(min_retention_days=9, max_retention_days=8),
            r"lock\.max_retention_days: got 8, allowed is 9 to 36500 days, not below",
        ),
        (
            VaultLock(max_retention_days=36_501),
            r"lock\.max_retention_days: got 36501, allowed is 7 to 36500 days, not below",
        ),
        (VaultLock(changeable_for_days=2), r"lock\.changeable_for_days: got 2, allowed is 3 to 36500"),
        (
            VaultLock(changeable_for_days=36_501),
            r"lock\.changeable_for_days: got 36501, allowed is 3 to 36500",
        ),
    ],
)
def test_refused_locks(lock: VaultLock, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        validate_lock(lock)


def test_vault_names() -> None:
    assert vault_name("shop", "us-east-1") == "shop-us-east-1"
    with pytest.raises(
        ValueError,
        match="name: got 'my shop-us-east-1' for a vault, allowed is 2 to 50 letters, digits and -_",
    ):
        vault_name("my shop", "us-east-1")
    with pytest.raises(ValueError, match="allowed is 2 to 50"):
        vault_name("s" * 41, "us-east-1")

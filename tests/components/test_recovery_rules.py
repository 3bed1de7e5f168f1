from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from components.recovery import DAILY, MONTHLY, WEEKLY, BackupRule, Retention, VaultLock
from components.recovery.rules import validate_rules
from components.recovery.vault import validate_lock, vault_name

LOCK = VaultLock()


def keep(days: int, cold: int | None = None) -> Retention:
    return Retention(delete_after_days=days, cold_after_days=cold)


def test_defaults_are_allowed_and_as_documented() -> None:
    validate_rules((DAILY, WEEKLY, MONTHLY), LOCK)
    assert DAILY.schedule == "cron(0 5 ? * * *)"
    assert DAILY.retention == DAILY.copy_retention == keep(35)
    assert (DAILY.start_window_minutes, DAILY.completion_window_minutes) == (60, 180)
    assert WEEKLY.retention.cold_after_days == MONTHLY.retention.cold_after_days == 30


@pytest.mark.parametrize(
    ("rule", "message"),
    [
        (replace(DAILY, name="a b"), r"rules\[a b\].name: 'a b' is not allowed"),
        (replace(DAILY, name=""), r"rules\[\].name"),
        (replace(DAILY, name="x" * 51), "is not allowed; 1 to 50"),
        (replace(DAILY, schedule="daily"), r"rules\[daily\].schedule: 'daily' is no schedule"),
        (replace(DAILY, start_window_minutes=59), "start_window_minutes: 59 is not allowed; at least 60"),
        (
            replace(DAILY, completion_window_minutes=60),
            "completion_window_minutes: 60 is not allowed; more than",
        ),
        (replace(DAILY, retention=keep(0)), r"\.retention.delete_after_days: 0 is not allowed; 1 to 36500"),
        (replace(DAILY, retention=keep(36_501)), "36501 is not allowed; 1 to 36500"),
        (replace(DAILY, retention=keep(120, 0)), "cold_after_days: 0 is not allowed; at least 1"),
        (replace(DAILY, retention=keep(119, 30)), "119 is not allowed with cold_after_days 30; at least 120"),
        (replace(DAILY, copy_retention=keep(119, 30)), "copy_retention.delete_after_days: 119"),
        (replace(DAILY, retention=keep(6)), "6 is outside the vault lock's 7 to 366 days"),
        (replace(DAILY, copy_retention=keep(367)), "copy_retention.delete_after_days: 367 is outside"),
        (replace(DAILY, continuous=True, retention=keep(36)), "36 is not allowed with continuous; 1 to 35"),
        (replace(DAILY, continuous=True, retention=keep(120, 30)), "30 is not allowed with continuous"),
    ],
)
def test_refused_rules(rule: BackupRule, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        validate_rules((rule,), LOCK)


def test_refused_plans() -> None:
    with pytest.raises(ValueError, match="rules: none given"):
        validate_rules((), LOCK)
    with pytest.raises(ValueError, match="rules: 'daily' is there twice"):
        validate_rules((DAILY, DAILY), LOCK)
    both = (replace(DAILY, continuous=True), replace(DAILY, name="again", continuous=True))
    with pytest.raises(ValueError, match="rules: daily, again are continuous; allowed is one"):
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
        (VaultLock(min_retention_days=0), "lock.min_retention_days: 0 is not allowed; 1 to 36500"),
        (
            VaultLock(min_retention_days=9, max_retention_days=8),
            r"lock.max_retention_days: 8 .*\(9\) to 36500",
        ),
        (VaultLock(max_retention_days=36_501), "lock.max_retention_days: 36501"),
        (VaultLock(changeable_for_days=2), "lock.changeable_for_days: 2 is not allowed; 3 to 36500"),
        (VaultLock(changeable_for_days=36_501), "lock.changeable_for_days: 36501"),
    ],
)
def test_refused_locks(lock: VaultLock, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        validate_lock(lock)


def test_vault_names() -> None:
    assert vault_name("shop", "us-east-1") == "shop-us-east-1"
    with pytest.raises(ValueError, match="name: vault 'my shop-us-east-1' is not allowed"):
        vault_name("my shop", "us-east-1")
    with pytest.raises(ValueError, match="is not allowed; 2 to 50"):
        vault_name("s" * 41, "us-east-1")

"""When backups are made and how long they and their copies are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from components.checks import at_least, between, each_once, need
from components.recovery.schedule import validate_cron
from components.recovery.vault import VaultLock

MOST_DAYS = 36_500
COLD_DAYS = 90
"""Days that a recovery point stays at least in cold storage.
https://docs.aws.amazon.com/aws-backup/latest/devguide/API_Lifecycle.html"""
CONTINUOUS_DAYS = 35
"""Longest retention of a continuous backup.
https://docs.aws.amazon.com/aws-backup/latest/devguide/point-in-time-recovery.html"""
LEAST_START_MINUTES = 60
"""https://docs.aws.amazon.com/aws-backup/latest/devguide/API_BackupRuleInput.html"""


@dataclass(frozen=True, kw_only=True)
class Retention:
    """How long a recovery point lives."""

    delete_after_days: int
    """1 to 36500."""
    cold_after_days: int | None = None
    """Days in warm storage, at least 1 and 90 fewer than `delete_after_days`. Default: never cold.
    AWS ignores it for resources that have no cold storage (RDS, Aurora)."""


@dataclass(frozen=True, kw_only=True)
class BackupRule:
    """One schedule of a plan. Every rule copies what it makes to the peer region."""

    name: str
    """1 to 50 letters, digits and `-_.`."""
    schedule: str
    """AWS cron expression in UTC."""
    gap_hours: int = 24
    """The longest time between two of its runs: what may be lost, besides the windows of job and copy."""
    retention: Retention
    copy_retention: Retention
    """Retention of the copy in the peer region."""
    start_window_minutes: int = 60
    """A job that has not started by then expires; at least 60."""
    completion_window_minutes: int = 180
    """A job that has not finished this long after its start is cancelled; longer than the start window."""
    continuous: bool = False
    """Point-in-time recovery in this region, with at most 35 days of retention. Copies are snapshots."""


DAILY = BackupRule(
    name="daily",
    schedule="cron(0 5 ? * * *)",
    retention=Retention(delete_after_days=35),
    copy_retention=Retention(delete_after_days=35),
)
"""Every day at 05:00 UTC, kept 35 days."""
WEEKLY = BackupRule(
    name="weekly",
    schedule="cron(0 6 ? * SUN *)",
    gap_hours=7 * 24,
    retention=Retention(delete_after_days=180, cold_after_days=30),
    copy_retention=Retention(delete_after_days=180, cold_after_days=30),
)
"""On Sunday at 06:00 UTC, kept half a year, cold after 30 days."""
MONTHLY = BackupRule(
    name="monthly",
    schedule="cron(0 7 1 * ? *)",
    gap_hours=31 * 24,
    retention=Retention(delete_after_days=365, cold_after_days=30),
    copy_retention=Retention(delete_after_days=365, cold_after_days=30),
)
"""On the first of the month at 07:00 UTC, kept a year, cold after 30 days."""


def times_a_day(times: int) -> BackupRule:
    """Return the daily rule, run so many times a day: a divisor of 24, evenly spread, once at 05:00 UTC."""
    hours = 24 // times
    return (
        DAILY
        if times == 1
        else replace(DAILY, schedule=f"cron(0 {5 % hours}/{hours} ? * * *)", gap_hours=hours)
    )


def _check_retention(where: str, retention: Retention, lock: VaultLock | None) -> None:
    days, cold = retention.delete_after_days, retention.cold_after_days
    between(f"{where}.delete_after_days", days, 1, MOST_DAYS)
    if cold is not None:
        need(cold >= 1, f"{where}.cold_after_days", cold, "1 or more")
        least = (
            f"at least {cold + COLD_DAYS} with cold_after_days {cold}: cold storage is kept {COLD_DAYS} days"
        )
        need(days >= cold + COLD_DAYS, f"{where}.delete_after_days", days, least)
    if lock:
        low, high = lock.min_retention_days, lock.max_retention_days
        limits = "days, the vault lock's limits: every job outside them would fail"
        between(f"{where}.delete_after_days", days, low, high, limits)


def _check_rule(rule: BackupRule, lock: VaultLock | None) -> None:
    where = f"rules[{rule.name}]"
    fits = re.fullmatch(r"[A-Za-z0-9_.-]{1,50}", rule.name)
    need(bool(fits), f"{where}.name", repr(rule.name), "1 to 50 letters, digits and -_.")
    validate_cron(f"{where}.schedule", rule.schedule)
    start, completion = rule.start_window_minutes, rule.completion_window_minutes
    need(
        start >= LEAST_START_MINUTES, f"{where}.start_window_minutes", start, f"{LEAST_START_MINUTES} or more"
    )
    longer = f"more than start_window_minutes ({start})"
    need(completion > start, f"{where}.completion_window_minutes", completion, longer)
    _check_retention(f"{where}.retention", rule.retention, lock)
    _check_retention(f"{where}.copy_retention", rule.copy_retention, lock)
    if not rule.continuous:
        return
    cold, days = rule.retention.cold_after_days, rule.retention.delete_after_days
    need(cold is None, f"{where}.retention.cold_after_days", str(cold), "None with continuous backups")
    between(f"{where}.retention.delete_after_days", days, 1, CONTINUOUS_DAYS, "days with continuous backups")


def validate_rules(rules: Sequence[BackupRule], lock: VaultLock | None) -> None:
    """Raise ArgumentError when AWS would refuse a rule, or when the lock would fail its jobs.

    `lock` is None when the vaults are not ours and their lock is unknown.
    """
    at_least("rules", rules, 1, "a plan needs one")
    each_once("rules.name", [rule.name for rule in rules])
    for rule in rules:
        _check_rule(rule, lock)
    continuous = [rule.name for rule in rules if rule.continuous]
    allowed = "one rule: a resource has one continuous backup"
    need(len(continuous) <= 1, "rules.continuous", ", ".join(continuous), allowed)

"""When backups are made and how long they and their copies are kept."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

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
    retention=Retention(delete_after_days=180, cold_after_days=30),
    copy_retention=Retention(delete_after_days=180, cold_after_days=30),
)
"""On Sunday at 06:00 UTC, kept half a year, cold after 30 days."""
MONTHLY = BackupRule(
    name="monthly",
    schedule="cron(0 7 1 * ? *)",
    retention=Retention(delete_after_days=365, cold_after_days=30),
    copy_retention=Retention(delete_after_days=365, cold_after_days=30),
)
"""On the first of the month at 07:00 UTC, kept a year, cold after 30 days."""


def _check_retention(where: str, retention: Retention, lock: VaultLock | None) -> None:
    days, cold = retention.delete_after_days, retention.cold_after_days
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"{where}.delete_after_days: {days} is not allowed; 1 to {MOST_DAYS}")
    if cold is not None and cold < 1:
        raise ValueError(f"{where}.cold_after_days: {cold} is not allowed; at least 1")
    if cold is not None and days < cold + COLD_DAYS:
        raise ValueError(
            f"{where}.delete_after_days: {days} is not allowed with cold_after_days {cold}; at least "
            f"{cold + COLD_DAYS}, because cold storage is kept {COLD_DAYS} days"
        )
    if lock and not lock.min_retention_days <= days <= lock.max_retention_days:
        raise ValueError(
            f"{where}.delete_after_days: {days} is outside the vault lock's {lock.min_retention_days} to "
            f"{lock.max_retention_days} days; every such job would fail"
        )


def _check_rule(rule: BackupRule, lock: VaultLock | None) -> None:
    where = f"rules[{rule.name}]"
    if not re.fullmatch(r"[A-Za-z0-9_.-]{1,50}", rule.name):
        raise ValueError(f"{where}.name: {rule.name!r} is not allowed; 1 to 50 letters, digits and -_.")
    validate_cron(f"{where}.schedule", rule.schedule)
    if rule.start_window_minutes < LEAST_START_MINUTES:
        raise ValueError(
            f"{where}.start_window_minutes: {rule.start_window_minutes} is not allowed; at least "
            f"{LEAST_START_MINUTES}"
        )
    if rule.completion_window_minutes <= rule.start_window_minutes:
        raise ValueError(
            f"{where}.completion_window_minutes: {rule.completion_window_minutes} is not allowed; more than "
            f"start_window_minutes ({rule.start_window_minutes})"
        )
    _check_retention(f"{where}.retention", rule.retention, lock)
    _check_retention(f"{where}.copy_retention", rule.copy_retention, lock)
    if not rule.continuous:
        return
    if rule.retention.cold_after_days is not None:
        raise ValueError(
            f"{where}.retention.cold_after_days: {rule.retention.cold_after_days} is not allowed with "
            "continuous; continuous backups have no cold storage"
        )
    if rule.retention.delete_after_days > CONTINUOUS_DAYS:
        raise ValueError(
            f"{where}.retention.delete_after_days: {rule.retention.delete_after_days} is not allowed with "
            f"continuous; 1 to {CONTINUOUS_DAYS}"
        )


def validate_rules(rules: Sequence[BackupRule], lock: VaultLock | None) -> None:
    """Raise ValueError when AWS would refuse a rule, or when the lock would fail its jobs.

    `lock` is None when the vaults are not ours and their lock is unknown.
    """
    if not rules:
        raise ValueError("rules: none given; a plan needs at least one")
    names = [rule.name for rule in rules]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise ValueError(f"rules: {twice[0]!r} is there twice; names must differ")
    for rule in rules:
        _check_rule(rule, lock)
    continuous = [rule.name for rule in rules if rule.continuous]
    if len(continuous) > 1:
        raise ValueError(
            f"rules: {', '.join(continuous)} are continuous; allowed is one rule, because a resource has "
            "one continuous backup"
        )

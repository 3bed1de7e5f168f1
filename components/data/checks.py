"""Checks on the arguments of databases: pure; each raises ArgumentError."""

from __future__ import annotations

import re
from collections.abc import Collection

from components.checks import ArgumentError, between, need, one_of

BACKUP_RETENTION_DAYS = (1, 35)
"""Days that RDS keeps automated backups; 0 would switch point-in-time recovery off.

Source:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.BackupRetention.html
"""
MONITORING_INTERVALS = (0, 1, 5, 10, 15, 30, 60)
"""Seconds between samples of Enhanced Monitoring; 0 is off.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_Monitoring.OS.Enabling.html
"""
INSIGHTS_RETENTION_DAYS = (7, *(31 * month for month in range(1, 24)), 731)
"""Days that Performance Insights keeps its data.

Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBInstance.html
"""
ADVANCED_INSIGHTS_DAYS = 465
"""The least that Database Insights' advanced mode needs (15 months).

Source: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_DatabaseInsights.TurningOnAdvanced.html
"""
IDENTIFIER_LENGTH = 63
WINDOW_MINUTES = 30
"""The shortest backup or maintenance window, in minutes."""

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY = 24 * 60
_TIME = r"([01]\d|2[0-3]):([0-5]\d)"


def backup_retention(days: int, argument: str = "backup_retention_days") -> None:
    """Raise unless RDS can keep automated backups that long."""
    between(argument, days, *BACKUP_RETENTION_DAYS, "days: 0 would end point-in-time recovery")


def username(name: str) -> None:
    """Raise unless every engine takes the name for its master user."""
    fits = re.fullmatch(r"[A-Za-z]\w{0,15}", name, re.ASCII)
    need(bool(fits), "username", repr(name), "a letter and up to 15 letters, digits or underscores")


def identifier(name: str, longest: int = IDENTIFIER_LENGTH) -> None:
    """Raise unless RDS, or ElastiCache, takes a name of up to `longest` characters, and gives it back as it is.

    Source: https://docs.aws.amazon.com/AmazonRDS/latest/APIReference/API_CreateDBCluster.html
    """
    fits = re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name) and len(name) <= longest
    letters = f"up to {longest} lower-case letters, digits and single hyphens, a letter first"
    need(bool(fits), "identifier", repr(name), letters)


def instance_class(name: str) -> None:
    """Raise unless the name looks like that of an instance class."""
    fits = re.fullmatch(r"db\.[a-z0-9-]+\.[a-z0-9]+", name)
    need(bool(fits), "instance_class", repr(name), "a class like 'db.m7g.large'")


def insights(mode: str, retention_days: int) -> None:
    """Raise unless Database Insights takes the mode with that retention."""
    one_of("insights_mode", mode, ("standard", "advanced"))
    one_of("insights_retention_days", retention_days, INSIGHTS_RETENTION_DAYS)
    long_enough = mode != "advanced" or retention_days >= ADVANCED_INSIGHTS_DAYS
    allowed = f"{ADVANCED_INSIGHTS_DAYS} days or more with insights_mode 'advanced'"
    need(long_enough, "insights_retention_days", retention_days, allowed)


def log_exports(logs: Collection[str], allowed: frozenset[str]) -> None:
    """Raise when the engine can't export one of the logs."""
    for log in logs:
        one_of("log_exports", log, sorted(allowed))


def windows(
    backup: str,
    maintenance: str,
    *,
    least: int = WINDOW_MINUTES,
    named: tuple[str, str] = ("preferred_backup_window", "preferred_maintenance_window"),
) -> None:
    """Raise unless both windows are well formed, long enough and apart.

    `backup` is daily, "hh:mm-hh:mm"; `maintenance` weekly, "ddd:hh:mm-ddd:hh:mm"; UTC, at least `least` minutes
    each. `named` are the arguments that they stand in.
    """
    daily = _daily(named[0], backup, least)
    start, length = _weekly(named[1], maintenance, least)
    for day in range(-1, 8):
        begins = day * _DAY + daily[0]
        if begins < start + length and start < begins + daily[1]:
            apart = f"one apart from {named[1]} {maintenance!r}, which it overlaps"
            raise ArgumentError(named[0], repr(backup), apart)


def _daily(argument: str, window: str, least: int) -> tuple[int, int]:
    found = re.fullmatch(f"{_TIME}-{_TIME}", window)
    if not found:
        allowed = "hh:mm-hh:mm in UTC, e.g. '02:00-03:00'"
        raise ArgumentError(argument, repr(window), allowed)
    hours = [int(part) for part in found.groups()]
    start = hours[0] * 60 + hours[1]
    return start, _length(argument, window, start, hours[2] * 60 + hours[3], cycle=_DAY, least=least)


def _weekly(argument: str, window: str, least: int) -> tuple[int, int]:
    day = f"({'|'.join(_DAYS)})"
    found = re.fullmatch(f"{day}:{_TIME}-{day}:{_TIME}", window)
    if not found:
        allowed = "ddd:hh:mm-ddd:hh:mm in UTC, e.g. 'sun:08:00-sun:09:00'"
        raise ArgumentError(argument, repr(window), allowed)
    first, last = found[1], found[4]
    start = _DAYS.index(first) * _DAY + int(found[2]) * 60 + int(found[3])
    end = _DAYS.index(last) * _DAY + int(found[5]) * 60 + int(found[6])
    return start, _length(argument, window, start, end, cycle=7 * _DAY, least=least)


def _length(argument: str, window: str, start: int, end: int, *, cycle: int, least: int) -> int:
    length = (end - start) % cycle
    fits = least <= length <= _DAY
    need(fits, argument, f"{window!r} of {length} minutes", f"{least} to {_DAY} minutes")
    return length

"""Backups that survive a region, and proof that they can be restored."""

from __future__ import annotations

from components.recovery.plan import BackupPlan, BackupPlanArgs, validate_plan
from components.recovery.restore_home import RestoreHome
from components.recovery.restore_test import RestoreTest
from components.recovery.rules import DAILY, MONTHLY, WEEKLY, BackupRule, Retention, times_a_day
from components.recovery.schedule import validate_cron
from components.recovery.vault import ExistingVault, VaultLock

__all__ = [
    "DAILY",
    "MONTHLY",
    "WEEKLY",
    "BackupPlan",
    "BackupPlanArgs",
    "BackupRule",
    "ExistingVault",
    "RestoreHome",
    "RestoreTest",
    "Retention",
    "VaultLock",
    "times_a_day",
    "validate_cron",
    "validate_plan",
]

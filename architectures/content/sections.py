"""The groups of keys that a system of users' files has."""

from __future__ import annotations

from architectures.keys import Section


class Table(Section):
    """The DynamoDB table of what each object is, on demand."""

    recovery_days: int = 35
    """Point-in-time recovery reaches back so far."""


class Reconcile(Section):
    """The function that compares bucket and table."""

    every_minutes: int = 60
    """How often it begins a round, or goes on with one."""
    grace_minutes: int = 15
    """What was changed so lately is left to events that may be on their way."""

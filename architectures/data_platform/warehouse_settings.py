"""What is allowed of a warehouse, and which clusters a region has."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from architectures.data_platform import names, warehouse_arguments
from architectures.data_platform.sections import Warehouse, WarehouseRestore
from architectures.faults import Fault, fault, refusals
from architectures.keys import Objectives
from architectures.stack import Stack
from architectures.strategies import Strategy
from components.warehouse.args import AWS_HOURS, EVERY_HOURS

KEY = "warehouse.restores"
EVERY = "warehouse.snapshots.everyHours"
_HOUR = 60
"""Minutes."""


def clusters(given: Warehouse, stack: Stack) -> Sequence[WarehouseRestore | None]:
    """What the region has of clusters, oldest first: None is the original one, the last one serves."""
    return [*([None] if stack.founder else []), *given.restores]


def faults(
    given: Warehouse, name: str, stack: Stack, strategy: Strategy, objectives: Objectives | None
) -> Iterator[Fault]:
    """What can't be of a warehouse: pairs of a key within the system and what is said of it."""
    if strategy is Strategy.ACTIVE_ACTIVE:
        allowed = (
            "any other with a warehouse: Redshift writes in one region, and snapshots alone reach another one"
        )
        yield fault("strategy", f"'{strategy}'", allowed)
    yield from _restore_faults(given, stack)
    for restore in clusters(given, stack) or [None]:
        args = warehouse_arguments.placeholder(given, name, stack, restore)
        if found := list(refusals(args.check, warehouse_arguments.KEYS)):
            yield from found
            return
    yield from _loss_faults(given, objectives.rpo_minutes if objectives else stack.rpo_minutes)


def _restore_faults(given: Warehouse, stack: Stack) -> Iterator[Fault]:
    named = [restore.name for restore in given.restores]
    for number, restore in enumerate(named):
        if restore in named[:number] or restore == names.ORIGINAL:
            allowed = f"each name once, and not {names.ORIGINAL}"
            yield fault(f"{KEY}[{number}].name", repr(restore), allowed)
    if stack.active and not stack.founder and not named:
        allowed = f"a snapshot to restore: no cluster follows that of {stack.peer_region}"
        yield fault(KEY, "none", allowed)


def _loss_faults(given: Warehouse, rpo_minutes: float) -> Iterator[Fault]:
    """What was written since the last snapshot is lost with the region: no promise may be shorter than a snapshot is old."""
    least = EVERY_HOURS[0] * _HOUR
    if rpo_minutes < least:
        allowed = f"{least} or more with a warehouse: Redshift takes a snapshot an hour at most"
        yield fault("objectives.rpoMinutes", f"{rpo_minutes:g}", allowed)
        return
    every = given.snapshots.every_hours or AWS_HOURS
    if every * _HOUR > rpo_minutes:
        most = max(hours for hours in EVERY_HOURS if hours * _HOUR <= rpo_minutes)
        got = "none" if given.snapshots.every_hours is None else every
        allowed = f"{most} or less: {rpo_minutes:g} minutes of data may be lost, and a snapshot is up to {every} h old"
        yield fault(EVERY, got, allowed)

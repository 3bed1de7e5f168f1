"""What can't be of a serverless API's relational database, of what uses it, and of what moves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from architectures.faults import Fault, fault
from architectures.serverless_api.sections import Function, Relational, WriterSwitch
from architectures.stack import Stack
from architectures.strategies import Strategy


def switch_faults(switch: WriterSwitch, database: Relational | None) -> Iterator[Fault]:
    """A switch moves the writer; nothing else of the kind has to be moved."""
    if database is None:
        for key in sorted(switch.model_fields_set - {"by"}):
            name = type(switch).model_fields[key].alias
            yield fault(f"switch.{name}", "a value", "nothing without a database: nothing has to be moved")
        if switch.by != "none":
            yield fault("switch.by", repr(switch.by), "none without a database: nothing has to be moved")
    elif "capacity" in switch.minutes.model_fields_set:
        allowed = "nothing: functions run when they are called, there are no servers to start"
        yield fault("switch.minutes.capacity", switch.minutes.capacity, allowed)


def database_faults(
    strategy: Strategy, stack: Stack, functions: Iterable[Function], *, restores: bool, rebuild: bool
) -> Iterator[Fault]:
    """What can't be beside a database, of which the region has `restores`, and builds the rest on `rebuild`."""
    if strategy is Strategy.ACTIVE_ACTIVE:
        allowed = (
            "any other with a database: RDS Proxy takes no writes where the cluster follows another region's"
        )
        yield fault("strategy", f"'{strategy}'", allowed)
    if not any(given.database for given in functions):
        yield fault("database", "one", "none, or a function that uses it, which says database: true")
    joins = strategy is Strategy.BACKUP_AND_RESTORE and not stack.founder and not stack.active
    if joins and rebuild and not restores:
        yield fault("database.restores", "none", "a recovery point to restore beside rebuild")
    if joins and restores and not rebuild:
        yield fault("rebuild", "false", "true beside database.restores: what is restored is to serve")

"""What can't be of a serverless API's relational database, of what uses it, and of what moves it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from architectures.faults import Fault, fault
from architectures.stack import Stack
from architectures.strategies import Strategy

if TYPE_CHECKING:
    from architectures.serverless_api.settings import ServerlessApiSettings


def switch_faults(settings: ServerlessApiSettings) -> Iterator[Fault]:
    """A switch moves the writer; nothing else of the kind has to be moved."""
    switch = settings.switch
    if settings.database is None:
        for key in sorted(switch.model_fields_set - {"by"}):
            name = type(switch).model_fields[key].alias
            yield fault(f"switch.{name}", "a value", "nothing without a database: nothing has to be moved")
        if switch.by != "none":
            yield fault("switch.by", repr(switch.by), "none without a database: nothing has to be moved")
    elif "capacity" in switch.minutes.model_fields_set:
        allowed = "nothing: functions run when they are called, there are no servers to start"
        yield fault("switch.minutes.capacity", switch.minutes.capacity, allowed)


def database_faults(settings: ServerlessApiSettings, stack: Stack) -> Iterator[Fault]:
    """What can't be beside a database."""
    strategy = settings.followed(stack)
    if strategy is Strategy.ACTIVE_ACTIVE:
        allowed = (
            "any other with a database: RDS Proxy takes no writes where the cluster follows another region's"
        )
        yield fault("strategy", f"'{strategy}'", allowed)
    if not any(given.database for given in settings.functions.values()):
        yield fault("database", "one", "none, or a function that uses it, which says database: true")
    joins = strategy is Strategy.BACKUP_AND_RESTORE and not stack.founder and not stack.active
    restores = bool(settings.aurora.restores)
    if joins and settings.rebuild and not restores:
        yield fault("database.restores", "none", "a recovery point to restore beside rebuild")
    if joins and restores and not settings.rebuild:
        yield fault("rebuild", "false", "true beside database.restores: what is restored is to serve")

"""Stores beside the database on the clock: what an application has put into its cache, its table of sessions and its files.

A member of a Global Datastore that isn't the primary, and a file system that another one is replicated to, only read; what they have
is what has arrived. Of a table each region writes its own replica.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from sandbox.aws.client import ACCOUNT
from sandbox.aws.clockwork import rows
from sandbox.aws.clockwork.clock import CLOCK

CACHE, SESSIONS, FILES = "cache", "sessions", "files"
"""What the application is told of, beside its database."""
_KEPT: dict[str, list[rows.Row]] = {}
"""By what holds them: the ARN of a replication group or file system, or table and region."""


def refuses(told: Mapping[str, Any], region: str) -> str:
    """Why an application that was told of those stores can't write to all of them; empty when it can."""
    return next((said for kind, found in _told(told) if (said := _REFUSES[kind](found, region))), "")


def write(told: Mapping[str, Any], region: str, found: list[rows.Row]) -> None:
    """Put rows into each of them."""
    for kind, store in _told(told):
        _KEPT.setdefault(_HOLDS[kind](store, region), []).extend(found)


def content(told: Mapping[str, Any], region: str) -> dict[str, list[rows.Row]]:
    """What somebody reads in each of them."""
    return {kind: _READS[kind](store, region) for kind, store in _told(told)}


def _told(told: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    return ((kind, told[kind]) for kind in (CACHE, SESSIONS, FILES) if kind in told)


def _arrived(holder: str, region: str, lag: float) -> list[rows.Row]:
    """What of a holder's rows has left its region and come over, with that lag."""
    left = min(CLOCK.now, rows.LOST.get(region, rows.NEVER))
    return [each for each in _KEPT.get(holder, []) if each.at <= left - lag]


# ElastiCache


def _group(store: Mapping[str, Any], region: str) -> Any | None:
    from sandbox.aws.extensions._elasticache_store import store as groups

    return groups(ACCOUNT, region).groups.get(str(store["group"]).lower())


def _primary(group: Any) -> Any:
    """The group that a group's rows come from: its datastore's primary, else itself."""
    from sandbox.aws.extensions._elasticache_store import DATASTORES

    whole = DATASTORES.get(group.datastore or "")
    return group if whole is None else whole.primary


def _cache_refuses(store: Mapping[str, Any], region: str) -> str:
    group = _group(store, region)
    if group is None:
        return f"there is no cache {store['group']} in {region}"
    return "" if _primary(group) is group else f"the cache {group.id} in {region} only reads"


def _cached(store: Mapping[str, Any], region: str) -> list[rows.Row]:
    group = _group(store, region)
    return [] if group is None else _of_group(group)


def _of_group(group: Any) -> list[rows.Row]:
    primary = _primary(group)
    if primary is group:
        return list(_KEPT.get(group.arn, []))
    return _arrived(primary.arn, primary.region, CLOCK.lasts("elasticache.global_lag"))


def cache_moves(target: Any) -> None:
    """A group becomes its datastore's primary, with what has arrived there."""
    _KEPT[target.arn] = _of_group(target)


# DynamoDB


def _table_refuses(store: Mapping[str, Any], region: str) -> str:
    from moto.dynamodb.models import dynamodb_backends

    there = store["table"] in dynamodb_backends[ACCOUNT][region].tables
    return "" if there else f"there is no table {store['table']} in {region}"


def _in_table(store: Mapping[str, Any], region: str) -> list[rows.Row]:
    if _table_refuses(store, region):
        return []
    own = _replica(store, region)
    others = [key for key in _KEPT if key.startswith(_replica(store, "")) and key != own]
    lag = CLOCK.lasts("dynamodb.global_lag")
    came = [row for key in others for row in _arrived(key, key.rpartition("@")[2], lag)]
    return [*_KEPT.get(own, []), *came]


def _replica(store: Mapping[str, Any], region: str) -> str:
    return f"{store['table']}@{region}"


# EFS


def _end(store: Mapping[str, Any], region: str) -> Any:
    from sandbox.aws.extensions._efs_replication import End

    return End(ACCOUNT, region, str(store["fileSystem"]))


def _files_refuse(store: Mapping[str, Any], region: str) -> str:
    from sandbox.aws.extensions._efs_replication import of

    end = _end(store, region)
    found = of(end)
    follows = found is not None and found.target == end
    return f"the files {end.id} in {region} only read" if follows else ""


def _filed(store: Mapping[str, Any], region: str) -> list[rows.Row]:
    return of_files(_end(store, region))


def of_files(end: Any) -> list[rows.Row]:
    """What is in a file system."""
    from sandbox.aws.extensions._efs_replication import of

    found = of(end)
    if found is None or found.target != end:
        return list(_KEPT.get(end.arn, []))
    synced = found.synced()
    return [] if synced is None else [row for row in _KEPT.get(found.source.arn, []) if row.at <= synced]


def start() -> None:
    """Let a file system that follows no more keep what has come."""
    from sandbox.aws.extensions._efs_replication import LETS_GO

    if _keep not in LETS_GO:
        LETS_GO.append(_keep)


def _keep(target: Any) -> None:
    _KEPT[target.arn] = of_files(target)


_Store = Mapping[str, Any]
_REFUSES: Mapping[str, Callable[[_Store, str], str]] = {
    CACHE: _cache_refuses,
    SESSIONS: _table_refuses,
    FILES: _files_refuse,
}
_READS: Mapping[str, Callable[[_Store, str], list[rows.Row]]] = {
    CACHE: _cached,
    SESSIONS: _in_table,
    FILES: _filed,
}
_HOLDS: Mapping[str, Callable[[_Store, str], str]] = {
    CACHE: lambda store, region: str(_group(store, region).arn),  # type: ignore[union-attr]
    SESSIONS: _replica,
    FILES: lambda store, region: str(_end(store, region).arn),
}

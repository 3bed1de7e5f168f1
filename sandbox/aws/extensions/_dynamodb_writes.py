"""Writes to a global table: its replicas' streams tell of them too, and regions that must agree do."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from sandbox.aws.extensions._dynamodb_group import group_of, others, refuse, share

_WRITES = ("put_item", "update_item", "delete_item")


def install() -> None:
    """Patch moto's DynamoDB."""
    from moto.dynamodb.models import DynamoDBBackend
    from moto.dynamodb.models.table import StreamShard
    from moto.dynamodb.responses import DynamoHandler

    StreamShard.add = _add(StreamShard.add)
    for name in _WRITES:
        setattr(DynamoDBBackend, name, _agreed(getattr(DynamoDBBackend, name)))
    DynamoDBBackend.transact_write_items = _transact(DynamoDBBackend.transact_write_items)
    DynamoDBBackend.update_time_to_live = _time_to_live(DynamoDBBackend.update_time_to_live)
    DynamoHandler.transact_get_items = _transact_get(DynamoHandler.transact_get_items)


def _add(original: Callable[..., None]) -> Callable[..., None]:
    def add(self: Any, old: Any, new: Any) -> None:
        original(self, old, new)
        for other in others(self.table):
            if other.stream_shard is not None:
                original(other.stream_shard, old, new)

    return add


def _agreed(original: Callable[..., Any]) -> Callable[..., Any]:
    def write(self: Any, table_name: str, *args: Any, **given: Any) -> Any:
        group = group_of(self.get_table(table_name))
        if group is not None and not group.writable():
            raise _unavailable(group.name)
        return original(self, table_name, *args, **given)

    return write


def _unavailable(name: str) -> Exception:
    from moto.core.exceptions import JsonRESTError
    from moto.dynamodb.exceptions import ERROR_TYPE_PREFIX

    error: Exception = JsonRESTError(
        f"{ERROR_TYPE_PREFIX}InternalServerError",
        f"No other region of {name} answers: a write can't be kept.",
    )
    error.code = 500  # type: ignore[attr-defined]
    return error


def _transact(original: Callable[..., None]) -> Callable[..., None]:
    def transact_write_items(self: Any, transact_items: list[dict[str, Any]]) -> None:
        names = {next(iter(each.values())).get("TableName") for each in transact_items}
        _no_strong(self, names)
        try:
            original(self, transact_items)
        except Exception:
            # moto puts a copy of the table as it was in this region's place: the replicas follow.
            for name in names & self.tables.keys():
                share(self.tables[name])
            raise

    return transact_write_items


def _transact_get(original: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def transact_get_items(self: Any) -> Any:
        names = {each["Get"]["TableName"] for each in self.body["TransactItems"] if "Get" in each}
        _no_strong(self.dynamodb_backend, names)
        return original(self)

    return transact_get_items


def _no_strong(backend: Any, names: Iterable[str | None]) -> None:
    for name in names:
        group = group_of(backend.tables.get(name))
        if group is not None and group.strong:
            raise refuse(
                f"Transactions are not supported on {name}, which has multi-Region strong consistency."
            )


def _time_to_live(original: Callable[..., None]) -> Callable[..., None]:
    def update_time_to_live(self: Any, table_name: str, ttl_spec: dict[str, Any]) -> None:
        group = group_of(self.tables.get(table_name))
        if group is not None and group.strong:
            raise refuse(
                f"Time to Live is not supported on {table_name}, which has multi-Region strong consistency."
            )
        original(self, table_name, ttl_spec)  # replicas share the setting

    return update_time_to_live

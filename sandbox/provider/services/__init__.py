"""The provider's tables: one file a service, found by themselves."""

from __future__ import annotations

import functools
import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import TypeVar

from sandbox.provider.derived.simulate import Short
from sandbox.provider.table import Invoke, Resource

Row = TypeVar("Row", Resource | Short, Invoke)


class Table(Mapping[str, Resource]):
    """Rows by token. A short one is made whole when it is asked for: that reads AWS's model of its service."""

    def __init__(self, rows: Mapping[str, Resource | Short]) -> None:
        self._rows = dict(rows)

    def __getitem__(self, token: str) -> Resource:
        found = self._rows[token]
        if isinstance(found, Short):
            found = self._rows[token] = found.whole()
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self._rows)

    def __len__(self) -> int:
        return len(self._rows)


@functools.cache
def resources() -> Mapping[str, Resource]:
    """Every row by type token; a token with two rows is an error."""
    rows: list[Resource | Short] = [row for module in _modules() for row in getattr(module, "RESOURCES", ())]
    return Table(_index(rows))


@functools.cache
def invokes() -> Mapping[str, Invoke]:
    """Every function's row by token."""
    return _index([row for module in _modules() for row in getattr(module, "INVOKES", ())])


def _index(rows: list[Row]) -> dict[str, Row]:
    index: dict[str, Row] = {}
    for row in rows:
        if row.token in index:
            raise ValueError(f"{row.token} has two rows")
        index[row.token] = row
    return index


def _modules() -> list[object]:
    return [importlib.import_module(f"{__name__}.{m.name}") for m in pkgutil.iter_modules(__path__)]

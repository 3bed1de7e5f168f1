"""Reads that a rule makes: what is not known yet ends its judgement of the resource, and is named."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from .unknown import NotKnownError, Unknown
from .values import as_flag, as_items, as_number, as_text, find, is_set


class View:
    """A map of properties, read by type.

    A path may lead inside: names and places, joined by dots. What is absent, not set or of a wrong type gives the default (the
    provider refuses wrong types itself); what is unknown raises `NotKnownError`, which names the property.
    """

    __slots__ = ("path", "raw")

    def __init__(self, raw: Mapping[str, Any], path: str = "") -> None:
        self.raw = raw
        self.path = path

    def _read(self, path: str) -> Any:
        value = find(self.raw, path)
        if isinstance(value, Unknown):
            raise NotKnownError(f"{self.path}{path}")
        return value

    def get(self, path: str) -> Any:
        """The value, which may be Unknown; None when it isn't set."""
        value = find(self.raw, path)
        return value if is_set(path.rpartition(".")[2], value) else None

    def has(self, path: str) -> bool:
        """Whether the property is set: an unknown one is."""
        return self.get(path) is not None

    def known(self, path: str) -> bool:
        """Whether the property is absent or has a value that is known."""
        return not isinstance(find(self.raw, path), Unknown)

    def text(self, path: str, default: str = "") -> str:
        """A string."""
        value = as_text(self._read(path))
        return value if isinstance(value, str) else default

    def number(self, path: str, default: float = 0.0) -> float:
        """A number; numbers in strings count, as in `"7"`."""
        value = self._read(path)
        found = as_number(value) if is_set(path.rpartition(".")[2], value) else None
        return default if found is None else found

    def flag(self, path: str, *, default: bool = False) -> bool:
        """A boolean."""
        value = as_flag(self._read(path))
        return value if isinstance(value, bool) else default

    def view(self, path: str) -> View:
        """A nested map; empty when absent. A list of one counts as its element."""
        value = self._read(path)
        if isinstance(value, list) and len(value) == 1:
            value, path = value[0], f"{path}.0"
            if isinstance(value, Unknown):
                raise NotKnownError(f"{self.path}{path}")
        return View(value if isinstance(value, dict) else {}, f"{self.path}{path}.")

    def items(self, path: str) -> list[Any]:
        """The elements of a list, unknown ones included; one value alone is a list of one."""
        found = as_items(self._read(path))
        return found if isinstance(found, list) else []

    def entries(self, path: str) -> list[Any] | None:
        """As `items`, but None for a list that is unknown as a whole."""
        return self.items(path) if self.known(path) else None

    def texts(self, path: str) -> list[str]:
        """The strings of a list. Raises `NotKnownError` when one of them is unknown."""
        return [value for value in self._known_items(path) if isinstance(value, str)]

    def views(self, path: str) -> Iterator[View]:
        """The maps of a list. Raises `NotKnownError` when one of them is unknown, after the ones before it."""
        for place, value in enumerate(self._known_items(path)):
            if isinstance(value, dict):
                yield View(value, f"{self.path}{path}.{place}.")

    def _known_items(self, path: str) -> Iterator[Any]:
        for place, value in enumerate(self.items(path)):
            if isinstance(value, Unknown):
                raise NotKnownError(f"{self.path}{path}.{place}")
            yield value

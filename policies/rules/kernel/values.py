"""Property values as a rule reads them: some are not known before the deployment, some have the wrong type."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final


class _Unknown:
    """The value that a property has when it is only known once the deployment has run."""

    def __repr__(self) -> str:
        return "unknown"


UNKNOWN: Final = _Unknown()

UNKNOWN_SENTINELS: Final = frozenset(
    {
        "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",  # boolean
        "3eeb2bf0-c639-47a8-9e75-3b44932eb421",  # number
        "04da6b54-80e4-46f7-96ec-b56ff0331ba9",  # string
        "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",  # array
        "030794c1-ac77-496b-92df-f27374a8bd58",  # asset
        "e48ece36-62e2-4504-bad9-02848725956a",  # archive
        "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",  # object
    }
)
"""What the engine sends in place of an unknown value of each type."""

SIGNATURE: Final = "4dabf18193072939515e22adb298388d"
"""Key that marks a map as a special value of the engine."""

SECRET: Final = "1b47061264138c4ac30d75fd1eb44270"  # noqa: S105 - a marker of the protocol
"""Signature of a secret; its plain value is under `value`."""


class NotKnownError(Exception):
    """A rule asked for a value that is not known yet. The kernel turns it into a note on that resource alone."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class View:
    """A map of properties, read by type.

    An absent, null or wrongly typed value gives the default (the provider refuses wrong types itself); an unknown value
    raises `NotKnownError`, which names the property.
    """

    __slots__ = ("path", "raw")

    def __init__(self, raw: Mapping[str, Any], path: str = "") -> None:
        self.raw = raw
        self.path = path

    def _read(self, name: str) -> Any:
        value = self.raw.get(name)
        if value is UNKNOWN:
            raise NotKnownError(f"{self.path}{name}")
        return value

    def has(self, name: str) -> bool:
        """Whether the property is given: an unknown value is."""
        return self.raw.get(name) not in (None, "", [], {})

    def known(self, name: str) -> bool:
        """Whether the property is absent or has a value that is known."""
        return self.raw.get(name) is not UNKNOWN

    def text(self, name: str, default: str = "") -> str:
        """A string."""
        value = self._read(name)
        return value if isinstance(value, str) else default

    def number(self, name: str, default: float = 0.0) -> float:
        """A number; numbers in strings count, as in `"7"`."""
        found = as_number(self._read(name))
        return default if found is None else found

    def flag(self, name: str, *, default: bool = False) -> bool:
        """A boolean; `"true"` and `"false"` count, as in provider settings."""
        value = self._read(name)
        if isinstance(value, str) and value.lower() in ("true", "false"):
            return value.lower() == "true"
        return value if isinstance(value, bool) else default

    def view(self, name: str) -> View:
        """A nested map; empty when absent."""
        value = self._read(name)
        return View(value if isinstance(value, dict) else {}, f"{self.path}{name}.")

    def items(self, name: str) -> list[Any]:
        """The elements of a list, unknown ones included as `UNKNOWN`; one value alone is a list of one."""
        value = self._read(name)
        if isinstance(value, list):
            return value
        return [] if value is None else [value]

    def entries(self, name: str) -> list[Any] | None:
        """As `items`, but None for a list that is unknown as a whole."""
        return self.items(name) if self.known(name) else None

    def texts(self, name: str) -> list[str]:
        """The strings of a list. Raises `NotKnownError` when one of them is unknown."""
        found = self.items(name)
        for place, value in enumerate(found):
            if value is UNKNOWN:
                raise NotKnownError(f"{self.path}{name}[{place}]")
        return [value for value in found if isinstance(value, str)]

    def views(self, name: str) -> Iterator[View]:
        """The maps of a list. Raises `NotKnownError` when one of them is unknown, after the ones before it."""
        for place, value in enumerate(self.items(name)):
            if value is UNKNOWN:
                raise NotKnownError(f"{self.path}{name}[{place}]")
            if isinstance(value, dict):
                yield View(value, f"{self.path}{name}[{place}].")


def as_number(value: Any) -> float | None:
    """A finite number from a number or from its text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        found = float(value)
    except ValueError:
        return None
    return found if abs(found) < float("inf") else None


def strings(value: Any) -> Iterator[str]:
    """Every string inside a value, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from strings(inner)

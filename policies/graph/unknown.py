"""What is not known yet: one value for it, and the one place in the pack that knows how the engine and a state file write it."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final


@dataclass(frozen=True)
class Unknown:
    """A value that can't be known yet, e.g. at preview. It is neither good nor bad: it names the property that decides."""

    path: str = ""

    def __bool__(self) -> bool:
        raise TypeError(f"{self.path or 'a value'} is unknown: handle it before it is used as a condition")


UNKNOWN: Final = Unknown()


def either(*values: bool | Unknown) -> bool | Unknown:
    """Or, with unknowns: True when any is True."""
    if any(v is True for v in values):
        return True
    return next((v for v in values if isinstance(v, Unknown)), False)


def both(*values: bool | Unknown) -> bool | Unknown:
    """And, with unknowns: False when any is False."""
    if any(v is False for v in values):
        return False
    return next((v for v in values if isinstance(v, Unknown)), True)


class NotKnownError(Exception):
    """A value was asked for that is not known yet. `path` names the property."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


def sure(value: bool | Unknown) -> bool:
    """The value. Raises `NotKnownError` when it isn't known."""
    if isinstance(value, Unknown):
        raise NotKnownError(value.path)
    return value


_TEXTS: Final = frozenset(
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
"""Signature of a secret: its value is under `value`, in a state file as JSON under `plaintext`, or only encrypted."""
_OUTPUT: Final = "d0e6a833031e9bbcd3f4e8bde6ca49a4"
"""Signature of an output: its value is under `value`, which is missing when it is not known."""


def plain(value: Any) -> Any:
    """A value as the engine or a state file writes it, as plain Python: secrets opened, `UNKNOWN` for what isn't known."""
    if isinstance(value, str):
        return UNKNOWN if value in _TEXTS else value
    if isinstance(value, Mapping):
        mark = value.get(SIGNATURE)
        if mark in (SECRET, _OUTPUT):
            return _opened(value)
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value


def _opened(marked: Mapping[str, Any]) -> Any:
    if "value" in marked:
        return plain(marked["value"])
    text = marked.get("plaintext")
    try:
        return plain(json.loads(text)) if isinstance(text, str) else UNKNOWN
    except ValueError:
        return UNKNOWN


def named(value: Any, path: str) -> Any:
    """A plain value whose unknown parts say where they stand."""
    if isinstance(value, Unknown):
        return Unknown(path)
    return _renamed(value, path) if any(isinstance(leaf, Unknown) for leaf in leaves(value)) else value


def _renamed(value: Any, path: str) -> Any:
    if isinstance(value, Unknown):
        return Unknown(path)
    if isinstance(value, dict):
        return {key: _renamed(inner, f"{path}.{key}") for key, inner in value.items()}
    if isinstance(value, list):
        return [_renamed(inner, f"{path}.{place}") for place, inner in enumerate(value)]
    return value


def leaves(value: Any) -> Iterator[Any]:
    """Everything inside a plain value that is neither a map nor a list."""
    if isinstance(value, dict):
        for inner in value.values():
            yield from leaves(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner)
    else:
        yield value


def strings(value: Any) -> Iterator[str]:
    """Every string inside a plain value, however deep."""
    return (leaf for leaf in leaves(value) if isinstance(leaf, str))

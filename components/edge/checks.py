"""Checks on arguments: each error names the argument, the value got and what is allowed."""

from __future__ import annotations

import re
from collections.abc import Collection

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(\*\.)?({_LABEL}\.)+(?!-)[a-z][a-z0-9-]{{1,62}}")


def between(argument: str, value: int, low: int, high: int, unit: str) -> None:
    """Raise ValueError unless `low <= value <= high`."""
    if not low <= value <= high:
        raise ValueError(f"{argument} is {value}: allowed are {low} to {high} {unit}")


def one_of(argument: str, value: object, allowed: Collection[object]) -> None:
    """Raise ValueError unless `value` is among `allowed`."""
    if value not in allowed:
        raise ValueError(f"{argument} is {value!r}: allowed are {', '.join(map(str, allowed))}")


def domain(argument: str, value: str, *, wildcard: bool = False) -> None:
    """Raise ValueError unless `value` is a lower-case domain name without a final dot."""
    fits = _DOMAIN.fullmatch(value) and len(value) <= 253  # noqa: PLR2004 - the limit of RFC 1035
    if not fits or (value.startswith("*.") and not wildcard):
        kind = "a lower-case domain name, or *. and one" if wildcard else "a lower-case domain name"
        raise ValueError(f"{argument} is {value!r}: allowed is {kind}, such as shop.example.com")


def path(argument: str, value: str) -> None:
    """Raise ValueError unless `value` is an absolute URL path of at most 255 characters."""
    if not re.fullmatch(r"/[\x21-\x7e]{0,254}", value):
        raise ValueError(
            f"{argument} is {value!r}: allowed is a path that begins with / and has 1 to 255 characters"
        )

"""Checks on names and paths; each raises ArgumentError."""

from __future__ import annotations

import re

from components.checks import need

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
_DOMAIN = re.compile(rf"(\*\.)?({_LABEL}\.)+(?!-)[a-z][a-z0-9-]{{1,62}}")


def domain(argument: str, value: str, *, wildcard: bool = False) -> None:
    """Raise ArgumentError unless `value` is a lower-case domain name without a final dot."""
    fits = _DOMAIN.fullmatch(value) and len(value) <= 253  # noqa: PLR2004 - the limit of RFC 1035
    plain = wildcard or not value.startswith("*.")
    kind = "a lower-case domain name, or *. and one" if wildcard else "a lower-case domain name"
    need(bool(fits) and plain, argument, repr(value), f"{kind}, such as shop.example.com")


def path(argument: str, value: str) -> None:
    """Raise ArgumentError unless `value` is an absolute URL path of at most 255 characters."""
    fits = re.fullmatch(r"/[\x21-\x7e]{0,254}", value)
    need(bool(fits), argument, repr(value), "a path that begins with / and has 1 to 255 characters")

"""Checks on arguments: pure, so that whoever reads values from somewhere else can make them before anything is registered."""

from __future__ import annotations

import functools
import zoneinfo
from collections.abc import Collection, Sequence


class ArgumentError(ValueError):
    """An argument that can't be: which, what was given, what is allowed.

    The parts are kept apart, so that a reader of configuration can name its own key instead of the argument.
    """

    def __init__(self, argument: str, got: str | float, allowed: str) -> None:
        """`argument` is the path of the argument (`lock.min_retention_days`); `got` is a number or a text as it is shown."""
        super().__init__(argument, got, allowed)
        self.argument, self.got, self.allowed = argument, str(got), allowed

    def __str__(self) -> str:
        return f"{self.argument}: got {self.got}, allowed is {self.allowed}"


def need(holds: bool, argument: str, got: str | float, allowed: str) -> None:
    """Raise ArgumentError unless the condition holds."""
    if not holds:
        raise ArgumentError(argument, got, allowed)


def between(argument: str, value: float, low: float, high: float, unit: str = "") -> None:
    """Raise ArgumentError unless low <= value <= high."""
    need(low <= value <= high, argument, value, f"{low} to {high} {unit}".rstrip())


def one_of(argument: str, value: object, allowed: Collection[object]) -> None:
    """Raise ArgumentError unless `value` is among `allowed`."""
    need(value in allowed, argument, repr(value), f"one of {', '.join(map(str, allowed))}")


def at_least(argument: str, value: Collection[object], least: int, why: str) -> None:
    """Raise ArgumentError when a collection has fewer than `least` members."""
    names = [name for name in value if isinstance(name, str)]
    got = repr(names) if len(names) == len(value) else str(len(value))
    need(len(value) >= least, argument, got, f"{least} or more: {why}")


def each_once(argument: str, values: Sequence[object]) -> None:
    """Raise ArgumentError when something is there twice."""
    twice = sorted({str(value) for value in values if values.count(value) > 1})
    need(not twice, argument, f"{', '.join(twice)} more than once", "each once")


_time_zones = functools.cache(zoneinfo.available_timezones)
"""Python reads hundreds of files for them."""


def time_zone(argument: str, text: str) -> None:
    """Raise ArgumentError for a time zone that there isn't."""
    allowed = "a time zone of the tz database, such as Europe/Berlin"
    need(text in _time_zones(), argument, repr(text), allowed)

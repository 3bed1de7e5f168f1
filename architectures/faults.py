"""What components refuse, told in the words of the settings: each check stands in one place, and runs before anything is registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import AfterValidator

from components.checks import ArgumentError

Fault = tuple[str, str]
"""The key of a setting, and what is said of its value."""


def fault(key: str, got: object, allowed: str) -> Fault:
    """A setting that can't be: its key, what was given, what is allowed."""
    return key, f"got {got}, allowed is {allowed}"


def refusals(check: Callable[[], object], keys: Mapping[str, str]) -> Iterator[Fault]:
    """What `check` refuses; `keys` has the key of each argument that settings decide.

    An argument that settings don't decide is our own mistake: its error is raised on.
    """
    try:
        check()
    except ArgumentError as error:
        if error.argument not in keys:
            raise
        yield fault(keys[error.argument], error.got, error.allowed)


def held(check: Callable[[Any], object]) -> AfterValidator:
    """A pydantic validator of one value, made of a component's check."""

    def validate(value: Any) -> Any:
        try:
            check(value)
        except ArgumentError as error:
            raise ValueError(f"allowed is {error.allowed}") from None
        return value

    return AfterValidator(validate)

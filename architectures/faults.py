"""What components refuse, told in the words of the settings: each check stands in one place, and runs before anything is registered."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from pydantic import AfterValidator

from components.checks import ArgumentError

Fault = tuple[str, str]
"""The key of a setting, and what is said of its value."""


PLACEHOLDER = "placeholder"
"""Stands for the id of what doesn't exist yet where a component's arguments are checked."""


def fault(key: str, got: object, allowed: str) -> Fault:
    """A setting that can't be: its key, what was given, what is allowed."""
    return key, f"got {got}, allowed is {allowed}"


def refusals(check: Callable[[], object], keys: Mapping[str, str]) -> Iterator[Fault]:
    """What `check` refuses; `keys` has the key of each argument that settings decide.

    RuntimeError for an argument that no setting decides: that is our own mistake.
    """
    try:
        check()
    except ArgumentError as error:
        if error.argument not in keys:
            raise RuntimeError(f"no setting decides {error}") from error
        yield fault(keys[error.argument], error.got, error.allowed)


_WORDS = {
    "bool_parsing": "true or false",
    "bool_type": "true or false",
    "dict_type": "a group of keys",
    "enum": "{expected}",
    "float_parsing": "a number",
    "float_type": "a number",
    "greater_than": "above {gt:g}",
    "greater_than_equal": "{ge:g} or more",
    "int_from_float": "a whole number",
    "int_parsing": "a whole number",
    "int_parsing_size": "a whole number",
    "int_type": "a whole number",
    "less_than_equal": "{le:g} or less",
    "literal_error": "{expected}",
    "model_attributes_type": "a group of keys",
    "model_type": "a group of keys",
    "string_pattern_mismatch": "text of the form {pattern}",
    "string_too_long": "at most {max_length} characters",
    "string_too_short": "at least {min_length} characters",
    "string_type": "text, in quotes if it looks like a number",
    "too_short": "{min_length} or more",
    "tuple_type": "a list",
}
"""What pydantic's types of error allow: https://docs.pydantic.dev/latest/errors/validation_errors/."""
_LONGEST = 80
_SPELT = {None: "nothing", True: "true", False: "false"}


def allowed(error: Mapping[str, Any]) -> str:
    """What the key of an error of pydantic's may be."""
    context = error.get("ctx") or {}
    if "error" in context:
        return str(context["error"])
    words = _WORDS.get(error["type"])
    return words.format(**context) if words else f"what fits: {error['msg']}"


def shown(value: object) -> str:
    """A value as it is told: one line, not longer than one can bear, and spelt as in the file."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)  # numbers of another stack's outputs are all floats
    text = _SPELT.get(value, repr(value)) if isinstance(value, bool | None) else repr(value)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 4]} ..."


def held(check: Callable[[Any], object]) -> AfterValidator:
    """A pydantic validator of one value, made of a component's check."""

    def validate(value: Any) -> Any:
        try:
            check(value)
        except ArgumentError as error:
            raise ValueError(error.allowed) from None
        return value

    return AfterValidator(validate)

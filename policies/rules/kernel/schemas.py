"""Holds plain values against JSON schemas: the part of the standard that the pack's own schemas use."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

_TYPES: Final[Mapping[str, tuple[type, ...]]] = {
    "string": (str,),
    "number": (int, float),
    "boolean": (bool,),
    "array": (list,),
    "object": (dict,),
}


class ConfigError(ValueError):
    """The pack's configuration is wrong; the message names rule, setting, value and what is allowed."""


def nearest(name: str, known: Iterable[str]) -> str:
    """A question about the known name that is most like this one; empty when none is."""
    close = difflib.get_close_matches(name, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""


def problems(value: Any, wanted: Mapping[str, Any], path: str) -> Iterator[str]:
    """What in a value breaks its schema, by the path to it."""
    kind = wanted.get("type")
    if kind is not None and not _is(value, kind):
        yield f"{path}: {value!r} is not of type {kind}"
        return
    if "enum" in wanted and value not in wanted["enum"]:
        yield f"{path}: {value!r} is not one of {', '.join(map(str, wanted['enum']))}"
    if "minimum" in wanted and value < wanted["minimum"]:
        yield f"{path}: {value:g} is less than {wanted['minimum']:g}"
    if "maximum" in wanted and value > wanted["maximum"]:
        yield f"{path}: {value:g} is more than {wanted['maximum']:g}"
    if "minLength" in wanted and len(value.strip()) < wanted["minLength"]:
        yield f"{path}: {value!r} is empty"
    if isinstance(value, list):
        for place, item in enumerate(value):
            yield from problems(item, wanted.get("items", {}), f"{path}[{place}]")
    if isinstance(value, dict):
        yield from _object_problems(value, wanted, path)


def _object_problems(value: Mapping[str, Any], wanted: Mapping[str, Any], path: str) -> Iterator[str]:
    for name in wanted.get("required", ()):
        if name not in value:
            yield f"{path}: {name!r} is missing"
    fields = wanted.get("properties", {})
    others = wanted.get("additionalProperties", {})
    for name, item in value.items():
        if name in fields:
            yield from problems(item, fields[name], f"{path}.{name}")
        elif others is False:
            yield f"{path}: unknown key {name!r}{nearest(name, fields)}"
        else:
            yield from problems(item, others, f"{path}.{name}")


def _is(value: Any, kind: str) -> bool:
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer":
        return isinstance(value, (int, float)) and float(value).is_integer()
    return isinstance(value, _TYPES[kind])

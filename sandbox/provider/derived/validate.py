"""A value against botocore's shape of its member: enums, ranges, patterns, types and required members."""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.provider import models, schema, shapes
from sandbox.provider.values import has_unknown, is_unknown

_SHOWN = 12
_NUMBERS = ("integer", "long", "float", "double")


@dataclass
class Findings:
    """What is wrong with a property's value, and which of its parts no member stands for."""

    wrong: list[tuple[str, str]] = field(default_factory=list)
    """Property path and reason."""
    unchecked: list[str] = field(default_factory=list)
    """Property paths."""


def checked(value: Any, shape: Any, type_: Any, path: str, to: Findings) -> Any:
    """Note in `to` what is wrong with `value`, and answer it as AWS writes it. What is unknown is not judged."""
    if value is None or is_unknown(value):
        return value
    kind = shape.type_name
    containers = {"structure": _structure, "list": _list, "map": _map}
    if kind in containers:
        return containers[kind](value, shape, type_, path, to)
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, Mapping | list):
        to.unchecked.append(path)
        return value
    scalars = {"boolean": _boolean, "string": _text, **dict.fromkeys(_NUMBERS, _number)}
    return scalars[kind](value, shape, type_, path, to) if kind in scalars else value


def _structure(value: Any, shape: Any, type_: Any, path: str, to: Findings) -> Any:
    names = models.members(shape)
    if isinstance(value, str):
        value = _read(value)
    if isinstance(value, list):
        if "Items" in names and "Quantity" in names:  # CloudFront's way to write a list
            return {"Quantity": len(value), "Items": checked(value, names["Items"], type_, path, to)}
        if len(value) == 1 and isinstance(value[0], Mapping):
            return _structure(value[0], shape, schema.element(type_), path, to)
    if not isinstance(value, Mapping):
        inner = next(iter(names.values()), None)
        if len(names) == 1 and inner is not None and inner.type_name != "structure":
            return {next(iter(names)): checked(value, inner, type_, path, to)}
        to.unchecked.append(path)
        return value
    known = schema.members(type_) or {}
    result = {}
    for name, inner in value.items():
        member = shapes.find(name, names) or shapes.find(f"{shape.name}{name}", names)
        if member is None:
            to.unchecked.append(f"{path}.{name}")
        elif inner is not None:
            result[member] = checked(inner, names[member], known.get(name), f"{path}.{name}", to)
    _required(shape, value, schema.insists(type_) if known else frozenset(), path, to)
    return result


def _required(
    shape: Any, value: Mapping[str, Any], insisted: frozenset[str], path: str, to: Findings
) -> None:
    """Members that AWS and pulumi_aws both insist on."""
    given = {shapes.key(name) for name, inner in value.items() if inner is not None}
    for member in shape.required_members:
        name = next((n for n in insisted if shapes.key(n) == shapes.key(member)), None)
        if name and shapes.key(name) not in given:
            to.wrong.append((f"{path}.{name}", f"missing; AWS's {shape.name} requires it"))


def _list(value: Any, shape: Any, type_: Any, path: str, to: Findings) -> Any:
    if isinstance(value, Mapping) and shape.member.type_name == "structure":
        names = models.members(shape.member)
        key = next((m for m in names if m.lower() in ("key", "name", "parametername")), None)
        if key and len(names) <= len(("Key", "Value")):  # Pulumi's map is AWS's list of names and values
            rest = next(m for m in names if m != key)
            return [{key: k, rest: v} for k, v in value.items()]
    items = value if isinstance(value, list) else [value]
    _length(len(items), shape, path, "items", to)
    inner = schema.element(type_) if schema.is_list(type_) else type_
    return [checked(v, shape.member, inner, f"{path}[{i}]", to) for i, v in enumerate(items)]


def _map(value: Any, shape: Any, type_: Any, path: str, to: Findings) -> Any:
    if isinstance(value, list) and all(isinstance(v, Mapping) and "name" in v for v in value):
        value = {v["name"]: {k: inner for k, inner in v.items() if k != "name"} for v in value}
        type_ = schema.element(type_)  # Pulumi's list of named things is AWS's map
        return {k: checked(v, shape.value, type_, f"{path}.{k}", to) for k, v in value.items()}
    if not isinstance(value, Mapping):
        to.unchecked.append(path)
        return value
    return {k: checked(v, shape.value, schema.element(type_), f"{path}.{k}", to) for k, v in value.items()}


def _number(value: Any, shape: Any, type_: Any, path: str, to: Findings) -> Any:
    try:
        number = float(value)
    except (TypeError, ValueError):
        if schema.is_number(type_):
            to.wrong.append((path, f"expected a number, got {value!r}"))
        else:
            to.unchecked.append(path)
        return value
    whole = shape.type_name in ("integer", "long")
    if whole and not number.is_integer():
        to.wrong.append((path, f"expected a whole number, got {value!r}"))
        return value
    limits = shape.metadata
    if number < float(limits.get("min", number)) or number > float(limits.get("max", number)):
        to.wrong.append((path, f"{value!r} is out of range; AWS allows {_range(limits)}"))
    return int(number) if whole else number


def _boolean(value: Any, _shape: Any, _type: Any, path: str, to: Findings) -> Any:
    text = str(value).lower()
    if text not in ("true", "false"):
        to.unchecked.append(path)
        return value
    return text == "true"


def _text(value: Any, shape: Any, _type: Any, path: str, to: Findings) -> Any:
    if isinstance(value, bool):
        to.unchecked.append(path)  # AWS says it in words of its own
        return value
    text = str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
    allowed = getattr(shape, "enum", None) or []
    if allowed:
        same = next((a for a in allowed if _bare(a) == _bare(text)), None)
        if same is None and text:
            more = f" and {len(allowed) - _SHOWN} more" if len(allowed) > _SHOWN else ""
            to.wrong.append(
                (path, f"{text!r} is not allowed; AWS allows {', '.join(allowed[:_SHOWN])}{more}")
            )
        return same or text
    _length(len(text), shape, path, "characters", to)
    pattern = shape.metadata.get("pattern")
    if pattern and not text.startswith("arn:") and not has_unknown(value) and not _fits(pattern, text):
        to.wrong.append((path, f"{text!r} does not have the form that AWS asks for: {pattern}"))
    return text


def _length(size: int, shape: Any, path: str, unit: str, to: Findings) -> None:
    limits = shape.metadata
    if size and not float(limits.get("min", 0)) <= size <= float(limits.get("max", size)):
        to.wrong.append((path, f"{size} {unit}; AWS allows {_range(limits)}"))


def _range(limits: Mapping[str, Any]) -> str:
    low, high = limits.get("min"), limits.get("max")
    if high is None:
        return f"{low} or more"
    return f"{low} to {high}" if low is not None else f"at most {high}"


def _bare(word: str) -> str:
    return re.sub("[^a-z0-9]", "", word.lower())


def _fits(pattern: str, text: str) -> bool:
    compiled = _compiled(pattern)
    return compiled is None or compiled.fullmatch(text) is not None


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str] | None:
    """A pattern of Java's as Python reads it; None when it can't, or when it stands escaped twice in the model."""
    if re.search(r"\\\\[dws+]", pattern):
        return None
    classes = {
        r"\p{Alpha}": "a-zA-Z",
        r"\p{Alnum}": "a-zA-Z0-9",
        r"\p{ASCII}": r"\x00-\x7F",
        r"\p{Digit}": "0-9",
    }
    for java, python in classes.items():
        pattern = pattern.replace(java, python)
    try:
        return re.compile(pattern, re.DOTALL)
    except re.error:
        return None


def _read(text: str) -> Any:
    """A document that Pulumi takes as JSON text."""
    try:
        return json.loads(text) if text.lstrip().startswith(("{", "[")) else text
    except ValueError:
        return text

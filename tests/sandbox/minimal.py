"""The least inputs that a type of pulumi_aws takes, made from its classes and from AWS's own model of each member."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pulumi_aws
from pulumi import _types

from sandbox.provider import schema, shapes
from sandbox.provider.derived import Derived, fit

try:
    from re import _parser as sre  # type: ignore[attr-defined]
except ImportError:  # pragma: no cover
    import sre_parse as sre

DEEPEST = 6
TOKEN = re.compile(r"\.__init__\(\s*'(aws:[^']+)'")


PAIRS = {("aws:msk/replicator:Replicator", "kafkaClusters")}
"""Lists of two, which AWS's model doesn't say."""


def tokens() -> list[str]:
    """Every resource type of the installed pulumi_aws."""
    home = Path(pulumi_aws.__file__).parent
    found = (TOKEN.findall(path.read_text()) for path in home.rglob("*.py"))
    return sorted({token for each in found for token in each if not token.startswith("aws:index")})


def inputs(row: Derived) -> dict[str, Any]:
    """Values for what the type insists on."""
    known = schema.schema(row.token)
    places = fit.places(row.token, row.service, row.create.op)
    where = {name: place.shape if place else None for name, place in places.items()}
    found = {n: value(known.outputs.get(n, str), where.get(n)) for n in known.order if n in known.required}
    return {name: each * 2 if (row.token, name) in PAIRS else each for name, each in found.items()}


def value(type_: Any, shape: Any, depth: int = 0) -> Any:
    """A value of a property's type that its member in AWS's API allows."""
    bare = _types.unwrap_optional_type(type_)
    kind = shape.type_name if shape is not None else None
    if schema.is_list(bare):
        inner = shape.member if kind == "list" else shape
        least = max(1, int(shape.metadata.get("min", 1))) if kind == "list" else 1
        return [value(schema.element(bare), inner, depth + 1) for _ in range(least)]
    if (nested := schema.members(bare)) is not None:
        return _object(bare, nested, shape.member if kind == "list" else shape, depth)
    if isinstance(bare, type) and issubclass(bare, bool):
        return True
    while kind == "list":
        shape = shape.member
        kind = shape.type_name
    if bare in (int, float):
        return int(shape.metadata.get("min", 1)) if kind in ("integer", "long") else 1
    if bare is not str:
        return {text(shape.key) if kind == "map" else "k": value(str, shape.value) if kind == "map" else "v"}
    return text(shape) if kind == "string" else "1"


def _object(bare: Any, nested: Mapping[str, Any], shape: Any, depth: int) -> dict[str, Any]:
    if depth > DEEPEST:
        return {}
    members = shape.members if shape is not None and shape.type_name == "structure" else {}
    found = {name: shapes.find(name, members) for name in nested}
    needed = schema.insists(bare)
    return {
        n: value(nested[n], members[m] if (m := found[n]) else None, depth + 1) for n in nested if n in needed
    }


def text(shape: Any) -> str:
    """A text that AWS's model allows: of an enum the first, else by pattern and length."""
    if getattr(shape, "enum", None):
        return str(shape.enum[0])
    limits = shape.metadata
    low, high = int(limits.get("min", 1)), int(limits.get("max", 64))
    pattern = limits.get("pattern")
    if pattern is None:
        return ("example" * low)[: min(max(low, 7), high)]
    try:
        parsed = sre.parse(pattern)
    except re.error:
        return "example"
    for more in (0, 1, low, 7, 12, 31):
        tried = "".join(_drawn(parsed, more))
        if low <= len(tried) <= high and re.search(pattern, tried, re.DOTALL):
            return tried
    return "".join(_drawn(parsed, low))


def _drawn(parsed: Any, more: int) -> list[str]:  # one branch a kind of node
    found: list[str] = []
    for op, arg in parsed:
        name = str(op)
        if name == "LITERAL":
            found.append(chr(arg))
        elif name in ("ANY", "NOT_LITERAL"):
            found.append("a")
        elif name == "IN":
            found.append(_of(arg))
        elif name in ("MAX_REPEAT", "MIN_REPEAT"):
            low, high, inner = arg
            for _ in range(min(max(low, more), int(high))):
                found += _drawn(inner, more)
        elif name == "SUBPATTERN":
            found += _drawn(arg[-1], more)
        elif name == "BRANCH":
            found += _drawn(arg[1][0], more)
    return found


def _of(choices: Any) -> str:
    """A character of a class; letters and digits before signs."""
    excluded = str(choices[0][0]) == "NEGATE"
    if excluded:
        return next(c for c in "aA1-" if not re.match(_class(choices[1:]), c))
    fitting = [c for c in "a1A-_/. " if re.match(_class(choices), c)]
    first = choices[0]
    return fitting[0] if fitting else chr(first[1] if str(first[0]) == "LITERAL" else first[1][0])


def _class(choices: Any) -> str:
    signs = {
        "CATEGORY_DIGIT": r"\d",
        "CATEGORY_WORD": r"\w",
        "CATEGORY_SPACE": r"\s",
        "CATEGORY_NOT_SPACE": r"\S",
    }
    parts = []
    for op, arg in choices:
        if str(op) == "LITERAL":
            parts.append(re.escape(chr(arg)))
        elif str(op) == "RANGE":
            parts.append(f"{re.escape(chr(arg[0]))}-{re.escape(chr(arg[1]))}")
        else:
            parts.append(signs.get(str(arg), r"\w"))
    return f"[{''.join(parts)}]"

"""Conversion between Pulumi's property values and AWS's, led by botocore's shapes and the pulumi_aws types."""

from __future__ import annotations

import base64
import functools
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sandbox.provider import schema
from sandbox.provider.values import is_unknown


class ShapeError(ValueError):
    """A value that does not fit AWS's model; the message names the property, the value and what is allowed."""


@functools.cache
def key(name: str) -> str:
    """A name without case, separators and plural: `vpcSecurityGroupIds` and `VpcSecurityGroupId` are one."""
    bare = re.sub(r"[^a-z0-9]", "", name.lower())
    if bare.endswith("ies"):
        return bare[:-3] + "y"
    return bare[:-1] if bare.endswith("s") and not bare.endswith("ss") else bare


def find(name: str, candidates: Iterable[str], rename: Mapping[str, str] | None = None) -> str | None:
    """The candidate that a name stands for, or None."""
    return _find((rename or {}).get(name, name), tuple(candidates))


@functools.lru_cache(1 << 14)
def _find(wanted: str, names: tuple[str, ...]) -> str | None:
    """Asked again for each resource of a type, of the same members."""
    exact = next((c for c in names if c.lower() == wanted.lower()), None)
    return exact if exact is not None else next((c for c in names if key(c) == key(wanted)), None)


def to_aws(value: Any, shape: Any, rename: Mapping[str, str], path: str) -> Any:  # noqa: PLR0911  one branch a shape type
    """Convert a Pulumi value to what botocore takes for `shape`. Unknown values pass through."""
    if is_unknown(value) or value is None:
        return value
    kind = shape.type_name
    if kind == "list":
        items = value if isinstance(value, list) else [value]
        return [to_aws(v, shape.member, rename, f"{path}[{i}]") for i, v in enumerate(items)]
    if kind == "map":
        if not isinstance(value, Mapping):
            raise ShapeError(f"{path}: expected a map, got {value!r}")
        return {
            str(k): to_aws(v, shape.value, rename, f"{path}.{k}") for k, v in value.items() if v is not None
        }
    if kind == "structure":
        return _structure(value, shape, rename, path)
    if kind in ("integer", "long"):
        return _number(value, path, whole=True)
    if kind in ("float", "double"):
        return _number(value, path, whole=False)
    if kind == "boolean":
        return value if isinstance(value, bool) else str(value).lower() == "true"
    if kind == "blob":
        return value.encode() if isinstance(value, str) else value
    return _text(value, shape, path)


def _structure(value: Any, shape: Any, rename: Mapping[str, str], path: str) -> Any:
    names = shape.members
    if isinstance(value, list):
        if "Items" in names and "Quantity" in names:  # CloudFront's way to write a list
            return {"Quantity": len(value), "Items": to_aws(value, names["Items"], rename, path)}
        if len(value) > 1:
            raise ShapeError(f"{path}: one value is allowed, got {len(value)}")
        return _structure(value[0], shape, rename, path) if value else {}
    if not isinstance(value, Mapping):
        if list(names) == ["Value"]:  # EC2's boolean and string attributes
            return {"Value": to_aws(value, names["Value"], rename, path)}
        raise ShapeError(f"{path}: expected an object with {', '.join(names)}, got {value!r}")
    result = {}
    for name, inner in value.items():
        member = find(name, names, rename)
        if member is None:
            raise ShapeError(
                f"{path}.{name}: AWS's {shape.name} has no such member; it has {', '.join(names)}"
            )
        if inner is not None:
            result[member] = to_aws(inner, names[member], rename, f"{path}.{name}")
    return result


def _number(value: Any, path: str, *, whole: bool) -> Any:
    try:
        number = float(value)
    except (TypeError, ValueError):
        raise ShapeError(f"{path}: expected a number, got {value!r}") from None
    if whole and not number.is_integer():
        raise ShapeError(f"{path}: expected a whole number, got {value!r}")
    return int(number) if whole else number


def _text(value: Any, shape: Any, path: str) -> Any:
    if isinstance(value, bool):
        value = "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if shape.type_name == "string":
        value = str(value)
        allowed = getattr(shape, "enum", None)
        if allowed and value not in allowed:
            same = next((a for a in allowed if a.lower() == value.lower()), None)
            if same is None:
                raise ShapeError(f"{path}: {value!r} is not allowed; AWS allows {', '.join(allowed)}")
            value = same
    return value


def from_aws(value: Any, type_: Any = None, rename: Mapping[str, str] | None = None) -> Any:
    """Convert an AWS response value to Pulumi's, by the type that pulumi_aws gives the property."""
    if isinstance(value, Mapping) and "Items" in value and "Quantity" in value:
        value = value["Items"]
    if isinstance(value, Mapping) and type_ is not None and schema.is_list(type_):
        value = [value]  # Pulumi has a list of at most one where AWS has a structure
    if isinstance(value, list) and schema.is_map(type_) and (pairs := _pairs(value)) is not None:
        return pairs
    if isinstance(value, list):
        inner = schema.element(type_) if schema.is_list(type_) else None
        if type_ is not None and not schema.is_list(type_):  # Pulumi flattens lists of at most one
            return from_aws(value[0], type_, rename) if value else None
        return [from_aws(v, inner, rename) for v in value]
    return _from_structure(value, type_, rename) if isinstance(value, Mapping) else _scalar(value, type_)


def _from_structure(value: Mapping[str, Any], type_: Any, rename: Mapping[str, str] | None) -> Any:
    if schema.is_scalar(type_):  # Pulumi flattens a structure, and by a rule of its own: a row says how
        return None
    if schema.is_list(type_):
        return [from_aws(value, schema.element(type_), rename)]
    known = schema.members(type_)
    if known is None:
        return {k: from_aws(v, schema.element(type_), rename) for k, v in value.items()}
    found = ((name, find(name, value, rename)) for name in known)
    return {n: from_aws(value[m], known[n], rename) for n, m in found if m is not None}


def _pairs(value: list[Any]) -> dict[str, Any] | None:
    """AWS's list of names and values as the map that Pulumi has; None when it is another list."""
    names = {name for each in value for name in each} if all(isinstance(e, Mapping) for e in value) else set()
    key = next((n for n in names if n.lower() in ("key", "name", "parametername")), None)
    other = next((n for n in names if n != key), None)
    if value and (key is None or len(names) > len((key, other))):
        return None
    return {str(each[key]): each.get(other) for each in value}


def _scalar(value: Any, type_: Any) -> Any:
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%dT%H:%M:%SZ")
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    if isinstance(value, str) and type_ is not str:
        return _of_text(value, type_)
    if type_ is str and isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if type_ is str and isinstance(value, int | float) else value


def _of_text(value: str, type_: Any) -> Any:
    """A text that stands for something else: a list with commas, a number or a truth."""
    if schema.is_list(type_):
        return value.split(",")
    plain = schema.read(value, type_) if schema.is_scalar(type_) else None
    return value if plain is None else plain

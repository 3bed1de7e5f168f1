"""Between the engine's protobuf structs and plain Python values. Unknowns are `pulumi.output.Unknown`, secrets are unwrapped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from google.protobuf import struct_pb2
from pulumi.output import UNKNOWN, Unknown

from sandbox.protocol import RESOURCE, SECRET, SIGNATURE, UNKNOWN_TEXT


def is_unknown(value: Any) -> bool:
    """Whether a value is not known yet, as all computed ones are in a preview."""
    return isinstance(value, Unknown)


def has_unknown(value: Any) -> bool:
    """Whether a value or anything in it is unknown."""
    if isinstance(value, Mapping):
        return any(has_unknown(v) for v in value.values())
    if isinstance(value, list | tuple):
        return any(has_unknown(v) for v in value)
    return is_unknown(value)


def number(value: Any) -> float | None:
    """A value as a number; None where it isn't one, or not known yet."""
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def plain(value: Any) -> Any:
    """Unwrap secrets and turn the protocol's unknown mark into `UNKNOWN`, at every depth.

    A resource given as a value is its id, as the engine has it for a provider that takes no resources; a component its URN.
    """
    if isinstance(value, str):
        return UNKNOWN if value == UNKNOWN_TEXT else value
    if isinstance(value, Mapping):
        if value.get(SIGNATURE) == SECRET:
            return plain(value.get("value"))
        if value.get(SIGNATURE) == RESOURCE:
            return (plain(value["id"]) or UNKNOWN) if "id" in value else value["urn"]
        return {k: plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    return value


def _from_value(value: struct_pb2.Value) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return {k: _from_value(v) for k, v in value.struct_value.fields.items()}
    if kind == "list_value":
        return [_from_value(v) for v in value.list_value.values]
    if kind == "number_value":
        number = value.number_value
        return int(number) if number.is_integer() else number
    return None if kind in (None, "null_value") else getattr(value, kind)


def from_struct(struct: struct_pb2.Struct) -> dict[str, Any]:
    """A protobuf struct as a dict: whole numbers are ints, nulls are left out at the top."""
    return {
        k: plain(_from_value(v)) for k, v in struct.fields.items() if v.WhichOneof("kind") != "null_value"
    }


def _encodable(value: Any) -> Any:
    if is_unknown(value):
        return UNKNOWN_TEXT
    if isinstance(value, Mapping):
        return {str(k): _encodable(v) for k, v in value.items() if v is not None}
    if isinstance(value, list | tuple):
        return [_encodable(v) for v in value]
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)


def to_struct(values: Mapping[str, Any]) -> struct_pb2.Struct:
    """A dict as a protobuf struct; nulls are left out, unknowns become the protocol's mark."""
    struct = struct_pb2.Struct()
    struct.update(_encodable(values))
    return struct


def leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Every scalar of a value with its path, e.g. `("rules.0.name", "daily")`."""
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from leaves(inner, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list | tuple):
        for index, inner in enumerate(value):
            yield from leaves(inner, f"{path}.{index}" if path else str(index))
    else:
        yield path, value

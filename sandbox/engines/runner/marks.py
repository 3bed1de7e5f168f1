"""The protocol's marks of secrets and outputs in protobuf values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from google.protobuf import struct_pb2

from sandbox.protocol import OUTPUT, SECRET, SIGNATURE, UNKNOWN_TEXT


def _mark(value: struct_pb2.Value) -> str:
    """The mark that a value carries; empty when it carries none."""
    fields = value.struct_value.fields
    return fields[SIGNATURE].string_value if SIGNATURE in fields else ""


def _inner(value: struct_pb2.Value) -> Iterator[struct_pb2.Value]:
    yield from value.struct_value.fields.values()
    yield from value.list_value.values


def is_secret(value: struct_pb2.Value) -> bool:
    """Whether a value or anything in it is secret."""
    return _mark(value) == SECRET or any(map(is_secret, _inner(value)))


def secrets(struct: struct_pb2.Struct) -> frozenset[str]:
    """Names of the top-level properties that have a secret in them."""
    return frozenset(name for name, value in struct.fields.items() if is_secret(value))


def with_secrets(struct: struct_pb2.Struct, names: frozenset[str]) -> struct_pb2.Struct:
    """Mark properties as secret, as the engine does with outputs that come from secret inputs."""
    for name in names & set(struct.fields):
        _hide(struct.fields[name])
    return struct


def _hide(value: struct_pb2.Value) -> None:
    wrapped = struct_pb2.Value()
    wrapped.struct_value.fields[SIGNATURE].string_value = SECRET
    wrapped.struct_value.fields["value"].CopyFrom(value)
    value.CopyFrom(wrapped)


def to_outputs(value: struct_pb2.Value, dependencies: Sequence[str] = ()) -> struct_pb2.Value:
    """A value in which secrets and unknown values are outputs, and itself one if it depends on resources.

    So the engine hands values to transforms: the SDK drops an unknown value that is no output.
    """
    unknown = value.WhichOneof("kind") == "string_value" and value.string_value == UNKNOWN_TEXT
    hidden = _mark(value) == SECRET
    inner = value.struct_value.fields["value"] if hidden else value
    if hidden:
        unknown = inner.string_value == UNKNOWN_TEXT
    if not (unknown or hidden or dependencies):
        return _rebuilt(value)
    found = struct_pb2.Value()
    fields = found.struct_value.fields
    fields[SIGNATURE].string_value = OUTPUT
    if not unknown:
        fields["value"].CopyFrom(_rebuilt(inner))
    if hidden:
        fields["secret"].bool_value = True
    if dependencies:
        fields["dependencies"].list_value.extend(dependencies)
    return found


def _rebuilt(value: struct_pb2.Value) -> struct_pb2.Value:
    found = struct_pb2.Value()
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        found.struct_value.SetInParent()
        for name, inner in value.struct_value.fields.items():
            found.struct_value.fields[name].CopyFrom(to_outputs(inner))
    elif kind == "list_value":
        found.list_value.SetInParent()
        found.list_value.values.extend(map(to_outputs, value.list_value.values))
    else:
        found.CopyFrom(value)
    return found


def from_outputs(value: struct_pb2.Value, dependencies: set[str]) -> struct_pb2.Value:
    """A value without outputs: they are plain, unknown or secret again, and what they depend on is added to `dependencies`."""
    if _mark(value) != OUTPUT:
        found = struct_pb2.Value()
        kind = value.WhichOneof("kind")
        if kind == "struct_value":
            found.struct_value.SetInParent()
            for name, inner in value.struct_value.fields.items():
                found.struct_value.fields[name].CopyFrom(from_outputs(inner, dependencies))
        elif kind == "list_value":
            found.list_value.SetInParent()
            found.list_value.values.extend(
                from_outputs(inner, dependencies) for inner in value.list_value.values
            )
        else:
            found.CopyFrom(value)
        return found
    fields = value.struct_value.fields
    dependencies.update(each.string_value for each in fields["dependencies"].list_value.values)
    found = (
        from_outputs(fields["value"], dependencies)
        if "value" in fields
        else struct_pb2.Value(string_value=UNKNOWN_TEXT)
    )
    if fields["secret"].bool_value:
        _hide(found)
    return found


def upgraded(struct: struct_pb2.Struct, dependencies: Mapping[str, Sequence[str]]) -> struct_pb2.Struct:
    """Properties as transforms get them; `dependencies` of each by its name."""
    return struct_pb2.Struct(
        fields={name: to_outputs(value, dependencies.get(name, ())) for name, value in struct.fields.items()}
    )

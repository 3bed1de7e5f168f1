"""The resources of the engine's policy requests."""

from __future__ import annotations

from typing import Any

from .resource import Resource
from .unknown import plain


def raw_map(struct: Any) -> dict[str, Any]:
    """A protobuf struct as a map with the engine's marks as they are, to be sent back."""
    return {name: _raw(value) for name, value in struct.fields.items()}


def _raw(value: Any) -> Any:
    kind = value.WhichOneof("kind")
    if kind == "struct_value":
        return raw_map(value.struct_value)
    if kind == "list_value":
        return [_raw(item) for item in value.list_value.values]
    return None if kind in (None, "null_value") else getattr(value, kind)


def plain_map(struct: Any) -> dict[str, Any]:
    """A protobuf struct as plain Python, with Unknown in place of what isn't known."""
    found = plain(raw_map(struct))
    return found if isinstance(found, dict) else {}


def resource_of(message: Any) -> Resource:
    """A resource from a request: of one resource, or of a stack, which says more of it."""
    stack = hasattr(message, "propertyDependencies")
    return Resource(
        type=message.type,
        urn=message.urn,
        name=message.name,
        props=plain_map(message.properties),
        protect=message.options.protect,
        parent=(message.parent if stack else "") or message.options.parent,
        dependencies=frozenset(message.dependencies) if stack else frozenset(),
        property_dependencies={
            name: frozenset(found.urns) for name, found in message.propertyDependencies.items()
        }
        if stack
        else {},
        provider=plain_map(message.provider.properties) if message.HasField("provider") else {},
    )

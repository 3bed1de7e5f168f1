"""Words (strings, numbers, nothing) on their way to and from the engine as they are, and types looked at once.

The SDK asks some twenty questions of each word within each property before it hands it on unchanged, and takes each property's type apart
anew for each resource. And it makes outputs of the parts of a URN that only a program without a monitor needs.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pulumi import _types
from pulumi.output import Output
from pulumi.runtime import resource, rpc

WORDS = frozenset({str, int, float, bool, type(None)})
_SERIALIZE = rpc.serialize_property
_DESERIALIZE = rpc.deserialize_property
_URN = resource.create_urn


async def serialize_property(value: Any, *given: Any, **more: Any) -> Any:
    """As the SDK's function of that name."""
    if type(value) in WORDS and not more.get("return_protobuf_value"):
        return value
    return await _SERIALIZE(value, *given, **more)


def deserialize_property(value: Any, *given: Any, **more: Any) -> Any:
    """As the SDK's function of that name."""
    if type(value) in WORDS and value != rpc.UNKNOWN:
        return value
    return _DESERIALIZE(value, *given, **more)


def create_urn(name: Any, type_: Any, parent: Any = None, *place: Any, **more: Any) -> Any:
    """As the SDK's function of that name."""
    if type(name) is type(type_) is type(parent) is str:
        return Output.from_input(f"{parent[: parent.rfind('::')]}${type_}::{name}")
    return _URN(name, type_, parent, *place, **more)


def _once(look: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """The same look at a type, remembered; by what it is and not by what it equals: `A | B` equals `B | A`."""
    known: dict[int, tuple[Any, Any]] = {}

    def looked(val: Any) -> Any:
        found = known.get(id(val))
        if found is None:
            # The type is kept, so that nothing else can have its number.
            found = known[id(val)] = (val, look(val))
        return found[1]

    return looked


unwrap_type = _once(_types.unwrap_type)
unwrap_optional_type = _once(_types.unwrap_optional_type)


def carry_as_they_are() -> None:
    """Have the SDK do so in this process."""
    rpc.serialize_property = serialize_property
    rpc.deserialize_property = deserialize_property
    resource.create_urn = create_urn
    _types.unwrap_type = unwrap_type  # type: ignore[assignment]
    _types.unwrap_optional_type = unwrap_optional_type  # type: ignore[assignment]

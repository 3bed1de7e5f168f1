"""What the installed pulumi_aws classes say about a resource type: its inputs, its outputs, whether it takes a region."""

from __future__ import annotations

import functools
import importlib
import inspect
import threading
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import _types


@dataclass(frozen=True)
class Schema:
    """The wire names and Python types of one resource type."""

    inputs: frozenset[str]
    outputs: Mapping[str, Any]
    required: frozenset[str]

    @property
    def regional(self) -> bool:
        """Whether the resource takes a `region`."""
        return "region" in self.inputs

    @property
    def takes_tags(self) -> bool:
        """Whether `tags` is a map (an Auto Scaling group's is a list of objects)."""
        return typing.get_origin(_types.unwrap_optional_type(self.outputs.get("tags", str))) is not None and (
            "Mapping" in str(self.outputs["tags"])
        )


_LOADING = threading.Lock()


@functools.cache
def resource_class(token: str) -> type:
    """The pulumi_aws class of an `aws:module/name:Class` token; raises LookupError when there is none.

    One thread at a time: the modules of pulumi_aws are lazy, and a second thread would see them half loaded.
    """
    with _LOADING:
        return _load(token)


def _load(token: str) -> type:
    try:
        package, module, name = token.split(":")
        room = module.split("/")[0]
        home = importlib.import_module(f"pulumi_{package}" if room == "index" else f"pulumi_{package}.{room}")
        return typing.cast("type", getattr(home, name))
    except (ValueError, AttributeError, ModuleNotFoundError) as error:
        raise LookupError(f"{token} is no resource type of the installed pulumi_aws") from error


@functools.cache
def schema(token: str) -> Schema:
    """Read the schema of a resource type from its class."""
    cls = resource_class(token)
    names = _types.resource_py_to_pulumi_names(cls)
    signature = inspect.signature(cls._internal_init)  # type: ignore[attr-defined]
    skip = {"__self__", "resource_name", "opts", "__props__"}
    inputs = frozenset(names.get(p, p) for p in signature.parameters if p not in skip)
    return Schema(inputs=inputs, outputs=_types.resource_types(cls), required=frozenset())


def members(type_: Any) -> Mapping[str, Any] | None:
    """Wire name -> type of a nested output class; None for anything else."""
    bare = _types.unwrap_optional_type(type_) if type_ is not None else None
    if isinstance(bare, type) and _types.is_output_type(bare):
        return _types.output_type_types(bare)
    return None


def element(type_: Any) -> Any:
    """The element type of a sequence or the value type of a mapping; None when it is neither."""
    bare = _types.unwrap_optional_type(type_) if type_ is not None else None
    arguments = typing.get_args(bare)
    return arguments[-1] if arguments else None


def is_list(type_: Any) -> bool:
    """Whether a property's type is a sequence."""
    bare = _types.unwrap_optional_type(type_) if type_ is not None else None
    origin = typing.get_origin(bare)
    return origin is not None and issubclass(
        origin, typing.cast("type", typing.get_origin(typing.Sequence[str]))
    )

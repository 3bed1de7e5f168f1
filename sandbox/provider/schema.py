"""What the installed pulumi_aws classes say about a resource type: its inputs, its outputs, whether it takes a region."""

from __future__ import annotations

import functools
import importlib
import inspect
import keyword
import re
import sys
import threading
import typing
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pulumi import _types

APART = frozenset({"region", "tags", "tagsAll"})
"""Inputs that are no call's by name: the engine and what a row says of tags see to them."""


@dataclass(frozen=True)
class Schema:
    """The wire names and Python types of one resource type."""

    inputs: frozenset[str]
    outputs: Mapping[str, Any]
    required: frozenset[str]
    """Inputs that pulumi_aws insists on."""
    order: tuple[str, ...]
    """Inputs, in the order of the class's arguments: the required ones first."""

    def is_text(self, name: str) -> bool:
        """Whether a property is one string."""
        return is_text(self.outputs.get(name, str))

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
        place = module.split("/")[0]
        home = importlib.import_module(
            f"pulumi_{package}" if place == "index" else f"pulumi_{package}.{room(place)}"
        )
        return typing.cast("type", getattr(home, name))
    except (ValueError, AttributeError, ModuleNotFoundError) as error:
        raise LookupError(f"{token} is no resource type of the installed pulumi_aws") from error


def room(module: str) -> str:
    """The Python module of a token's module: `aws:lambda/...` is `pulumi_aws.lambda_`."""
    return module + "_" * keyword.iskeyword(module)


@functools.cache
def schema(token: str) -> Schema:
    """Read the schema of a resource type from its class."""
    cls = resource_class(token)
    names = _types.resource_py_to_pulumi_names(cls)
    skip = {"__self__", "resource_name", "opts", "__props__"}
    given = {n: p for n, p in inspect.signature(_arguments(cls)).parameters.items() if n not in skip}
    return Schema(
        inputs=frozenset(names.get(n, n) for n in given),
        outputs=_types.resource_types(cls),
        required=frozenset(names.get(n, n) for n, p in given.items() if p.default is inspect.Parameter.empty),
        order=tuple(names.get(n, n) for n in given),
    )


def _arguments(cls: Any) -> Any:
    """What takes a class's arguments: the constructor of its `...Args`, which knows what is required."""
    home = importlib.import_module(cls.__module__)
    names = (
        f"{cls.__name__}InitArgs",
        f"{cls.__name__}Args",
    )  # the first where a nested type has the second's name
    arguments = next((getattr(home, name) for name in names if hasattr(home, name)), None)
    return arguments.__init__ if arguments is not None else cls._internal_init


@functools.cache
def wire_names(token: str) -> Mapping[str, str]:
    """Every property's name in Python, to Pulumi's."""
    return {"id": "id", **_types.resource_py_to_pulumi_names(resource_class(token))}


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


def is_map(type_: Any) -> bool:
    """Whether a property's type is a map of names that the user chooses."""
    bare = _types.unwrap_optional_type(type_) if type_ is not None else None
    origin = typing.get_origin(bare)
    return isinstance(origin, type) and issubclass(origin, Mapping)


@functools.cache
def insists(type_: Any) -> frozenset[str]:
    """The properties of a nested type that pulumi_aws insists on as an input: those its `...Args` have no default for."""
    bare = _types.unwrap_optional_type(type_)
    arguments = getattr(
        sys.modules.get(bare.__module__.replace(".outputs", "._inputs")), f"{bare.__name__}Args", None
    )
    if arguments is None:
        return frozenset()
    names = {py: wire for py, wire, _ in _types._py_properties(arguments)}  # noqa: SLF001  as pulumi itself reads them
    parameters = inspect.signature(arguments.__init__).parameters.values()
    return frozenset(
        names[p.name] for p in parameters if p.default is inspect.Parameter.empty and p.name in names
    )


def is_number(type_: Any) -> bool:
    """Whether a property's type is a number."""
    return (_types.unwrap_optional_type(type_) if type_ is not None else None) in (int, float)


def is_text(type_: Any) -> bool:
    """Whether a property's type is one string."""
    return (_types.unwrap_optional_type(type_) if type_ is not None else None) is str


def read(text: str, type_: Any) -> str | int | float | bool | None:
    """A value as documentation writes it, in the property's type; None when it does not fit."""
    bare = _types.unwrap_optional_type(type_) if type_ is not None else None
    if bare is bool:
        return {"true": True, "false": False}.get(text.lower())
    if bare in (int, float):
        return (
            bare(text)
            if re.fullmatch(r"-?\d+(\.\d+)?", text) and (bare is float or "." not in text)
            else None
        )
    return text if bare is str else None


def is_scalar(type_: Any) -> bool:
    """Whether a property's type is one text, number or truth."""
    return (_types.unwrap_optional_type(type_) if type_ is not None else None) in (str, int, float, bool)


@functools.cache
def default(token: str, name: str) -> Any:
    """The default that the class's documentation states for an input; None when it states none."""
    attribute = next((py for py, wire in wire_names(token).items() if wire == name), name)
    getter = getattr(resource_class(token), attribute, None)
    text = getattr(getattr(getter, "fget", None), "__doc__", None) or ""
    told = re.search(r"Defaults? (?:value )?(?:to|is) `\"?([^`\"<>${}]+)\"?`", " ".join(text.split()))
    return read(told.group(1), schema(token).outputs.get(name)) if told else None

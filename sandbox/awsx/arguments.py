"""Refuses arguments that awsx does not know, by the input classes of pulumi_awsx and pulumi_aws."""

from __future__ import annotations

import typing
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from pulumi import _types


class ArgumentError(ValueError):
    """An argument that a component can't take; the message names component, argument and what is allowed."""


def input_class(type_: Any) -> type | None:
    """The input class in a property's type: itself, or that of a sequence's, a mapping's or a union's members; None for plain values."""
    if isinstance(type_, type) and _types.is_input_type(type_):
        return type_
    found = (input_class(inner) for inner in typing.get_args(type_))
    return next((each for each in found if each is not None), None)


def check(component: str, args: Mapping[str, Any], cls: type) -> None:
    """Raise ArgumentError for the first argument, at any depth, that `cls` does not have. Outputs are not looked into."""
    for path, allowed in _unknown(args, cls, ""):
        raise ArgumentError(f"{component}: unknown argument {path}; allowed are {', '.join(sorted(allowed))}")


def _unknown(args: Mapping[str, Any], cls: type, path: str) -> Iterator[tuple[str, Sequence[str]]]:
    types = _types.input_type_types(cls)
    for name, value in args.items():
        if name not in types:
            yield f"{path}{name}", list(types)
        else:
            yield from _inside(value, types[name], f"{path}{name}")


def _inside(value: Any, type_: Any, path: str) -> Iterator[tuple[str, Sequence[str]]]:
    cls = input_class(type_)
    if cls is None:
        return
    if isinstance(value, list | tuple):
        for position, inner in enumerate(value):
            yield from _inside(inner, cls, f"{path}[{position}]")
    elif isinstance(value, Mapping) and typing.get_origin(type_) is not None and _is_mapping(type_):
        for key, inner in value.items():
            yield from _inside(inner, cls, f"{path}.{key}")
    elif isinstance(value, Mapping):
        yield from _unknown(value, cls, f"{path}.")


def _is_mapping(type_: Any) -> bool:
    origin = typing.get_origin(type_)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def only_one(component: str, args: Mapping[str, Any], *names: str, needed: bool = False) -> None:
    """Raise ArgumentError when more than one of `names` is given, or none although one is `needed`."""
    given = [name for name in names if args.get(name) is not None]
    if len(given) > 1:
        raise ArgumentError(f"{component}: got {' and '.join(given)}, allowed is one of {', '.join(names)}")
    if needed and not given:
        raise ArgumentError(f"{component}: got none of {', '.join(names)}, exactly one is needed")

"""YAML files, read as the Pulumi CLI's reader takes them: Go's yaml.v3.

https://pkg.go.dev/gopkg.in/yaml.v3#readme-compatibility. What differs from PyYAML: `yes`, `no`, `on` and `off` are words,
`1e3` is a number, `12:30` is text, a key may stand once in a map, and dates become the text that Go prints of them.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from sandbox.engines.model import EngineError

_TAG = "tag:yaml.org,2002:"
_RESOLVED = {
    "bool": (re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), "tTfF"),
    "float": (
        re.compile(
            r"^(?:[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$"
        ),
        "-+.0123456789",
    ),
    "int": (re.compile(r"^[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|0|[1-9][0-9_]*)$"), "-+0123456789"),
}
"""Kind of scalar -> what it looks like, and with which characters it begins. A whole number is looked for first."""


class _Loader(yaml.SafeLoader):  # type: ignore[misc]
    """A SafeLoader with Go's scalars and without keys that stand twice."""

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Refuse a key that stands twice; one that a merge (`<<`) brings may be given again."""
        lines: dict[str, int] = {}
        for key, _ in node.value:
            line = key.start_mark.line + 1
            if key.value == "<<" or not isinstance(key, yaml.ScalarNode):
                continue
            if key.value in lines:
                twice = f"key {key.value!r} stands twice, in lines {lines[key.value]} and {line}: keep one"
                raise EngineError(twice)
            lines[key.value] = line
        found: dict[Hashable, Any] = super().construct_mapping(node, deep)
        return found


def _whole(loader: Any, node: Any) -> int:
    text = loader.construct_scalar(node).replace("_", "")
    sign, digits = (-1, text[1:]) if text[0] == "-" else (1, text.lstrip("+"))
    octal = re.fullmatch(r"0o?([0-7]+)", digits)
    return sign * (int(octal[1], 8) if octal else int(digits, 0))


def _number(loader: Any, node: Any) -> float:
    number: float = loader.construct_yaml_float(node)
    return int(number) if number.is_integer() else number  # Go prints 1e3 and 1.0 without a fraction


def _date(loader: Any, node: Any) -> str:
    when = loader.construct_yaml_timestamp(node)
    time = when if isinstance(when, dt.datetime) else dt.datetime.combine(when, dt.time(), dt.UTC)
    return f"{time:%Y-%m-%d %H:%M:%S} +0000 UTC"


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag.removeprefix(_TAG) not in _RESOLVED]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
for _kind in ("bool", "int", "float"):
    _Loader.add_implicit_resolver(_TAG + _kind, *_RESOLVED[_kind])
_Loader.add_constructor(f"{_TAG}int", _whole)
_Loader.add_constructor(f"{_TAG}float", _number)
_Loader.add_constructor(f"{_TAG}timestamp", _date)


def read_yaml(path: Path) -> dict[str, Any]:
    """Read a YAML file that holds a map. Raises EngineError when it can't be read or holds something else."""
    try:
        document = yaml.load(path.read_text(encoding="utf-8"), _Loader)  # noqa: S506 - a SafeLoader
    except (OSError, UnicodeDecodeError) as error:
        raise EngineError(f"{path} can't be read: {error}") from error
    except EngineError as error:
        raise EngineError(f"{path.name}: {error}") from None
    except (yaml.YAMLError, ValueError) as error:
        raise EngineError(f"{path.name} is not YAML: {' '.join(str(error).split())}") from error
    if document is None:
        return {}
    if not isinstance(document, dict):
        raise EngineError(f"{path.name} must be a mapping, got {type(document).__name__}")
    return document

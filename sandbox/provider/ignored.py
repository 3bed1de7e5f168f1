"""`ignoreChanges`: paths of properties whose changes don't count."""

from __future__ import annotations

import copy
import re
from collections.abc import Iterable, Mapping
from typing import Any

_STEP = re.compile(r'\[(\d+|\*)\]|\["((?:[^"\\]|\\.)*)"\]|\.?([^.\[\]]+)')


def ignoring(paths: Iterable[str], olds: Mapping[str, Any], news: Mapping[str, Any]) -> dict[str, Any]:
    """The new inputs, with what the paths name as it was. A path is `a.b[0]["c"]`; `*` stands for all."""
    fresh = copy.deepcopy(dict(news))
    for path in paths:
        _reset(_steps(path), olds, fresh)
    return fresh


def _steps(path: str) -> list[str | int]:
    found = []
    for index, quoted, name in _STEP.findall(path):
        found.append(int(index) if index.isdigit() else index or quoted.replace('\\"', '"') or name)
    return found


def _reset(steps: list[str | int], old: Any, new: Any) -> None:
    first, *rest = steps
    for key in _keys(old, new) if first == "*" else [first]:
        was, there = _get(old, key), isinstance(new, dict | list)
        if rest:
            _reset(rest, was, _get(new, key))
        elif was is not None and there and (isinstance(new, dict) or int(key) < len(new)):
            new[key] = copy.deepcopy(was)
        elif isinstance(new, dict):
            new.pop(key, None)


def _keys(*values: Any) -> list[Any]:
    """Every name or place in any of the values."""
    found: dict[Any, None] = {}
    for value in values:
        found |= dict.fromkeys(value if isinstance(value, Mapping) else range(len(value or ())))
    return list(found)


def _get(value: Any, key: Any) -> Any:
    if isinstance(value, Mapping):
        return value.get(key)
    return value[key] if isinstance(value, list) and isinstance(key, int) and key < len(value) else None

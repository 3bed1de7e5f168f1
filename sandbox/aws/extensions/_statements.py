"""What a policy's statements let a service do, as far as AWS looks when something is made that relies on it."""

from __future__ import annotations

import fnmatch
import json
from collections.abc import Iterable, Mapping
from typing import Any


def statements(document: str | Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The statements of a policy, written out or read already."""
    policy = json.loads(document) if isinstance(document, str) else document
    return _list(policy.get("Statement", []))


def lets(found: Iterable[Mapping[str, Any]], service: str, action: str, resource: str = "") -> bool:
    """Whether one of the statements lets a service do an action; of a resource only where the policy names resources."""
    return any(
        each.get("Effect") == "Allow"
        and _names(each.get("Principal"), service)
        and _fits(each.get("Action", []), action.lower(), lower=True)
        and (not resource or _fits(each.get("Resource", "*"), resource))
        for each in found
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _names(principal: Any, service: str) -> bool:
    named = _list(principal.get("Service", [])) if isinstance(principal, Mapping) else _list(principal)
    return service in named or "*" in named


def _fits(patterns: Any, value: str, *, lower: bool = False) -> bool:
    return any(fnmatch.fnmatchcase(value, str(p).lower() if lower else str(p)) for p in _list(patterns))

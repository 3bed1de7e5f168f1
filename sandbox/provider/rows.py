"""The row of every type, and what becomes of inputs that none of its calls takes."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sandbox.provider import derived, services
from sandbox.provider.schema import schema
from sandbox.provider.table import Resource
from sandbox.provider.takes import spoken_of

TWINS = ((re.compile(r"aws:s3/(\w+)V2:(\w+)V2"), r"aws:s3/\1:\2"), (re.compile("aws:alb/"), "aws:lb/"))
"""Types that pulumi_aws has under two names."""


def row(token: str) -> Resource:
    """The table's row of a type or its twin, else one derived from its name; ProviderError when nothing makes it."""
    found = services.resources().get(token)
    twin = next((pattern.sub(name, token) for pattern, name in TWINS if pattern.match(token)), "")
    if found is None and twin in services.resources():
        return replace(services.resources()[twin], token=token)
    return found or derived.row(token)


def refused(row: Resource, inputs: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Inputs that nothing of the row takes: refused, or, where the row keeps them, judged as those of a recorded type are."""
    left = _left(row, inputs)
    if not row.keeps:
        return [(name, f"the sandbox does not simulate {name}") for name in sorted(left)]
    found = derived.row(row.token).findings(left)[1].wrong
    return [(path, reason) for path, reason in found if path.split(".")[0].split("[")[0] in left]


def unchecked(token: str, inputs: Mapping[str, Any]) -> tuple[str, ...]:
    """Paths of properties that no member of AWS's API was found for, so that nothing judged them."""
    found = row(token)
    left = inputs if isinstance(found, derived.Derived) else _left(found, inputs) if found.keeps else {}
    return tuple(dict.fromkeys(derived.row(token).findings(left)[1].unchecked)) if left else ()


def _left(row: Resource, inputs: Mapping[str, Any]) -> dict[str, Any]:
    if isinstance(row, derived.Derived):
        return {
            name: value
            for name, value in inputs.items()
            if name not in schema(row.token).inputs | {"tagsAll"}
        }
    return {name: value for name, value in inputs.items() if name not in spoken_of(row)}

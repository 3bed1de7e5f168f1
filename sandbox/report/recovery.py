"""Recovery time and data loss of all stacks of one command, judged as one system by the pack's own estimator."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from policies import recovery
from policies.recovery import Report
from sandbox.engines.model import UNKNOWN, Resource, StackResult

_INTERNAL = "pulumi:pulumi:StackReference"
OUTPUTS = ("recovery", "recovery_peers")
"""Outputs that stacks tell each other's judgement by; people read the table instead."""


def judged(results: Iterable[StackResult]) -> Report | None:
    """Judge what the command planned or deployed; None when it did neither to any stack, or failed before the end."""
    known = [result for result in results if result.resources]
    if not known or not all(result.ok or result.violations for result in known):
        return None
    return recovery.judge(
        _converted(found) for result in known for found in result.resources if found.type != _INTERNAL
    )


def _converted(found: Resource) -> recovery.Resource:
    return recovery.Resource(
        type=found.type,
        name=found.name,
        urn=found.urn,
        props=_plain({**found.inputs, **found.outputs}),
        parent=found.parent,
        dependencies=frozenset(found.dependencies),
        property_dependencies={name: frozenset(urns) for name, urns in found.property_dependencies.items()},
        id=found.id,
    )


def _plain(value: Any) -> Any:
    """Unknown values in the estimator's own form."""
    if value == UNKNOWN:
        return recovery.UNKNOWN
    if isinstance(value, Mapping):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value

"""Recovery time and data loss of all stacks of one command, judged as one system by the pack's own estimator."""

from __future__ import annotations

from collections.abc import Iterable

from policies import recovery
from policies.graph import plain
from policies.recovery import Report
from sandbox.engines.model import Resource, StackResult

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
        props=plain({**found.inputs, **found.outputs}),
        parent=found.parent,
        dependencies=frozenset(found.dependencies),
        property_dependencies={name: frozenset(urns) for name, urns in found.property_dependencies.items()},
        id=found.id,
    )

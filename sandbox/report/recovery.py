"""Recovery time and data loss of all stacks of one command, judged as one system by the pack's own estimator."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from policies import recovery
from policies.graph import plain
from policies.recovery import Report
from sandbox.engines.model import Resource, StackResult

_INTERNAL = "pulumi:pulumi:StackReference"
OUTPUTS = ("recovery", "recovery_peers")
"""Outputs that stacks tell each other's judgement by; people read the table instead."""


def judged(results: Sequence[StackResult], asked: Iterable[str]) -> Report | None:
    """Judge what the command planned or deployed; None unless each stack that was asked for is there as a whole."""
    if not results or missing(results, asked):
        return None
    return recovery.judge(
        _converted(found) for result in results for found in result.resources if found.type != _INTERNAL
    )


def missing(results: Iterable[StackResult], asked: Iterable[str]) -> list[str]:
    """Stacks that failed half-way, or that the command never came to. What a policy stops is planned to its end all the same."""
    whole = {result.name for result in results if result.resources and not result.errors}
    return [name for name in asked if name not in whole]


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

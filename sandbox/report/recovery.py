"""Recovery time and data loss of all stacks of one command, judged as one system by the pack's own estimator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from policies import recovery
from policies.graph import plain
from policies.recovery import Report, Settings
from policies.recovery import releases as bad
from sandbox.engines.model import EngineError, Resource, StackResult

_INTERNAL = "pulumi:pulumi:StackReference"
_RULE = "recovery-objectives"
OUTPUTS = ("recovery", "recovery_peers")
"""Outputs that stacks tell each other's judgement by; people read the table instead."""


def objectives(config: Mapping[str, Any]) -> Settings:
    """The estimator's settings in a configuration of the policy pack. Raises EngineError for one that it refuses."""
    given = config.get(_RULE)
    try:
        return recovery.settings_of_rule(given if isinstance(given, Mapping) else {})
    except ValueError as error:
        raise EngineError(f"--policy-pack-config: {_RULE}: {error}") from error


def judged(
    results: Sequence[StackResult], asked: Iterable[str], settings: Settings | None = None
) -> Report | None:
    """Judge what the command planned or deployed; None unless each stack that was asked for is there as a whole."""
    if not results or missing(results, asked):
        return None
    return recovery.judge(_resources(results), settings)


def releases(results: Sequence[StackResult]) -> list[dict[str, Any]]:
    """What a bad release of each service of containers takes to be taken back."""
    return [each.as_json() for each in bad.releases(_resources(results))]


def _resources(results: Sequence[StackResult]) -> Iterator[recovery.Resource]:
    return (_converted(found) for result in results for found in result.resources if found.type != _INTERNAL)


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

"""Recovery time and data loss against what the resources promise, before anything is deployed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from policies import recovery
from policies.graph import Resource

from .kernel.rule import Context, Finding, Scope, rule

_OBJECTIVE: Final = {"type": "number", "minimum": 0}
_TIER: Final = {
    "type": "object",
    "additionalProperties": False,
    "properties": dict.fromkeys(sorted(recovery.OBJECTIVES), _OBJECTIVE),
}
_OPTIONS: Final[Mapping[str, Mapping[str, Any]]] = {
    "tiers": {
        "type": "object",
        "additionalProperties": False,
        "properties": {"1": _TIER, "2": _TIER, "3": _TIER},
        "default": {tier: dict(given) for tier, given in recovery.DEFAULT_TIERS.items()},
        "description": "objectives where tags say nothing: rto-hours and rpo-minutes, with -instance, -zone, -region or "
        "-corruption for one failure only",
    },
    "defaultTier": {
        "type": "integer",
        "enum": [1, 2, 3],
        "default": 3,
        "description": "tier of a resource without the tag dr-tier",
    },
    "figures": {
        "type": "object",
        "default": {},
        "description": "figures of docs/recovery.md by key: a number, or an object with low, high and grade",
    },
    "dataGib": {
        "type": "number",
        "minimum": 0,
        "default": 0,
        "description": "GiB assumed for a store that says nothing of its size; 0 leaves its restore undetermined",
    },
}


_MARKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "system": {
        "type": "string",
        "minLength": 1,
        "description": "only what belongs to this system, as the recovery table calls it, or a pattern with * and ?",
    },
    "failure": {
        "type": "string",
        "enum": [str(failure) for failure in recovery.Failure],
        "description": "only this failure",
    },
}


@rule("recovery-objectives", scope=Scope.STACK, options=_OPTIONS, marks=_MARKS)
def recovery_objectives(_stack: Resource, context: Context) -> Iterator[Finding]:
    """Fails on breached and unattainable, and on at risk in tier 1. What can't be known yet is advice."""
    try:
        settings = recovery.settings_of_rule(context.options.raw)
    except ValueError as error:
        yield Finding(
            f"its configuration can't be used: {error}.",
            remedy="Correct the pack's configuration of this rule.",
        )
        return
    report = recovery.judge(context.graph, settings)
    for found in recovery.violations(report):
        yield Finding(_named(found, context), urn=found.urn, remedy="", marks=_marks(found))
    for found in recovery.undetermined(report):
        yield Finding(
            f"{_named(found, context)}.", urn=found.urn, advice=True, remedy="", marks=_marks(found)
        )


def _named(found: recovery.Violation, context: Context) -> str:
    """The message; of a resource of another stack with its name, which the pack can't add."""
    return found.message if found.urn in context.graph.by_urn else f"{found.name}: {found.message}"


def _marks(found: recovery.Violation) -> Mapping[str, str]:
    return {"system": found.system, "failure": str(found.failure)}

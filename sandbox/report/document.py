"""The result of a command as one JSON document."""

from __future__ import annotations

from typing import Any

from policies.recovery import Report
from sandbox.engines.model import HIDDEN, UNKNOWN, StackResult

PENDING = "[unknown until deployed]"


def shown(result: StackResult) -> dict[str, Any]:
    """A stack's outputs as they may be shown: secrets hidden, unknown ones said to be so."""
    return {
        name: HIDDEN if name in result.secrets else _known(value)
        for name, value in sorted(result.outputs.items())
    }


def _known(value: Any) -> Any:
    if value == UNKNOWN:
        return PENDING
    if isinstance(value, dict):
        return {key: _known(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_known(inner) for inner in value]
    return value


def _unchecked(result: StackResult) -> dict[str, dict[str, list[str]]]:
    """Properties of recorded resources that nothing judged, by type and URN."""
    found: dict[str, dict[str, list[str]]] = {}
    for resource in result.resources:
        if resource.unchecked:
            found.setdefault(resource.type, {})[resource.urn] = list(resource.unchecked)
    return found


def document(
    engine: str, seconds: float, results: list[StackResult], errors: list[str], recovery: Report | None = None
) -> dict[str, Any]:
    """Engine, seconds, recovery, and for each stack its resources, unchecked properties, drift, policy violations, outputs and errors."""
    return {
        "engine": engine,
        "seconds": round(seconds, 2),
        "errors": errors,
        "recovery": recovery.as_json() if recovery else None,
        "stacks": {
            result.name: {
                "resources": [
                    {"urn": found.urn, "type": found.type, "kind": found.kind} for found in result.resources
                ],
                "unchecked": _unchecked(result),
                "changes": result.changes,
                "steps": result.steps,
                "drift": result.drift,
                "violations": [
                    {"rule": v.rule, "urn": v.urn, "message": v.message, "level": v.level}
                    for v in result.violations
                ],
                "outputs": shown(result),
                "errors": result.errors,
            }
            for result in results
        },
    }

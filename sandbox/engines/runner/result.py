"""What a job's answer means for its stack."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sandbox.engines.model import UNKNOWN, Resource, StackResult, Violation
from sandbox.engines.runner.job import Job


def result_of(job: Job, answer: Mapping[str, Any]) -> StackResult:
    """Read the answer; after a failed deployment only what was made stays among the resources."""
    result = StackResult(
        name=job.stack,
        resources=[
            Resource(**{**found, "secrets": frozenset(found["secrets"])}) for found in answer["resources"]
        ],
        outputs=answer["outputs"],
        secrets=frozenset(answer["secrets"]),
        violations=[Violation(**found) for found in answer["violations"]],
        errors=answer["errors"],
        changes={"create": len(answer["made"])},
        steps=dict.fromkeys(answer["made"], "create"),
        policy_checked=answer["policy_checked"],
        preview=job.preview,
    )
    if not job.preview and result.errors:
        made = set(answer["made"])
        result.resources = [found for found in result.resources if found.urn in made]
        result.errors.append(_made_so_far(answer["made"]))
    if (
        not job.preview
        and any(UNKNOWN in str(value) for value in result.outputs.values())
        and not result.errors
    ):
        result.errors.append("outputs are still unknown after the deployment: " + ", ".join(result.outputs))
    return result


def _made_so_far(urns: list[str]) -> str:
    if not urns:
        return "Nothing had been created."
    return "\n".join(
        [f"Created before the error ({len(urns)}), and still there until `python -m sandbox down`:", *urns]
    )

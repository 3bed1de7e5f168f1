"""Experiments that stop by themselves, hit only what opted in, and leave a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .kernel.rule import Context, Finding, rule

_TEMPLATE: Final = "aws:fis/experimentTemplate:ExperimentTemplate"


@rule("fis-experiment-template-stop-condition", _TEMPLATE)
def fis_experiment_template_stop_condition(resource: Resource, _context: Context) -> Iterator[Finding]:
    """`none` is no condition."""
    sources = [each.text("source") for each in resource.known.views("stopConditions")]
    if "aws:cloudwatch:alarm" not in sources:
        yield Finding("its stop conditions name no alarm.")


@rule("fis-experiment-template-tag-filter", _TEMPLATE)
def fis_experiment_template_tag_filter(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Targets named by ARN are chosen one by one: advice."""
    for target in resource.known.views("targets"):
        if not target.has("resourceTags"):
            yield Finding(
                f"target {target.get('name')} has no resource tag.", advice=target.has("resourceArns")
            )


@rule("fis-experiment-template-log", _TEMPLATE)
def fis_experiment_template_log(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Either destination."""
    log = resource.known.view("logConfiguration")
    if not (log.has("cloudwatchLogsConfiguration") or log.has("s3Configuration")):
        yield Finding("it has no log.")

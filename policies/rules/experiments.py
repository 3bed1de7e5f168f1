"""Experiments that stop by themselves, hit only what opted in, and leave a record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import Resource

from .kernel.rule import ALL, Context, Finding, Severity, rule

_TEMPLATE: Final = "aws:fis/experimentTemplate:ExperimentTemplate"
_CHAOS: Final = "REL12-BP04 Test resiliency using chaos engineering"


@rule(
    "fis-experiment-template-stop-condition",
    _TEMPLATE,
    severity=Severity.HIGH,
    tiers=ALL,
    why="An experiment without a stop condition goes on while customers suffer.",
    remedy="Add a stop condition with an alarm (source aws:cloudwatch:alarm).",
    page="https://docs.aws.amazon.com/fis/latest/userguide/stop-conditions.html",
    pillar=_CHAOS,
    principles=("R62",),
)
def fis_experiment_template_stop_condition(resource: Resource, _context: Context) -> Iterator[Finding]:
    """`none` is no condition."""
    sources = [each.text("source") for each in resource.known.views("stopConditions")]
    if "aws:cloudwatch:alarm" not in sources:
        yield Finding("its stop conditions name no alarm.")


@rule(
    "fis-experiment-template-tag-filter",
    _TEMPLATE,
    severity=Severity.HIGH,
    tiers=ALL,
    why="A target without a tag takes in whatever matches next year as well: only what has opted in may be hit.",
    remedy="Select targets by resource tags.",
    page="https://docs.aws.amazon.com/fis/latest/userguide/targets.html",
    pillar=_CHAOS,
)
def fis_experiment_template_tag_filter(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Targets named by ARN are chosen one by one: advice."""
    for target in resource.known.views("targets"):
        if not target.has("resourceTags"):
            yield Finding(
                f"target {target.get('name')} has no resource tag.", advice=target.has("resourceArns")
            )


@rule(
    "fis-experiment-template-log",
    _TEMPLATE,
    severity=Severity.MEDIUM,
    tiers=ALL,
    why="An experiment without a log proves nothing and can't be told from an incident.",
    remedy="Set log_configuration to a log group or a bucket.",
    page="https://docs.aws.amazon.com/fis/latest/userguide/monitoring-logging.html",
    pillar=_CHAOS,
)
def fis_experiment_template_log(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Either destination."""
    log = resource.known.view("logConfiguration")
    if not (log.has("cloudwatchLogsConfiguration") or log.has("s3Configuration")):
        yield Finding("it has no log.")

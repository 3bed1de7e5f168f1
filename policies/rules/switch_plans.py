"""ARC Region switch plans that can keep their objective."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from policies.graph import NotKnownError, Resource, Unknown, View, as_number

from .kernel.rule import Context, Finding, rule

_PLAN: Final = "aws:arcregionswitch/plan:Plan"
_PAGE: Final = "https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html"


def step_minutes(step: View) -> float:
    """The longest that a step may take when a region is lost, minutes: its time-out, and of parallel steps the longest.

    0 when it names none, or is left out then.
    """
    longest = 0.0
    for name in step.raw:
        if not name.endswith("Configs"):
            continue
        for config in step.views(name):
            if any(each.text("behavior") == "skip" for each in config.views("ungracefuls")):
                continue
            inner = (
                [step_minutes(each) for each in config.views("steps")] if name == "parallelConfigs" else []
            )
            longest = max([longest, config.number("timeoutMinutes"), *inner])
    return longest


def _objective(resource: Resource) -> float | None:
    """Minutes: the tag `rto-hours`, or the plan's own objective, whichever is less. None when neither is given."""
    found = [resource.known.number("recoveryTimeObjectiveMinutes")]
    hours = resource.tags.get("rto-hours")
    if isinstance(hours, Unknown):
        raise NotKnownError("tags.rto-hours")
    found.append((as_number(hours) or 0) * 60)
    return min((minutes for minutes in found if minutes > 0), default=None)


@rule("arcregionswitch-plan-within-objective", _PLAN)
def arcregionswitch_plan_within_objective(resource: Resource, _context: Context) -> Iterator[Finding]:
    """Each step, and each workflow's critical path."""
    objective = _objective(resource)
    if objective is None:
        return
    for workflow in resource.known.views("workflows"):
        steps = [(step.text("name"), step_minutes(step)) for step in workflow.views("steps")]
        for name, minutes in steps:
            if minutes > objective:
                yield Finding(f"step {name} may take {minutes:g} min, the objective is {objective:g} min.")
        total = sum(minutes for _, minutes in steps)
        if total > objective >= max((minutes for _, minutes in steps), default=0):
            yield Finding(f"its steps may take {total:g} min in all, the objective is {objective:g} min.")


@rule("arcregionswitch-plan-alarms-separate", _PLAN)
def arcregionswitch_plan_alarms_separate(resource: Resource, _context: Context) -> Iterator[Finding]:
    """By the identifier of the alarm; the names that triggers use must be of type trigger."""
    kinds: dict[str, set[object]] = {"trigger": set(), "applicationHealth": set()}
    types: dict[str, str] = {}
    for alarm in resource.known.views("associatedAlarms"):
        kind = alarm.text("alarmType")
        types[alarm.text("mapBlockKey")] = kind
        if alarm.known("resourceIdentifier"):
            kinds.setdefault(kind, set()).add(alarm.text("resourceIdentifier"))
    for shared in sorted(map(str, kinds["trigger"] & kinds["applicationHealth"])):
        yield Finding(f"{shared} is both trigger and applicationHealth.")
    for trigger in resource.known.views("triggers"):
        for condition in trigger.views("conditions"):
            name = condition.text("associatedAlarmName")
            if types.get(name) != "trigger":
                yield Finding(f"a trigger waits for {name}, which is no alarm of type trigger.")

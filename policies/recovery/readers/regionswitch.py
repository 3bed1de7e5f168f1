"""ARC Region switch plans: which steps they take, and whether an alarm starts them.

https://docs.aws.amazon.com/r53recovery/latest/dg/region-switch.html
"""

from __future__ import annotations

import math
from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.recovery.unit import Unit

from .common import unit
from .route53 import ALARM, alarm_of

KIND = "region-switch"
PLAN = "aws:arcregionswitch/plan:Plan"
FUNCTION = "function"
"""A block that does whatever its function does: it is taken to move the stores that the function is told of."""
_LAMBDA = "aws:lambda/function:Function"
_BLOCKS = {
    "globalAuroraConfigs": "global-aurora",
    "neptuneGlobalDatabaseConfigs": "global-neptune",
    "documentDbConfigs": "global-documentdb",
    "rdsPromoteReadReplicaConfigs": "rds-replica",
    "ec2AsgCapacityIncreaseConfigs": "capacity",
    "ecsCapacityIncreaseConfigs": "capacity",
    "eksResourceScalingConfigs": "capacity",
    "route53HealthCheckConfigs": "dns",
    "arcRoutingControlConfigs": "dns",
    "customActionLambdaConfigs": FUNCTION,
}


def read(graph: Graph) -> list[Unit]:
    """One unit for each plan. It is not judged itself: it takes the decision away from the units it covers."""
    return [_plan(graph, r) for r in graph.of(PLAN)]


def _steps(steps: Any) -> list[dict[str, Any]]:
    found = []
    for step in steps if isinstance(steps, list) else []:
        if isinstance(step, dict):
            found.append(step)
            parallels = step.get("parallelConfigs")
            for parallel in parallels if isinstance(parallels, list) else []:
                found += _steps(parallel.get("steps")) if isinstance(parallel, dict) else []
    return found


def _plan(graph: Graph, r: Resource) -> Unit:
    workflows = r.items("workflows")
    steps = [
        s
        for w in (workflows if isinstance(workflows, list) else [])
        if isinstance(w, dict)
        for s in _steps(w.get("steps"))
    ]
    blocks = sorted({name for s in steps for prop, name in _BLOCKS.items() if s.get(prop) is not None})
    approval = any(
        s.get("executionApprovalConfigs") is not None or s.get("executionBlockType") == "ManualApproval"
        for s in steps
    )
    triggers = r.items("triggers")
    alarms = [a for a in map(alarm_of, graph.linked(r, "associatedAlarms", ALARM)) if a]
    children = [c for s in steps for c in _texts(s.get("regionSwitchPlanConfigs"))]
    functions = graph.linked(r, "workflows", _LAMBDA)
    told = {x for f in functions for x in (*f.property_dependencies.get("environment", ()), *_variables(f))}
    arn = r.get("arn")
    facts = {
        "blocks": blocks,
        "approval": approval,
        "triggered": triggers if isinstance(triggers, Unknown) else bool(triggers),
        # A trigger waits for all its alarms: for the slowest of them.
        "alarm": max(alarms, key=_seconds, default={}),
        "children": sorted({*children, *(c.urn for c in graph.linked(r, "workflows", PLAN))}),
        "arn": arn if isinstance(arn, str) else None,
        "covers": sorted({*r.property_dependencies.get("workflows", ()), *_texts(workflows), *told}),
    }
    vague = (workflows.path,) if isinstance(workflows, Unknown) else ()
    return unit(graph, KIND, r, facts, vague=vague)


def _variables(function: Resource) -> set[str]:
    """What the function finds in its environment."""
    return _texts(function.get("environment.variables"))


def _seconds(alarm: dict[str, Any]) -> float:
    """How long an alarm looks back; of one that isn't known yet, as long as can be."""
    lengths = [alarm.get("period_s"), alarm.get("periods")]
    known = [each for each in lengths if isinstance(each, int | float)]
    return math.prod(known) if len(known) == len(lengths) else math.inf


def _texts(value: Any) -> set[str]:
    """ARNs and identifiers named in the workflows."""
    if isinstance(value, str):
        return {value}
    if isinstance(value, dict):
        return {t for v in value.values() for t in _texts(v)}
    return {t for v in value for t in _texts(v)} if isinstance(value, list) else set()

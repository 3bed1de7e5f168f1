"""AWS Backup plans: which stores they select, how often, how long a backup is kept, and where copies go.

https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown
from policies.graph.backups import PLAN, SELECTION, copy_region, other_plan, selected
from policies.recovery.schedule import largest_gap

from .common import days


def backups_of(graph: Graph, store: Resource) -> list[dict[str, Any]]:
    """One entry for every rule that backs the store up. A choice that isn't known yet is named in `unsure`.

    So is another stack's plan that the store's tag names: what it does is told where that stack's resources are at hand.
    """
    found: list[dict[str, Any]] = []
    for plan in graph.of(PLAN):
        selections, rules = _plan(graph, plan)
        chosen = [selected(graph, s, store) for s in selections]
        if not chosen or all(c is False for c in chosen):
            continue
        sure = any(c is True for c in chosen)
        unsure = [] if sure else [c.path for c in chosen if isinstance(c, Unknown)]
        # Two rules that do the same, of plans with different names, are one way back.
        seen = [{**b, "plan": ""} for b in found]
        for rule in rules:
            entry = {**rule, "unsure": [*unsure, *rule["unsure"]]} if unsure else rule
            if {**entry, "plan": ""} not in seen:
                found.append(entry)
    return found or _of_another(graph, store)


def _of_another(graph: Graph, store: Resource) -> list[dict[str, Any]]:
    named = other_plan(graph, store)
    if named is None:
        return []
    plan = named if isinstance(named, str) else "a plan"
    away = Unknown(f"{plan} of another stack in {graph.region(store)}")
    copies = [{"region": away, "retention_s": away}]
    return [{"plan": plan, "gap_s": away, "retention_s": away, "copies": copies, "unsure": [away.path]}]


def _plan(graph: Graph, plan: Resource) -> tuple[list[Resource], list[dict[str, Any]]]:
    """Selections and rules of a plan, worked out once."""
    key = ("backup plan", plan.urn)
    if key not in graph.cache:
        graph.cache[key] = (graph.users(plan, "planId", SELECTION), _rules(graph, plan))
    found: tuple[list[Resource], list[dict[str, Any]]] = graph.cache[key]
    return found


def _rules(graph: Graph, plan: Resource) -> list[dict[str, Any]]:
    rules = plan.rows("rules")
    if isinstance(rules, Unknown):
        return [{"plan": plan.name, "gap_s": rules, "unsure": [rules.path]}]
    found = []
    for i, rule in enumerate(rules):
        if isinstance(rule, Unknown):
            found.append({"plan": plan.name, "gap_s": rule, "unsure": [rule.path]})
            continue
        path = f"rules.{i}"
        window = plan.number(f"{path}.startWindow")
        name = rule.get("ruleName")
        found.append(
            {
                "plan": f"{plan.name}, {name if isinstance(name, str) else f'rule {i + 1}'}",
                "gap_s": _gap(plan, path),
                "start_window_s": window * 60 if isinstance(window, int | float) else window,
                "retention_s": days(plan.number(f"{path}.lifecycle.deleteAfter")),
                "continuous": plan.flag(f"{path}.enableContinuousBackup"),
                "copies": _copies(graph, plan, path),
                "unsure": [],
            }
        )
    return found


def _gap(plan: Resource, path: str) -> int | Unknown | None:
    schedule = plan.get(f"{path}.schedule")
    if not isinstance(schedule, str):
        return schedule if isinstance(schedule, Unknown) else None
    try:
        return largest_gap(schedule)
    except ValueError as error:
        return Unknown(f"{plan.name}.{path}.schedule ({error})")


def _copies(graph: Graph, plan: Resource, path: str) -> list[dict[str, Any]]:
    actions = plan.rows(f"{path}.copyActions")
    if isinstance(actions, Unknown):
        return [{"region": actions}]
    return [
        {
            "region": copy_region(graph, plan, f"{path}.copyActions.{i}.destinationVaultArn"),
            "retention_s": days(plan.number(f"{path}.copyActions.{i}.lifecycle.deleteAfter")),
        }
        for i, _ in enumerate(actions)
    ]

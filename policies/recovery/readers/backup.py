# ruff: noqa: TID252 - the package is imported under two names, so it can't name itself
"""AWS Backup plans: which stores they select, how often, how long a backup is kept, and where copies go.

https://docs.aws.amazon.com/aws-backup/latest/devguide/assigning-resources.html
"""

from __future__ import annotations

import fnmatch
from typing import Any

from ..graph import Graph, Resource
from ..model import Unknown
from ..schedule import largest_gap
from .common import arn_region, days

PLAN, SELECTION = "aws:backup/plan:Plan", "aws:backup/selection:Selection"
VAULTS = ("aws:backup/vault:Vault", "aws:backup/logicallyAirGappedVault:LogicallyAirGappedVault")
_ARNS = {
    "aws:rds/instance:Instance": "arn:aws:rds:{region}:*:db:",
    "aws:rds/cluster:Cluster": "arn:aws:rds:{region}:*:cluster:",
    "aws:neptune/cluster:Cluster": "arn:aws:rds:{region}:*:cluster:",
    "aws:docdb/cluster:Cluster": "arn:aws:rds:{region}:*:cluster:",
    "aws:dynamodb/table:Table": "arn:aws:dynamodb:{region}:*:table/",
    "aws:s3/bucket:Bucket": "arn:aws:s3:::",
    "aws:s3/bucketV2:BucketV2": "arn:aws:s3:::",
    "aws:efs/fileSystem:FileSystem": "arn:aws:elasticfilesystem:{region}:*:file-system/",
    "aws:ebs/volume:Volume": "arn:aws:ec2:{region}:*:volume/",
    "aws:redshift/cluster:Cluster": "arn:aws:redshift:{region}:*:cluster:",
    "aws:dsql/cluster:Cluster": "arn:aws:dsql:{region}:*:cluster/",
}


def backups_of(graph: Graph, store: Resource) -> list[dict[str, Any]]:
    """One entry for every rule that backs the store up. A choice that isn't known yet is named in `unsure`."""
    if store.type not in _ARNS:
        return []
    found: list[dict[str, Any]] = []
    for plan in graph.of(PLAN):
        region, selections, rules = _plan(graph, plan)
        if region != graph.region(store):
            continue
        chosen = [_selects(graph, s, store) for s in selections]
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
    return found


def _plan(graph: Graph, plan: Resource) -> tuple[str, list[Resource], list[dict[str, Any]]]:
    """Region, selections and rules of a plan, worked out once."""
    key = ("backup plan", plan.urn)
    if key not in graph.cache:
        graph.cache[key] = (graph.region(plan), graph.users(plan, "planId", SELECTION), _rules(graph, plan))
    found: tuple[str, list[Resource], list[dict[str, Any]]] = graph.cache[key]
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
            "region": _vault_region(graph, plan, f"{path}.copyActions.{i}.destinationVaultArn"),
            "retention_s": days(plan.number(f"{path}.copyActions.{i}.lifecycle.deleteAfter")),
        }
        for i, _ in enumerate(actions)
    ]


def _vault_region(graph: Graph, plan: Resource, path: str) -> str | Unknown:
    given = plan.get(path)
    if isinstance(given, str):
        vaults = graph.named([given], *VAULTS)
        return arn_region(given) or (
            graph.region(vaults[0]) if vaults else Unknown(f"{plan.name}.{path} ({given!r})")
        )
    # Not known yet: of the vaults that the rules refer to, one in another region can only be a copy's destination.
    away = {graph.region(v) for v in graph.linked(plan, "rules", *VAULTS)} - {graph.region(plan)}
    if len(away) == 1:
        return away.pop()
    vaults = graph.linked(plan, "rules", *VAULTS)
    if len(vaults) > 1 and not away:
        return graph.region(plan)
    return Unknown(f"{plan.name}.{path}")


def _selects(graph: Graph, selection: Resource, store: Resource) -> bool | Unknown:
    """Resources and `selectionTags` add up; `conditions` must all hold; `notResources` takes away."""
    tags = store.tags()
    if selection.get("notResources") is not None and _listed(graph, selection, "notResources", store) is True:
        return False
    by_tag = _by_tags(selection, tags)
    by_arn = (
        _listed(graph, selection, "resources", store) if selection.get("resources") is not None else False
    )
    chosen = _either(by_arn, by_tag)
    conditions = _conditions(selection, tags)
    if (
        not selection.items("resources")
        and not selection.items("selectionTags")
        and selection.get("conditions")
    ):
        chosen = True
    if chosen is False or conditions is False:
        return False
    return chosen if isinstance(chosen, Unknown) else conditions


def _objects(value: Any) -> list[Any]:
    """A list's objects, and what isn't known of it."""
    found = value if isinstance(value, list) else [value]
    return [r for r in found if isinstance(r, dict | Unknown)]


def _either(*values: bool | Unknown) -> bool | Unknown:
    if any(v is True for v in values):
        return True
    return next((v for v in values if isinstance(v, Unknown)), False)


def _listed(graph: Graph, selection: Resource, path: str, store: Resource) -> bool | Unknown:
    if store in graph.linked(selection, path, store.type):
        return True
    patterns = selection.items(path)
    if isinstance(patterns, Unknown):
        return patterns
    arn = store.get("arn")
    region = graph.region(store) or "*"
    for pattern in patterns:
        if not isinstance(pattern, str):
            continue
        if pattern == "*" or (isinstance(arn, str) and fnmatch.fnmatchcase(arn, pattern)):
            return True
        if not isinstance(arn, str) and pattern.endswith("*"):
            likely = _ARNS[store.type].format(region=region).replace("*", "123456789012") + "x"
            if fnmatch.fnmatchcase(likely, pattern):
                return True
    unknown = [p for p in patterns if isinstance(p, Unknown)]
    # An ARN of another resource isn't known either, but the engine says which resources it comes from.
    return unknown[0] if unknown and not selection.property_dependencies.get(path) else False


def _by_tags(selection: Resource, tags: dict[str, Any] | Unknown) -> bool | Unknown:
    wanted = selection.rows("selectionTags")
    if isinstance(wanted, Unknown):
        return wanted
    answers = [_has(tags, w.get("key"), w.get("value"), "") if isinstance(w, dict) else w for w in wanted]
    return _either(*answers)


_TESTS = (
    ("stringEquals", False, True),
    ("stringLikes", True, True),
    ("stringNotEquals", False, False),
    ("stringNotLikes", True, False),
)


def _conditions(selection: Resource, tags: dict[str, Any] | Unknown) -> bool | Unknown:
    groups = selection.rows("conditions")
    if isinstance(groups, Unknown):
        return groups
    verdict: bool | Unknown = True
    for group in groups:
        if isinstance(group, Unknown):
            return group
        for name, pattern, wanted in _TESTS:
            for row in _objects(group.get(name)):
                if isinstance(row, Unknown):
                    verdict = row
                    continue
                answer = _has(tags, row.get("key"), row.get("value"), "aws:ResourceTag/", pattern=pattern)
                if isinstance(answer, Unknown):
                    verdict = answer
                elif answer is not wanted:
                    return False
    return verdict


def _has(
    tags: dict[str, Any] | Unknown, key: Any, value: Any, prefix: str, *, pattern: bool = False
) -> bool | Unknown:
    if isinstance(tags, Unknown):
        return tags
    if isinstance(key, Unknown) or isinstance(value, Unknown):
        return key if isinstance(key, Unknown) else value
    found = tags.get(str(key).removeprefix(prefix))
    if found is None or isinstance(found, Unknown):
        return found if isinstance(found, Unknown) else False
    return fnmatch.fnmatchcase(str(found), str(value)) if pattern else str(found) == str(value)

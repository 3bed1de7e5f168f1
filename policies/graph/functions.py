"""What a function is for, as far as its callers tell, and what it is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from policies.graph.graph import Graph
from policies.graph.resource import Resource

_ROTATION: Final = "aws:secretsmanager/secretRotation:SecretRotation"
_PERMISSION: Final = "aws:lambda/permission:Permission"
_SECRETS_MANAGER: Final = "secretsmanager.amazonaws.com"


def only_rotates(graph: Graph, function: Resource) -> bool:
    """Whether it does nothing but replace secrets, a few at a time: nobody waits for it, and secrets stay valid without it."""
    if not graph.users(function, "rotationLambdaArn", _ROTATION):
        return False
    callers = {each.text("principal", "") for each in graph.users(function, "function", _PERMISSION)}
    return callers <= {_SECRETS_MANAGER}


FUNCTION: Final = "aws:lambda/function:Function"
GROUP: Final = "aws:autoscaling/group:Group"
TABLE: Final = "aws:dynamodb/table:Table"
_TARGETS: Final = ("aws:lb/targetGroup:TargetGroup", "aws:alb/targetGroup:TargetGroup")
_TOLD: Final = "environment.variables"
_TIMING: Final = "TIMING"


@dataclass(frozen=True)
class Pair:
    """Groups of which one instance serves, and the function that says which: it alone registers with the target group that serves."""

    function: Resource
    serving: Resource
    """Target group of clients' requests."""
    members: Resource
    """Target group that tells which instances are healthy."""
    groups: tuple[Resource, ...]


def pairs(graph: Graph) -> list[Pair]:
    """Every pair, by its function: it is told of two target groups, of which groups register with one alone, and how to time its looks."""
    known: list[Pair] | None = graph.cache.get(("pairs", ""))
    if known is None:
        found = (_pair(graph, function) for function in graph.of(FUNCTION))
        known = graph.cache["pairs", ""] = [pair for pair in found if pair is not None]
    return known


def _pair(graph: Graph, function: Resource) -> Pair | None:
    if function.get(f"{_TOLD}.{_TIMING}") is None:
        return None
    told = graph.linked(function, "environment", *_TARGETS)
    groups = {each.urn: graph.users(each, "targetGroupArns", GROUP) for each in told}
    members = [each for each in told if groups[each.urn]]
    serving = [each for each in told if not groups[each.urn]]
    if len(members) != 1 or len(serving) != 1:
        return None
    return Pair(function, serving[0], members[0], tuple(groups[members[0].urn]))


def only_leases(graph: Graph, table: Resource) -> bool:
    """Whether a table has nothing but the leases of pairs, which their functions write anew when there is none."""
    users = {each.urn for each in graph.users(table, "environment", FUNCTION)}
    return bool(users) and users <= {pair.function.urn for pair in pairs(graph)}

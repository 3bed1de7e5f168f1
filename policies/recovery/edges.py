"""Which unit can't work without which: from the engine's dependencies and the wiring of load balancers."""

from __future__ import annotations

from collections import defaultdict

from policies.graph import Graph, Resource
from policies.graph.buckets import LOGS

from .readers.compute import ATTACHMENTS, GROUP, INSTANCE, NODES, TARGET_ATTACHMENT
from .readers.elb import LISTENERS, RULES, TARGET_GROUPS
from .unit import Unit

_LOGS = LOGS.keys() | {"healthCheckLogs", "logDestination", "logging", "s3BucketName"}
_SOFT = _LOGS | {
    # Where logs, metrics and notifications go, what follows, or of what it was made once: losing them stops nothing.
    "alarmActions",
    "deadLetterConfig",
    "insufficientDataActions",
    "logDeliveryConfigurations",
    "logPublishingOptions",
    "loggingInfo",
    "loggings",
    "notificationTopicArn",
    "okActions",
    "replicateSourceDb",
    "replicationConfiguration",
    "restoreToPointInTime",
    "rules",
    "tags",
}
_WATCHING = ("aws:cloudwatch/", "aws:sns/")
"""What only watches: a group that refreshes under an alarm doesn't need what the alarm is about."""
_PARAMETER = "aws:ssm/parameter:Parameter"
_WIRING = frozenset({*TARGET_GROUPS, *LISTENERS, *RULES})


def hard(resource: Resource) -> set[str]:
    """URNs that a resource depends on, without those it only writes logs to."""
    soft: set[str] = set()
    firm: set[str] = set()
    for prop, urns in resource.property_dependencies.items():
        (soft if prop in _SOFT else firm).update(urns)
    return (set(resource.dependencies) | firm) - (soft - firm)


def connect(graph: Graph, units: list[Unit]) -> None:
    """Fills in `needs` of the units that were read from the graph."""
    owner = {urn: u for u in units for urn in u.owned}
    needs: dict[str, set[str]] = defaultdict(set)
    reach: dict[str, frozenset[str]] = {}
    named: dict[str, frozenset[str]] = {}
    for u in units:
        for urn in u.owned & graph.by_urn.keys():
            for direct in hard(graph.by_urn[urn]):
                for found in _reached(graph, direct, owner, reach):
                    # Who registers there names it, itself or in its role; who is told of it in a parameter asks it.
                    wiring = graph.by_urn[found].type in _WIRING
                    wiring = wiring and found in _reached(
                        graph, direct, owner, named, (*_WATCHING, _PARAMETER)
                    )
                    _join(u, owner[found], needs, wiring=wiring)
    _attach(graph, owner, needs)
    for u in units:
        u.needs = frozenset(needs[u.urn] - {u.urn}) | u.needs


def _join(u: Unit, other: Unit, needs: dict[str, set[str]], *, wiring: bool) -> None:
    if wiring and u.kind == "compute":
        needs[other.urn].add(u.urn)  # a server registers with the load balancer that needs it
    elif not (wiring and u.kind == other.kind):
        needs[u.urn].add(other.urn)


def _attach(graph: Graph, owner: dict[str, Unit], needs: dict[str, set[str]]) -> None:
    """Servers that are registered by a resource of their own."""
    for a in graph.of(*ATTACHMENTS, TARGET_ATTACHMENT):
        groups = graph.linked(a, "lbTargetGroupArn", *TARGET_GROUPS) + graph.linked(
            a, "targetGroupArn", *TARGET_GROUPS
        )
        # EKS names the Auto Scaling group of a node group, which belongs to it.
        targets = graph.linked(a, "autoscalingGroupName", GROUP, NODES) + graph.linked(
            a, "targetId", INSTANCE
        )
        for g in groups:
            for t in targets:
                if g.urn in owner and t.urn in owner:
                    needs[owner[g.urn].urn].add(owner[t.urn].urn)


def _reached(
    graph: Graph,
    urn: str,
    owner: dict[str, Unit],
    reach: dict[str, frozenset[str]],
    ends: tuple[str, ...] = _WATCHING,
) -> frozenset[str]:
    """The owned resources that are met first on every way from `urn` (itself, when it is owned).

    `reach` remembers what was found; a way ends at types that begin with `ends`.
    """
    # Depth first without recursion: a chain of dependencies may be as long as the stack.
    todo = [] if urn in reach else [(urn, False)]
    while todo:
        here, visited = todo.pop()
        resource = graph.by_urn.get(here)
        if here in owner:
            reach[here] = frozenset({here})
        elif resource is None or resource.type.startswith(ends):
            reach[here] = frozenset()
        elif visited:
            reach[here] = frozenset().union(*(reach.get(d, frozenset()) for d in hard(resource)))
        elif here not in reach:
            reach[here] = frozenset()  # a cycle ends here
            todo.append((here, True))
            todo += [(d, False) for d in hard(resource) if d not in reach]
    return reach[urn]


def log_destinations(graph: Graph, units: list[Unit]) -> set[str]:
    """URNs of the buckets that only logs go to: no objective is about them."""
    owner = {u.urn: u for u in units if u.kind == "s3"}
    reach: dict[str, frozenset[str]] = {}
    written: set[str] = set()
    used: set[str] = set()
    for r in graph.resources:
        for prop, urns in r.property_dependencies.items():
            if prop in _LOGS:
                written |= frozenset().union(*(_reached(graph, u, owner, reach) for u in urns))
            elif r.type in _USERS:
                used |= urns & owner.keys()
    return written - used


_USERS = frozenset(
    {
        "aws:cloudfront/distribution:Distribution",
        "aws:lambda/function:Function",
        "aws:ec2/launchTemplate:LaunchTemplate",
    }
)

"""Which bus sends events to what, where it sends them on to, and whether an archive keeps them."""

from __future__ import annotations

from typing import Final

from .graph import Graph
from .resource import Resource, arn_region

BUS: Final = "aws:cloudwatch/eventBus:EventBus"
RULE: Final = "aws:cloudwatch/eventRule:EventRule"
TARGET: Final = "aws:cloudwatch/eventTarget:EventTarget"
ARCHIVE: Final = "aws:cloudwatch/eventArchive:EventArchive"


def feeding(graph: Graph, receiver: Resource) -> list[Resource]:
    """The rules that send to a resource."""
    targets = graph.users(receiver, "arn", TARGET)
    found = {rule.urn: rule for target in targets for rule in graph.linked(target, "rule", RULE)}
    return list(found.values())


def sent_on(graph: Graph, rules: list[Resource]) -> list[str]:
    """The other regions that the buses of these rules send events on to."""
    beside = [other for other in graph.of(RULE) if any(_on_one_bus(graph, other, rule) for rule in rules)]
    found = {
        _region(graph, target) or graph.region(rule)
        for rule in beside
        for target in graph.users(rule, "rule", TARGET)
    }
    return sorted(found - {graph.region(rule) for rule in rules})


def archived(graph: Graph, rules: list[Resource]) -> bool:
    """Whether an archive keeps what the buses of these rules get."""
    return any(_source(graph, archive, rule) for archive in graph.of(ARCHIVE) for rule in rules)


def _on_one_bus(graph: Graph, one: Resource, other: Resource) -> bool:
    """Whether two rules are of the same bus; the default one has no name."""
    if graph.region(one) != graph.region(other):
        return False
    return bool(_buses(graph, one) & _buses(graph, other)) or one.get("eventBusName") == other.get(
        "eventBusName"
    )


def _buses(graph: Graph, rule: Resource) -> set[str]:
    return {bus.urn for bus in graph.linked(rule, "eventBusName", BUS)}


def _region(graph: Graph, target: Resource) -> str:
    """The region of the bus that a target is; empty when it is none."""
    for bus in graph.linked(target, "arn", BUS):
        return graph.region(bus)
    arn = target.get("arn")
    return arn_region(arn) if isinstance(arn, str) and ":event-bus/" in arn else ""


def _source(graph: Graph, archive: Resource, rule: Resource) -> bool:
    if graph.region(archive) != graph.region(rule):
        return False
    if {bus.urn for bus in graph.linked(archive, "eventSourceArn", BUS)} & _buses(graph, rule):
        return True
    arn, name = archive.get("eventSourceArn"), rule.get("eventBusName")
    return isinstance(arn, str) and isinstance(name, str) and arn.endswith(f":event-bus/{name}")

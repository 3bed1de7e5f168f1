"""MSK replicators: what copies the topics of a cluster to another one. Each runs in the region of its target.

https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator.html
"""

from __future__ import annotations

from typing import Any

from policies.graph import Graph, Resource, Unknown, arn_region

from .kafka import CLUSTER, SERVERLESS

REPLICATOR, POLICY = "aws:msk/replicator:Replicator", "aws:msk/clusterPolicy:ClusterPolicy"
ALARM, LATENCY = "aws:cloudwatch/metricAlarm:MetricAlarm", "ReplicationLatency"
"""From when a message was produced until the target has it, in milliseconds:
https://docs.aws.amazon.com/msk/latest/developerguide/msk-replicator-metrics-ref.html"""
_SERVICE = "kafka.amazonaws.com"
_SOURCE, _TARGET = "sourceKafkaClusterArn", "targetKafkaClusterArn"


def copied_to(graph: Graph, r: Resource) -> list[dict[str, Any]]:
    """The replicators that read from a cluster, each with the region that it copies to."""
    return [_row(graph, x, _TARGET) for x in graph.of(REPLICATOR) if r in _ends(graph, x, _SOURCE)]


def copied_from(graph: Graph, r: Resource) -> list[dict[str, Any]]:
    """The replicators that write to a cluster, each with the region that it copies from."""
    return [
        _row(graph, x, _SOURCE)
        for x in graph.of(REPLICATOR)
        if r in _ends(graph, x, _TARGET) and r not in _ends(graph, x, _SOURCE)
    ]


def let_in(graph: Graph, r: Resource) -> bool:
    """Whether a cluster's policy lets replicators of other regions in, which need that."""
    said = [p.get("policy") for p in graph.users(r, "clusterArn", POLICY)]
    return any(isinstance(text, Unknown) or (isinstance(text, str) and _SERVICE in text) for text in said)


def _ends(graph: Graph, x: Resource, key: str) -> list[Resource]:
    """The clusters at hand at one end of a replicator: those with its ARN, else those that it refers to, by where it runs."""
    arn = x.get(f"replicationInfoList.{key}")
    found = graph.named([arn], CLUSTER, SERVERLESS) if isinstance(arn, str) else []
    if found:
        return found
    clusters, home = graph.linked(x, "kafkaClusters", CLUSTER, SERVERLESS), graph.region(x)
    return [c for c in clusters if (graph.region(c) == home) == (key == _TARGET)]


def _row(graph: Graph, x: Resource, key: str) -> dict[str, Any]:
    """A replicator: the region of that end, and how far it may be behind until somebody is told."""
    given, found = f"replicationInfoList.{key}", _ends(graph, x, key)
    region = graph.region(found[0]) if found else arn_region(x.get(given))
    if not region and key == _TARGET:
        region = graph.region(x)
    row = {"region": region or Unknown(f"{x.name}.{given}"), "name": x.name, "lag_s": _told(graph, x)}
    return {name: value for name, value in row.items() if value is not None}


def _told(graph: Graph, x: Resource) -> float | Unknown | None:
    watching = [a for a in graph.users(x, "dimensions", ALARM) if a.get("metricName") == LATENCY]
    above = watching[0].number("threshold") if watching else None
    return above / 1000 if isinstance(above, int | float) else above
